/**
 * [4/5] Swapping: the old database gets a second name, then one rename puts the proven file in its place.
 *
 * After each line, if the process dies there:
 *   link old -> displaced      the path holds OLD, with one more name
 *   note (inodes)              the same, and the next start knows both
 *   [damaged: unlink sides]    the path holds OLD's main file; its sides stand beside under their second names, and the
 *                              application is kept stopped until the next start has gone on
 *   rename staged -> database  the commit: the path holds NEW
 *   sync the directory         NEW survives a power cut; before it, OLD may come back, whole, with the note still true
 * The next start finds out by inode which side of the rename it is on, and goes on from there.
 */

import { RestoreError } from '../../domain/errors.ts'
import type { Displacement, RestoreWork } from '../../domain/work.ts'
import {
  displacedPath,
  identityOf,
  linkBeside,
  linkInto,
  removeIfPresent,
  renameInto,
  sameFile,
  sideFiles,
  sideFilesWithContent,
  syncFolderOf,
} from '../../database/place.ts'
import { advance, advanceTo, type Outcome, type PhaseContext } from '../context.ts'
import { required } from '../required.ts'

export async function swapping(context: PhaseContext): Promise<Outcome> {
  const side = await whichSide(context)
  if (side === 'after') {
    await finishSwap(context)
    return swapped()
  }
  if (context.recovered) {
    return advanceTo('Quiescing', 'Recovered', 'the swap had not happened; exclusive access is proven once more')
  }
  const database = required(context.work, 'database')
  const staged = required(context.work, 'staged')
  const { reach } = context.deps
  const displaced = await setAside(context, database)
  reach('Swapping.linked')
  context.note({ swap: { old: await identityOf(database), displaced } })
  reach('Swapping.noted')
  await removeSides(context, displaced)
  // A reader of the staged file that was killed may have left an empty -wal or -shm beside it.
  for (const side of sideFiles(staged.path)) await removeIfPresent(side)
  reach('Swapping.ready')
  if (required(context.work, 'current').exists) await renameInto(staged.path, database)
  else await linkInto(staged.path, database)
  reach('Swapping.renamed')
  return swapped()
}

/** Died between the rename and the sync, or, where no database was, between the link and the removal of its other name. */
async function finishSwap({ work }: PhaseContext): Promise<void> {
  const database = required(work, 'database')
  const staged = required(work, 'staged')
  if (sameFile(await identityOf(staged.path), await identityOf(database))) await removeIfPresent(staged.path)
  await syncFolderOf(database)
}

function swapped(): Outcome {
  return advance('Swapped', 'the verified file is in place', {
    conditions: [{ type: 'Swapped', status: 'True', reason: 'Swapped', message: 'the verified file is in place' }],
  })
}

/**
 * Which database the path holds now.
 *
 * @throws RestoreError `TargetReplaced` where it holds neither: somebody else was here, and we touch nothing of theirs.
 */
export async function whichSide({
  work,
  request,
}: Pick<PhaseContext, 'work' | 'request'>): Promise<'before' | 'after'> {
  const database = required(work, 'database')
  const staged = required(work, 'staged')
  const found = await identityOf(database)
  if (sameFile(found, staged.identity)) return 'after'
  const exists = required(work, 'current').exists
  const old = work.swap?.old ?? null
  if (!exists && found === null) return 'before'
  if (exists && found !== null && (old === null || sameFile(found, old))) return 'before'
  throw new RestoreError(`${database} is neither the old nor the restored database; it was replaced by somebody else`, {
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
  return [...displaced, ...(await setAsideBefore(work, displaced))]
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
  if (damaged) {
    const found = await Promise.all(
      sideFiles(database).map(async (side) => ({ side, identity: await identityOf(side) })),
    )
    return found.filter(({ identity }) => identity !== null).map(({ side }) => side)
  }
  const [unexpected] = await sideFilesWithContent(database)
  if (unexpected === undefined) return []
  throw new RestoreError(`${unexpected} came back after the database was made whole`, {
    reason: 'DatabaseInUse',
    hint: 'another process opened the database meanwhile; stop it, then submit the request again',
  })
}

/** A stale `-wal` or a hot `-journal` beside the new file would be replayed into it (https://sqlite.org/howtocorrupt.html). */
async function removeSides(context: PhaseContext, displaced: readonly Displacement[]): Promise<void> {
  const database = required(context.work, 'database')
  let removed = false
  for (const side of sideFiles(database)) {
    const kept = displaced.some(({ from }) => from === side)
    const identity = await identityOf(side)
    const harmless = side.endsWith('-shm') || identity?.sizeBytes === 0
    if (identity !== null && (kept || harmless)) removed = (await removeIfPresent(side)) || removed
  }
  if (removed) await syncFolderOf(database)
}
