/** The application around the database: that it can be started again, and that the backup is its own and not another one's. */

import { RestoreError } from '../../domain/errors.ts'
import type { BackupNote, CurrentNote } from '../../domain/work.ts'
import type { PhaseContext } from '../context.ts'
import { QUICK_MS } from '../deadlines.ts'

/**
 * What is stopped must be able to start again: a masked unit stops as any other, and the application would stay down after the
 * restore and after the rollback alike.
 *
 * @throws RestoreError `ServiceNotStartable`.
 */
export async function requireStartable({ deps, target, request }: PhaseContext): Promise<void> {
  if (target.service === null || request.spec.servicePolicy === 'None') return
  const trouble = await deps.service.unstartable(target)
  if (trouble === null) return
  const unit = target.service.unit ?? ''
  const first = trouble.endsWith('masked')
    ? `systemctl unmask ${unit}`
    : `systemctl status ${unit}, and service.unit of the target in the configuration`
  throw new RestoreError(`${trouble}: it could not be started again after the restore`, {
    reason: 'ServiceNotStartable',
    hint: `${first}; to restore and leave the application as it is: servicePolicy: None`,
  })
}

/** A request that carries this annotation with the value "true" vouches for the difference. */
const OVERRIDE = 'modosu.dev/allow-other-application'

/**
 * Compares `application_id` (https://sqlite.org/pragma.html#pragma_application_id) of backup and database. A set with
 * a `-wal` is judged after that was absorbed, since page 1 may lie in it.
 */
export async function requireSameApplication(
  context: PhaseContext,
  database: string,
  backup: BackupNote,
  current: CurrentNote,
): Promise<void> {
  if (!current.exists || current.damaged || backup.wal !== null) return
  const { deps, signal } = context
  const header = await deps.database.readHeader(backup.db, { deadlineMs: QUICK_MS, signal })
  await judgeApplication(context, database, header.applicationId)
}

/**
 * @param backupId the backup's application_id.
 * @throws RestoreError `WrongTarget`.
 */
export async function judgeApplication(context: PhaseContext, database: string, backupId: number): Promise<void> {
  const { deps, signal, request } = context
  if (request.annotations[OVERRIDE] === 'true') return
  const presentId = await presentApplication(() => deps.database.inspect(database, { deadlineMs: QUICK_MS, signal }))
  if (presentId === null || presentId === backupId) return
  throw new RestoreError(
    `the backup belongs to another application: application_id ${backupId}, the database has ${presentId}`,
    {
      reason: 'WrongTarget',
      hint: `check spec.target; if it is right all the same, set the annotation ${OVERRIDE}: "true"`,
    },
  )
}

/** null where the present database cannot say. */
async function presentApplication(inspect: () => Promise<{ readonly applicationId: number }>): Promise<number | null> {
  try {
    return (await inspect()).applicationId
  } catch (error) {
    if (error instanceof RestoreError && error.reason !== 'Interrupted') return null
    throw error
  }
}

/**
 * Two databases that share no table are not two states of one application.
 *
 * @throws RestoreError `WrongTarget`.
 */
export function requireCommonTables(
  context: PhaseContext,
  present: readonly string[],
  restored: readonly string[],
): void {
  if (present.length === 0 || context.request.annotations[OVERRIDE] === 'true') return
  const restoredTables = new Set(restored)
  if (present.some((table) => restoredTables.has(table))) return
  throw new RestoreError('the backup has no table in common with the present database', {
    reason: 'WrongTarget',
    hint: `check spec.target; if it is right all the same, set the annotation ${OVERRIDE}: "true"`,
  })
}
