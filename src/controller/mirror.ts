/**
 * The application's catalog and audit tables live inside the database that was replaced (decision D21): rows newer than
 * the backup, and the record of this restore, are written into the restored one through SQLite.
 */

import { toRfc3339 } from '../domain/clock.ts'
import { messageOf } from '../domain/errors.ts'
import type { RestoreWork } from '../domain/work.ts'
import type { EventInput } from '../store/change.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'
import { required } from './required.ts'

/** Never rejects: the daemon's own audit log has the record in any case. The warnings become events. */
export async function mirrorRecords(context: PhaseContext): Promise<EventInput[]> {
  const { target, deps, work, request } = context
  const { catalogTable, auditTable } = target.backups
  if (catalogTable === null && auditTable === null) return []
  const backup = required(work, 'backup')
  try {
    const result = await deps.database.mirror(
      {
        database: required(work, 'database'),
        previous: previousState(work),
        catalogTable,
        auditTable,
        audit: {
          uid: request.uid,
          backupId: backup.id,
          username: request.spec.requestedBy ?? 'modosu',
          status: 'success',
          errorMessage: null,
          details: {
            request: request.name,
            reason: request.spec.reason ?? null,
            safetyBackup: work.safety?.name ?? null,
          },
          at: toRfc3339(deps.clock.nowMs()),
        },
      },
      { deadlineMs: QUICK_MS },
    )
    return result.warnings.map((message) => ({ type: 'Warning', reason: 'AuditMirrorIncomplete', message }))
  } catch (error) {
    return [{ type: 'Warning', reason: 'AuditMirrorFailed', message: messageOf(error) }]
  }
}

/** Where rows newer than the backup are read from: the replaced database itself, which holds the last commits too. */
function previousState(work: RestoreWork): string | null {
  if (work.current?.damaged === true) return null
  return work.swap?.displaced[0]?.to ?? null
}
