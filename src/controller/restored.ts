/**
 * What becomes of the restored database in a rollback. Untouched since the swap it is the backup's content and goes; written
 * to, it is kept as `.broken.`, all of its files under one time, and the outcome names them.
 */

import { brokenTimestamp } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import {
  identityOf,
  linkBeside,
  removeIfPresent,
  renameInto,
  sameFile,
  sideFiles,
  sideFilesWithContent,
  surelySameFile,
  syncFolderOf,
  unchanged,
} from '../database/place.ts'
import type { EventInput } from '../store/change.ts'
import type { PhaseContext } from './context.ts'
import { deadlineFor } from './deadlines.ts'
import { letGoOf, opened } from './exchange.ts'
import { required } from './required.ts'

/**
 * It leaves the path only as a second name, the one that it was staged under.
 *
 * @returns whether it is one file now, without side files.
 */
export async function setRestoredAside(context: PhaseContext, database: string): Promise<boolean> {
  const whole = !(await hasStrayWal(context, database)) && (await makeWhole(context, database))
  await linkBeside(database, required(context.work, 'staged').path)
  await syncFolderOf(database)
  return whole
}

/**
 * A `-wal` that came before the application was started again is of a process that opened the database at the moment of the
 * swap: nobody can tell whether its frames belong to the old or to the restored main file, and SQLite would not ask.
 */
async function hasStrayWal({ work }: PhaseContext, database: string): Promise<boolean> {
  return work.failure?.phase !== 'Resuming' && ((await identityOf(`${database}-wal`))?.sizeBytes ?? 0) > 0
}

async function makeWhole({ work, deps, target, log }: PhaseContext, database: string): Promise<boolean> {
  try {
    await deps.database.quiesce(database, { deadlineMs: deadlineFor(target, work.backup?.sizeBytes ?? 0) })
    return true
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'DatabaseInUse') throw error
    log.warn('the restored database could not be made whole and is kept with its side files', { err: error })
    return false
  }
}

/** What is taken for the backup's content is deleted: where the file system keeps no time of birth, its hash decides. */
async function isUntouched({ work, deps, target }: PhaseContext, path: string): Promise<boolean> {
  const [found, proven] = [await identityOf(path), work.staged?.identity ?? null]
  if (found === null || !unchanged(found, proven)) return false
  if (surelySameFile(found, proven)) return true
  const { sha256 } = await deps.database.hash(path, { deadlineMs: deadlineFor(target, found.sizeBytes) })
  return sha256 === work.staged?.sha256
}

/**
 * `<database><suffix>.broken.<time>`; the time is noted once, so that a repeated attempt uses it too. The main file gets a
 * second name. A side file moves: it belongs to the main file as it is now, and takes the place of one that was kept before.
 */
async function keep(context: PhaseContext, from: string, sides: readonly string[], database: string): Promise<void> {
  if (context.work.restoredKept === undefined) {
    context.note({ restoredKept: brokenTimestamp(context.deps.clock.nowMs()) })
  }
  await linkBeside(from, keptAs(context, database, ''))
  for (const side of sides) await renameInto(side, keptAs(context, database, side.slice(from.length)))
  await syncFolderOf(database)
}

function keptAs({ work }: PhaseContext, database: string, suffix: string): string {
  return `${database}${suffix}.broken.${required(work, 'restoredKept')}`
}

/** So often the rollback begins anew where somebody wrote at its last moment; then it takes place all the same. */
const MOST_BEGUN_ANEW = 2

/**
 * Under the lock, where no transaction is open: a journal that was looked at before may be of one that has been committed
 * since, and would undo it beside the kept file. What was written is kept with its side files, and no side file stays.
 *
 * @param whole it was one file a moment ago: a `-wal` that has come since is moved into it once more, since no file that
 *   may come back to the path is parted from its `-wal` without need.
 * @throws RestoreError `DatabaseInUse`, disposition `retry`.
 */
export async function clearOfRestored(context: PhaseContext, database: string, whole: boolean): Promise<void> {
  const sides = await sideFilesWithContent(database)
  if (whole && sides.length > 0 && context.request.attempts < MOST_BEGUN_ANEW) {
    throw opened(`${database} was written to at the last moment before the rollback: ${sides.join(', ')}`)
  }
  if (sides.length > 0 || !(await isUntouched(context, database))) await keep(context, database, sides, database)
  for (const side of sideFiles(database)) await removeIfPresent(side)
  await syncFolderOf(database)
}

/**
 * The restored database is back at the path, under its lock: its side files come back to it. Not before it: a process that
 * died in between would leave them beside the original.
 */
export async function returnSidesOfRestored(context: PhaseContext, database: string): Promise<void> {
  if (context.work.restoredKept === undefined) return
  for (const side of sideFiles(database)) {
    const kept = keptAs(context, database, side.slice(database.length))
    if ((await identityOf(kept)) !== null) await renameInto(kept, side)
  }
}

/**
 * The restored database has left the path. What was written to it at the last moment shows only now: it is looked at once
 * more before its last name goes.
 *
 * @returns where it is kept, as an event.
 */
export async function settleRestored(context: PhaseContext, database: string): Promise<EventInput[]> {
  const { staged } = context.work
  if (staged !== undefined) await letGoOf(context, staged.path)
  return keepWritten(context, database, 'the restored database was written to before it was rolled back')
}

/**
 * What was staged and has stood at the path is not thrown away with somebody's rows in it.
 *
 * @param what happened to it, as the beginning of a sentence.
 * @returns where it is kept, as an event.
 */
export async function keepWritten(context: PhaseContext, database: string, what: string): Promise<EventInput[]> {
  const { swap, staged } = context.work
  if (swap === undefined || staged === undefined) return []
  const found = await identityOf(staged.path)
  if (sameFile(found, staged.identity) && !sameFile(found, await identityOf(database))) {
    const sides = await sideFilesWithContent(staged.path)
    if (sides.length > 0 || !(await isUntouched(context, staged.path)))
      await keep(context, staged.path, sides, database)
  }
  const there = await keptFiles(context, database)
  if (there.length === 0) return []
  return [{ type: 'Warning', reason: 'KeptAsBroken', message: `${what}; it is kept as ${there.join(', ')}` }]
}

async function keptFiles(context: PhaseContext, database: string): Promise<string[]> {
  if (context.work.restoredKept === undefined) return []
  const there: string[] = []
  for (const file of [database, ...sideFiles(database)]) {
    const kept = keptAs(context, database, file.slice(database.length))
    if ((await identityOf(kept)) !== null) there.push(kept)
  }
  return there
}
