/**
 * What was recorded inside the replaced database and would be forgotten with it (decision D21): the application's catalog
 * of backups, its audit records, and that this restore took place.
 */

import { messageOf } from '../domain/errors.ts'
import { openGuarded, withReader, type Connection } from './connection.ts'
import type { MirrorRequest, MirrorResult } from './contract.ts'
import { mirrorAudit, recordRestore } from './mirror-audit.ts'
import { mirrorCatalog } from './mirror-catalog.ts'

/** The application is up again and has the database open. */
const TIMEOUT_MS = 10_000

/**
 * See `DatabaseOperations.mirror`. One transaction: either all of it is there or nothing, and to do it again writes
 * nothing twice. What cannot be carried over is a warning; the daemon's own audit log has it in any case.
 *
 * @throws SqliteError where the restored database cannot be written at all.
 */
export async function mirror(request: MirrorRequest): Promise<MirrorResult> {
  const { previous } = request
  if (previous === null) return write(request, null, [])
  const seen = { opened: false }
  try {
    return await withReader(previous, (connection) => {
      connection.defaultSafeIntegers(true)
      connection.prepare('SELECT count(*) FROM sqlite_schema').get()
      seen.opened = true
      return write(request, connection, [])
    })
  } catch (error) {
    if (seen.opened) throw error
    return write(request, null, [
      `the replaced database cannot be read, its newer records stay there: ${messageOf(error)}`,
    ])
  }
}

function write(request: MirrorRequest, previous: Connection | null, warnings: string[]): MirrorResult {
  const { database, catalogTable, auditTable, audit } = request
  const restored = openGuarded(database, { timeout: TIMEOUT_MS })
  try {
    restored.defaultSafeIntegers(true)
    restored.pragma('synchronous = FULL')
    restored.pragma('foreign_keys = ON')
    const counts = { catalogRows: 0, auditRows: 0 }
    const writeAll = restored.transaction(() => {
      if (previous !== null && catalogTable !== null) {
        counts.catalogRows = attempt(warnings, catalogTable, () =>
          mirrorCatalog(restored, previous, catalogTable, warnings),
        )
      }
      if (auditTable === null) return
      if (previous !== null) {
        counts.auditRows = attempt(warnings, auditTable, () => mirrorAudit(restored, previous, auditTable, warnings))
      }
      const recorded = () => Number(recordRestore(restored, auditTable, audit, warnings))
      counts.auditRows += attempt(warnings, auditTable, recorded)
    })
    writeAll.immediate()
    return { ...counts, warnings }
  } finally {
    restored.close()
  }

  /** One table's trouble must not cost the other's rows; a transaction that is gone ends everything. */
  function attempt(into: string[], table: string, work: () => number): number {
    try {
      return restored.transaction(work)()
    } catch (error) {
      if (!restored.inTransaction) throw error
      into.push(`${table}: ${messageOf(error)}`)
      return 0
    }
  }
}
