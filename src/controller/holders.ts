/** Who has the database open: SQLite's locks do not show an idle holder in rollback-journal mode, /proc does. */

import type { Holder, HoldersResult } from '../database/contract.ts'
import { sideFiles } from '../database/place.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'

/** Whether the request lets us stop the application, so that its having the database open is no obstacle yet. */
export function servicesHolders({ request, target }: PhaseContext): boolean {
  return request.spec.servicePolicy === 'StopStart' && target.service !== null
}

export function findHolders({ deps, signal }: PhaseContext, database: string): Promise<HoldersResult> {
  return deps.database.holders([database, ...sideFiles(database)], { deadlineMs: QUICK_MS, signal })
}

/** `pid 4711 (node server.js), pid 4712 (sqlite3 itsm_nexus.db)`, each process once. */
export function describeHolders(holders: readonly Holder[]): string {
  const commands = new Map(holders.map((holder) => [holder.pid, holder.command]))
  return [...commands].map(([pid, command]) => `pid ${pid} (${command})`).join(', ')
}
