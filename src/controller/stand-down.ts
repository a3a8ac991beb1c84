/**
 * The way out of a restore that has not changed the database: what was staged goes, second names go, and the application
 * runs again if we stopped it. Repeatable, so that a crash in the middle of it costs nothing.
 */

import { messageOf } from '../domain/errors.ts'
import {
  discardStaged,
  identityOf,
  removeIfPresent,
  renameInto,
  rollbackStagedPath,
  sameFile,
  syncFolderOf,
  displacedPath,
  sideFiles,
} from '../database/place.ts'
import type { EventInput } from '../store/change.ts'
import { startAsBefore } from './application.ts'
import type { PhaseContext } from './context.ts'
import { clearUnprovenAttempt } from './phases/safety-backup.ts'

/** @returns what could not be put right, as warnings; never rejects. */
export async function standDown(context: PhaseContext): Promise<EventInput[]> {
  return [...(await tidyUp(context)), ...(await attempt(context, 'ServiceStartFailed', () => startAsBefore(context)))]
}

/**
 * What is left beside a database that is as it was before is told; it makes no failure of what has been put right.
 *
 * @returns what could not be removed, as a warning; never rejects.
 */
export async function tidyUp(context: PhaseContext): Promise<EventInput[]> {
  try {
    await discardTraces(context)
    return []
  } catch (error) {
    context.log.warn(`tidying up failed: ${messageOf(error)}; trying again`, { err: error })
  }
  return attempt(context, 'CleanupFailed', () => discardTraces(context))
}

async function attempt(context: PhaseContext, reason: string, step: () => Promise<void>): Promise<EventInput[]> {
  try {
    await step()
    return []
  } catch (error) {
    context.log.error(`${reason}: ${messageOf(error)}`, { err: error })
    return [{ type: 'Warning', reason, message: messageOf(error) }]
  }
}

/** Removes what this request put beside the database and in the scratch folder. Only names of ours are touched. */
export async function discardTraces({ work, request }: Pick<PhaseContext, 'work' | 'request'>): Promise<void> {
  if (work.staged !== undefined) await discardStaged(work.staged.path)
  await clearUnprovenAttempt(work.safety)
  if (work.database === undefined) return
  await discardStaged(rollbackStagedPath(work.database, request.name))
  for (const file of [work.database, ...sideFiles(work.database)]) {
    const second = displacedPath(file, request.name)
    const [first, set] = [await identityOf(file), await identityOf(second)]
    // A wreck's side file that was taken away for a swap which did not happen: it goes back.
    if (first === null && set !== null && file !== work.database) await renameInto(second, file)
    if (!sameFile(first, set)) continue
    await removeIfPresent(second)
    await syncFolderOf(second)
  }
}
