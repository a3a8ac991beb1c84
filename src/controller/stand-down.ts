/**
 * The way out of a restore that has not changed the database: what was staged goes, second names go, and the application
 * runs again if we stopped it. Repeatable, so that a crash in the middle of it costs nothing.
 */

import { messageOf, RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import {
  discardStaged,
  identityOf,
  lockPath,
  removeEmptySides,
  removeIfPresent,
  renameInto,
  rollbackStagedPath,
  sameFile,
  stagedPath,
  syncFolderOf,
  displacedPath,
  sideFiles,
} from '../database/place.ts'
import type { EventInput } from '../store/change.ts'
import { resumeAsBefore } from './application-report.ts'
import type { Findings, PhaseContext } from './context.ts'
import { waitForRelease } from './exchange.ts'
import { keepWritten } from './restored.ts'
import { clearUnprovenAttempt } from './phases/safety-backup.ts'
import { MODE_RULES } from './modes/table.ts'

/** @returns what could not be put right, as warnings, and what became of an application that was stopped; never rejects. */
export async function standDown(context: PhaseContext): Promise<Findings> {
  const untidy = await keepThenTidy(context)
  if (context.work.service === undefined) return { events: untidy }
  const resumed = await resumeAsBefore(context)
  return { ...resumed, events: [...untidy, ...(resumed.events ?? [])] }
}

/**
 * A swap that was taken back may have left the staged file locked (exchange.ts). Where somebody is seen to have it open, the
 * lock stays until they close it, although the file goes. Where what was written to it cannot be kept, nothing goes.
 */
async function keepThenTidy(context: PhaseContext): Promise<EventInput[]> {
  const { work, deps, log } = context
  if (work.database === undefined || work.staged === undefined || work.swap === undefined) return tidyUp(context)
  const what = 'the verified file stood at the path for a moment, and somebody wrote to it'
  try {
    // Looked at while it has a name.
    const { holders } = await waitForRelease(context, work.staged.path)
    const kept = await keepWritten(context, work.database, what)
    const untidy = await tidyUp(context)
    if (holders.length === 0) await deps.database.letGo(work.staged.path)
    return [...kept, ...untidy]
  } catch (error) {
    log.error(`CleanupFailed: ${messageOf(error)}`, { err: error })
    return [{ type: 'Warning', reason: 'CleanupFailed', message: messageOf(error) }]
  } finally {
    deps.database.letGoWhenUnused(work.staged.path)
  }
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

/** @returns what went wrong, as a warning; never rejects. */
export async function attempt(
  { log }: Pick<PhaseContext, 'log'>,
  reason: string,
  step: () => Promise<void>,
): Promise<EventInput[]> {
  try {
    await step()
    return []
  } catch (error) {
    log.error(`${reason}: ${messageOf(error)}`, { err: error })
    return [{ type: 'Warning', reason, message: messageOf(error) }]
  }
}

type Tracks = Pick<PhaseContext, 'work' | 'request' | 'lock'>

/**
 * Removes what this request put beside the database and in the scratch folder. Only under the target's lock: another
 * daemon may have a request of the same name at work there, whose files bear the same names.
 *
 * @throws RestoreError `TargetLocked` where another process has the lock and there is something that may be ours.
 */
export async function discardTraces(tracks: Tracks): Promise<void> {
  const { work, request } = tracks
  if (request.spec.mode !== 'Restore') {
    await MODE_RULES[request.spec.mode].discard?.(work)
    if (work.staged !== undefined) await discardStaged(work.staged.path, work.staged.made)
    return
  }
  if (work.database !== undefined && !tracks.lock()) {
    await requireNoTrace(work.database, request.name)
    return
  }
  if (work.staged !== undefined) await discardStaged(work.staged.path, work.staged.made)
  await clearUnprovenAttempt(work.safety)
  if (work.database !== undefined) await discardBeside(work.database, request.name)
}

async function requireNoTrace(database: string, request: string): Promise<void> {
  const names = [stagedPath, rollbackStagedPath, displacedPath].map((nameOf) => nameOf(database, request))
  for (const name of names) {
    if ((await identityOf(name)) === null) continue
    throw new RestoreError(`${name} is left alone: another process is restoring ${database}`, {
      reason: 'TargetLocked',
      hint: `see who it is: fuser -v ${shellWord(lockPath(database))}`,
    })
  }
}

async function discardBeside(database: string, request: string): Promise<void> {
  await discardStaged(rollbackStagedPath(database, request))
  for (const file of [database, ...sideFiles(database)]) {
    const second = displacedPath(file, request)
    const [first, set] = [await identityOf(file), await identityOf(second)]
    // A wreck's side file that was taken away for a swap which did not happen: it goes back.
    if (first === null && set !== null && file !== database) await renameInto(second, file)
    // The lock of a swap that did not happen may have left an empty -wal beside the second name.
    await removeEmptySides(second)
    if (!sameFile(first, set)) continue
    await removeIfPresent(second)
    await syncFolderOf(second)
  }
}
