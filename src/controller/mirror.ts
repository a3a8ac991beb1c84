/**
 * The application's catalog and audit tables live inside the database that was replaced (decision D21): rows newer than
 * the backup, and the record of this restore, are written into the restored one through SQLite. A restore that failed is
 * recorded in the database that is there.
 */

import { toRfc3339 } from '../domain/clock.ts'
import { messageOf } from '../domain/errors.ts'
import type { RestoreWork } from '../domain/work.ts'
import type { MirrorRequest, MirrorResult } from '../database/records-contract.ts'
import type { EventInput } from '../store/change.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'
import { required } from './required.ts'

/** The child bounds itself; it is killed where a statement takes longer than all of it should. */
const DEADLINE_MS = 20_000

export interface Mirrored {
  readonly written: boolean
  readonly events: EventInput[]
  /** Tables whose rows are all there. */
  readonly carried: readonly string[]
}

/** Never rejects: the daemon's own audit log has the record in any case. The warnings become events. */
export async function mirrorRecords(context: PhaseContext): Promise<Mirrored> {
  const { target, work } = context
  const { catalogTable, auditTable } = target.backups
  if (catalogTable === null && auditTable === null) return { written: false, events: [], carried: [] }
  return write(context, {
    database: required(work, 'database'),
    previous: previousState(work),
    catalogTable,
    auditTable,
    audit: auditOf(context, 'success', null),
  })
}

/**
 * Records a restore that failed or was rolled back in the application's audit table. The database is the one that the
 * application uses; one that SQLite calls damaged is not written to. Never rejects.
 */
export async function recordFailure(context: PhaseContext, message: string): Promise<EventInput[]> {
  const { target, work, request, deps } = context
  const { auditTable } = target.backups
  if (auditTable === null || request.spec.mode !== 'Restore' || request.phase === 'Pending') return []
  if (work.current?.exists === false || work.current?.damaged === true) return []
  const database = work.database ?? target.database
  try {
    if (work.current === undefined) await deps.database.inspect(database, { deadlineMs: QUICK_MS })
  } catch (error) {
    return [notWritten(error)]
  }
  const audit = auditOf(context, 'failure', message)
  return (await write(context, { database, previous: null, catalogTable: null, auditTable, audit })).events
}

async function write({ deps }: PhaseContext, request: MirrorRequest): Promise<Mirrored> {
  try {
    const { catalogRows, auditRows, warnings }: MirrorResult = await deps.database.mirror(request, {
      deadlineMs: DEADLINE_MS,
    })
    const events = warnings.map((message) => ({ type: 'Warning', reason: 'AuditMirrorIncomplete', message }) as const)
    const tables = request.previous === null ? [] : [request.catalogTable, request.auditTable]
    const carried = tables.filter((table) => table !== null && !warnings.some((text) => text.startsWith(`${table}: `)))
    return { written: catalogRows + auditRows > 0, events, carried: carried.filter((table) => table !== null) }
  } catch (error) {
    // Killed half way, it may have committed some of its small transactions.
    return { written: true, events: [notWritten(error)], carried: [] }
  }
}

function notWritten(error: unknown): EventInput {
  return { type: 'Warning', reason: 'AuditMirrorFailed', message: messageOf(error) }
}

function auditOf(
  { target, deps, work, request }: PhaseContext,
  status: 'success' | 'failure',
  errorMessage: string | null,
): MirrorRequest['audit'] {
  return {
    uid: request.uid,
    backupId: work.backup?.id ?? request.spec.source.backupId ?? '',
    username: request.spec.requestedBy ?? 'modosu',
    auditUser: target.backups.auditUser ?? null,
    status,
    errorMessage,
    details: {
      // Who it was; the name above is whom the request names.
      ...(request.submitter === null ? {} : { actor: request.submitter.name }),
      request: request.name,
      reason: request.spec.reason ?? null,
      safetyBackup: work.safety?.name ?? null,
    },
    at: toRfc3339(deps.clock.nowMs()),
  }
}

/** Where rows newer than the backup are read from: the replaced database itself, which holds the last commits too. */
function previousState(work: RestoreWork): string | null {
  if (work.current?.damaged === true) return null
  return work.swap?.displaced[0]?.to ?? null
}
