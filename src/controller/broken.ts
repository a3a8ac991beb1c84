/** `.broken.` files: what was replaced and is not fit to be a safety backup, all of its files under one time (manual 7.2-5). */

import { brokenTimestamp } from '../domain/clock.ts'
import type { Displacement } from '../domain/work.ts'
import {
  identityOf,
  linkBeside,
  removeEmptySides,
  removeIfPresent,
  renameInto,
  sameFile,
  syncFolderOf,
} from '../database/place.ts'
import type { EventInput } from '../store/change.ts'
import type { PhaseContext } from './context.ts'
import { required } from './required.ts'

/**
 * A rollback after the original was kept as `.broken.`: it takes its second name back, so that the rollback finds it where
 * it always is. Known by its inode, for a restored database may bear such a name as well. The side files move first: until
 * the main file has moved, whoever comes here again does the same.
 */
export async function reclaimOriginal({ work }: Pick<PhaseContext, 'work'>): Promise<void> {
  const [main, ...sides] = work.swap?.displaced ?? []
  const suffix = work.brokenSuffix
  if (main === undefined || suffix === undefined) return
  const kept = ({ from }: Displacement): string => `${from}.broken.${suffix}`
  if (!sameFile(await identityOf(kept(main)), work.swap?.old ?? null)) return
  for (const displaced of [...sides, main]) {
    if ((await identityOf(kept(displaced))) === null) continue
    await renameInto(kept(displaced), displaced.to)
    // A rename of one name of a file to another of its names does nothing (rename(2)): both are there until one goes.
    if (sameFile(await identityOf(kept(displaced)), await identityOf(displaced.to))) {
      await removeIfPresent(kept(displaced))
      await syncFolderOf(displaced.to)
    }
  }
}

/**
 * `<db>.broken.YYYYMMDD_HHMMSS`, all of its files with one time (R95). New names first, and the main file's old name goes
 * last: as long as there is one of the side files', nobody can take it for a part of the restored database.
 */
export async function keepAsBroken(context: PhaseContext): Promise<EventInput[]> {
  const displaced = context.work.swap?.displaced ?? []
  if (context.work.brokenSuffix === undefined) {
    context.note({ brokenSuffix: brokenTimestamp(context.deps.clock.nowMs()) })
  }
  const suffix = required(context.work, 'brokenSuffix')
  const database = required(context.work, 'database')
  for (const { from, to } of displaced) {
    if ((await identityOf(to)) !== null) await linkBeside(to, `${from}.broken.${suffix}`)
  }
  await syncFolderOf(database)
  for (const { from, to } of displaced.toReversed()) {
    if (await removeIfPresent(to)) context.log.info(`kept the replaced database as ${from}.broken.${suffix}`)
  }
  for (const { to } of displaced.slice(0, 1)) await removeEmptySides(to)
  await syncFolderOf(database)
  return displaced.length === 0 ? [] : [keptAsBroken('the replaced database', displaced, suffix)]
}

function keptAsBroken(what: string, displaced: readonly Displacement[], suffix: string): EventInput {
  const files = displaced.map(({ from }) => `${from}.broken.${suffix}`).join(', ')
  return { type: 'Normal', reason: 'KeptAsBroken', message: `${what} is kept as ${files}` }
}
