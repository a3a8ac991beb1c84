/** The wrong-target guard: a backup of another application must never replace this one's database. */

import { RestoreError } from '../../domain/errors.ts'
import type { BackupNote, CurrentNote } from '../../domain/work.ts'
import type { PhaseContext } from '../context.ts'
import { QUICK_MS } from '../deadlines.ts'

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
