/**
 * [4/5] Swapping: the old database gets a second name, then one rename puts the proven file in its place. From before the
 * last look at the old database until after the rename, child processes hold SQLite's exclusive lock on both (exchange.ts).
 *
 * After each line, if the process dies there:
 *   link old -> displaced      the path holds OLD, with one more name
 *   note (inodes)              the same, and the next start knows both
 *   lock OLD and NEW           the same; the kernel frees the locks, an empty -wal may lie beside either name
 *   [damaged: unlink sides]    the path holds OLD's main file; its sides stand beside under their second names, and the
 *                              application is kept stopped until the next start has gone on
 *   rename staged -> database  the commit: the path holds NEW; the lock's empty -wal lies beside the name that is gone
 *   sync the directory         NEW survives a power cut; before it, OLD may come back, whole, with the note still true
 *   look for holders of OLD    NEW; whoever waits for the lock writes into OLD now. The next start cannot know, so it takes
 *                              the displaced file for changed, and it becomes the safety backup
 *   [somebody has OLD open: link NEW -> staged; rename displaced -> database: OLD again, with NEW kept for the next attempt,
 *                              and locked as long as somebody who opened it meanwhile waits for it]
 *   let NEW's lock go          NEW. OLD's stays until the application is proven: whoever was about to open OLD at the rename
 *                              is seen by then, and not let in
 * The next start finds out by inode which side of the rename it is on, and goes on from there.
 */

import { RestoreError } from '../../domain/errors.ts'
import type { Displacement, IdentityNote, RestoreWork } from '../../domain/work.ts'
import {
  displacedPath,
  identityOf,
  linkBeside,
  linkInto,
  removeEmptySides,
  removeIfPresent,
  sameFile,
  sideFiles,
  sideFilesWithContent,
  syncFolderOf,
  unchanged,
} from '../../database/place.ts'
import { advance, advanceTo, type Outcome, type PhaseContext } from '../context.ts'
import { exchange, isOpened, opened } from '../exchange.ts'
import { required } from '../required.ts'

/** How often the swap waits for somebody to close the old database again before the restore gives up. */
const MOST_PUT_OFF = 5

export async function swapping(context: PhaseContext): Promise<Outcome> {
  const side = await whichSide(context)
  if (side === 'after') {
    await finishSwap(context)
    return swapped({ changedSinceSafety: true })
  }
  if (context.recovered) {
    return advanceTo('Quiescing', 'Recovered', 'the swap had not happened; exclusive access is proven once more')
  }
  try {
    return await swap(context)
  } catch (error) {
    if (!isOpened(error)) throw error
    const putOff = (context.work.swapsPutOff ?? 0) + 1
    if (putOff > MOST_PUT_OFF) throw opened(error.message, 'terminal')
    return advanceTo('Quiescing', error.reason, `${error.message}; trying again`, { work: { swapsPutOff: putOff } })
  }
}

async function swap(context: PhaseContext): Promise<Outcome> {
  const database = required(context.work, 'database')
  const staged = required(context.work, 'staged')
  const current = required(context.work, 'current')
  const { reach } = context.deps
  const linked = await setAside(context, database)
  const displaced = [...linked, ...(await setAsideBefore(context.work, linked))]
  reach('Swapping.linked')
  context.note({ swap: { old: await identityOf(database), displaced } })
  reach('Swapping.noted')
  // A reader of the staged file that was killed may have left an empty -wal or -shm beside it.
  for (const side of sideFiles(staged.path)) await removeIfPresent(side)
  const [main] = displaced
  if (!current.exists || main === undefined) {
    reach('Swapping.ready')
    await linkInto(staged.path, database)
    reach('Swapping.renamed')
    return swapped({})
  }
  let changed = context.work.changedSinceSafety === true
  const { left, quiet } = await exchange(context, {
    database,
    leaving: main.to,
    arriving: staged.path,
    leavingIsDamaged: current.damaged,
    arrivingIsDamaged: false,
    ready: async (found, locked) => {
      const late = isChanged(context, found)
      changed ||= late
      await requireNoSides(database, displaced)
      if (locked) await forgetEnded(linked)
      await removeSides(database, displaced)
      reach('Swapping.ready')
    },
    renamed: () => {
      reach('Swapping.renamed')
    },
    takenBack: () => returnSides(displaced),
  })
  const swap = { ...required(context.work, 'swap'), asDisplaced: quiet ? left : null }
  return swapped({ swap, changedSinceSafety: changed })
}

/**
 * Under the lock: was anything committed since the old database was made whole? In doubt, yes.
 *
 * @throws RestoreError `TargetReplaced` where another file stands at the path.
 */
function isChanged(context: PhaseContext, found: IdentityNote | null): boolean {
  const { work } = context
  if (!sameFile(found, work.swap?.old ?? null)) throw replaced(context)
  const { quiesced } = work
  return quiesced === undefined || quiesced.racy || !unchanged(found, quiesced)
}

/** Died between the rename and the sync, or, where no database was, between the link and the removal of its other name. */
async function finishSwap({ work }: PhaseContext): Promise<void> {
  const database = required(work, 'database')
  const staged = required(work, 'staged')
  if (sameFile(await identityOf(staged.path), await identityOf(database))) await removeIfPresent(staged.path)
  // Of the lock that ended with the process.
  await removeEmptySides(staged.path)
  await syncFolderOf(database)
}

function swapped(work: Partial<RestoreWork>): Outcome {
  return advance('Swapped', 'the verified file is in place', {
    work,
    conditions: [{ type: 'Swapped', status: 'True', reason: 'Swapped', message: 'the verified file is in place' }],
  })
}

/**
 * Which database the path holds now.
 *
 * @throws RestoreError `TargetReplaced` where it holds neither: somebody else was here, and we touch nothing of theirs.
 */
export async function whichSide(context: Pick<PhaseContext, 'work' | 'request'>): Promise<'before' | 'after'> {
  const { work } = context
  const database = required(work, 'database')
  const staged = required(work, 'staged')
  const found = await identityOf(database)
  if (sameFile(found, staged.identity)) return 'after'
  const exists = required(work, 'current').exists
  const old = work.swap?.old ?? null
  if (!exists && found === null) return 'before'
  if (exists && found !== null && (old === null || sameFile(found, old))) return 'before'
  throw replaced(context)
}

function replaced({ work, request }: Pick<PhaseContext, 'work' | 'request'>): RestoreError {
  const database = required(work, 'database')
  const what = `${database} is neither the old nor the restored database; it was replaced by somebody else`
  return new RestoreError(what, {
    reason: 'TargetReplaced',
    hint:
      `the old one is kept as ${displacedPath(database, request.name)}; which file is which, and the command for each ` +
      `way out: modosu describe target ${request.spec.target}`,
  })
}

/** Second names for the old database: its one file, or all of its files where SQLite could not make it one. */
async function setAside(context: PhaseContext, database: string): Promise<Displacement[]> {
  const { work, request } = context
  const current = required(work, 'current')
  if (!current.exists) return []
  const sides = await sidesToKeep(current.damaged, database)
  const displaced = [database, ...sides].map((from) => ({ from, to: displacedPath(from, request.name) }))
  for (const { from, to } of displaced) await linkBeside(from, to)
  await syncFolderOf(database)
  return displaced
}

/** Side files that an attempt which died before its rename had taken away already: their second names are their only ones. */
async function setAsideBefore(work: RestoreWork, displaced: readonly Displacement[]): Promise<Displacement[]> {
  const found: Displacement[] = []
  for (const each of work.swap?.displaced ?? []) {
    if (displaced.some(({ from }) => from === each.from)) continue
    if ((await identityOf(each.to)) !== null) found.push(each)
  }
  return found
}

async function sidesToKeep(damaged: boolean, database: string): Promise<string[]> {
  if (!damaged) return []
  const found = await Promise.all(sideFiles(database).map(async (side) => ({ side, identity: await identityOf(side) })))
  return found.filter(({ identity }) => identity !== null).map(({ side }) => side)
}

/** The wreck is back at the path: its side files, whose second names are their only ones, are beside it again. */
async function returnSides([, ...sides]: readonly Displacement[]): Promise<void> {
  for (const { from, to } of sides) {
    if ((await identityOf(from)) === null && (await identityOf(to)) !== null) await linkBeside(to, from)
  }
}

/**
 * What has come back beside the database since it was made whole, and has no second name, is somebody's last commit.
 *
 * @throws RestoreError `DatabaseInUse`, disposition `retry`.
 */
async function requireNoSides(database: string, displaced: readonly Displacement[]): Promise<void> {
  for (const side of await sideFilesWithContent(database)) {
    const second = displaced.find(({ from }) => from === side)?.to
    if (second !== undefined && sameFile(await identityOf(side), await identityOf(second))) continue
    throw opened(`${side} came back after the database was made whole`)
  }
}

/**
 * A side file that was there a moment ago, and under the lock is gone, was of a transaction that has ended: its second name
 * would undo that one where the old database is opened again.
 */
async function forgetEnded(linked: readonly Displacement[]): Promise<void> {
  for (const { from, to } of linked.slice(1)) {
    if (!sameFile(await identityOf(from), await identityOf(to))) await removeIfPresent(to)
  }
}

/** A stale `-wal` or a hot `-journal` beside the new file would be replayed into it (https://sqlite.org/howtocorrupt.html). */
async function removeSides(database: string, displaced: readonly Displacement[]): Promise<void> {
  let removed = false
  for (const { from } of displaced) {
    if (from !== database) removed = (await removeIfPresent(from)) || removed
  }
  removed = (await removeEmptySides(database)) || removed
  if (removed) await syncFolderOf(database)
}
