/**
 * What becomes of the old database after a restore that succeeded. Nothing is removed unless its content stands in a
 * proven safety backup: it becomes that backup when something was committed since, it is kept as `.broken.` when it was
 * damaged or was replaced by a rollback (manual 7.2-5), and only otherwise is it removed.
 */

import { rename } from 'node:fs/promises'

import { brokenTimestamp } from '../domain/clock.ts'
import { codeOf, messageOf } from '../domain/errors.ts'
import type { Displacement, SafetyNote } from '../domain/work.ts'
import {
  identityOf,
  linkBeside,
  removeIfPresent,
  renameInto,
  sameFile,
  sideFiles,
  syncFolderOf,
} from '../database/place.ts'
import type { PhaseContext } from './context.ts'
import { deadlineFor } from './deadlines.ts'
import { required } from './required.ts'

type Safety = { readonly name: string; readonly path: string; readonly sha256: string; readonly raw: boolean }

export interface Settlement {
  /** The safety backup as it is now, where it changed. */
  readonly safety: Safety | null
  /** What could not be tidied up and is kept, or null. */
  readonly warning: string | null
}

/**
 * The restored database is proven and the application runs: that the old one cannot be put away is told, and undoes
 * nothing. Tried once more before that; never rejects.
 */
export async function letGoOfOriginal(context: PhaseContext): Promise<Settlement> {
  try {
    return await putAway(context)
  } catch (error) {
    context.log.warn(`putting the replaced database away failed: ${messageOf(error)}; trying again`, { err: error })
  }
  try {
    return await putAway(context)
  } catch (error) {
    context.log.error(`putting the replaced database away failed: ${messageOf(error)}`, { err: error })
    return { safety: await exchangedSafety(context).catch(() => null), warning: await whereItIs(context, error) }
  }
}

async function whereItIs({ work, target }: PhaseContext, error: unknown): Promise<string> {
  const second = work.swap?.displaced[0]?.to
  const there = second !== undefined && (await identityOf(second).catch(() => null)) !== null
  const place = there
    ? `; it is kept as ${second}, and what to do with it says: modosu describe target ${target.name}`
    : ''
  return `the replaced database could not be put away: ${messageOf(error)}${place}`
}

/** Repeatable: what an earlier attempt has moved is no longer at its old name. */
async function putAway(context: PhaseContext): Promise<Settlement> {
  const { work, request } = context
  const { safety } = work
  if (required(work, 'current').damaged || request.spec.source.safetyBackup !== undefined) {
    await keepAsBroken(context)
    return { safety: null, warning: null }
  }
  if (safety !== undefined && work.changedSinceSafety === true) return becomeSafetyBackup(context, safety)
  await removeDisplaced(context)
  return { safety: null, warning: null }
}

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
export async function keepAsBroken(context: PhaseContext): Promise<void> {
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
  await syncFolderOf(database)
}

/**
 * The displaced original takes the safety backup's name in one rename. On another file system it would have to be copied;
 * then it stays beside the database under a name of its own, which the retention knows, rather than be copied blindly.
 */
async function becomeSafetyBackup(context: PhaseContext, safety: SafetyNote): Promise<Settlement> {
  const original = context.work.swap?.displaced[0]?.to
  if (original === undefined) return { safety: null, warning: null }
  if ((await identityOf(original)) === null) {
    // Exchanged by an attempt that may not have come to the sync.
    await syncFolderOf(safety.path)
    await syncFolderOf(original)
    return { safety: asNoted(context), warning: null }
  }
  const sha256 = await provenHash(context, original)
  if (sha256 === null) {
    await keepAsBroken(context)
    return { safety: null, warning: 'the replaced database failed its check and is kept as a .broken. file' }
  }
  // Before the safety backup changes: a rollback that begins after a crash in the middle knows it by its new bytes. Until
  // then the original stands under its second name, and a rollback takes that.
  context.note({ safety: { ...safety, sha256 } })
  try {
    await rename(original, safety.path)
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error
    return copyAcross(context, safety, original)
  }
  context.deps.reach('Resuming.exchanged')
  await syncFolderOf(safety.path)
  await syncFolderOf(original)
  return { safety: asNoted(context), warning: null }
}

/** A proven safety backup gives way to nothing that is not proven itself: null where it is not. */
async function provenHash({ deps, target }: PhaseContext, path: string): Promise<string | null> {
  const options = { deadlineMs: deadlineFor(target, (await identityOf(path))?.sizeBytes ?? 0) }
  try {
    const report = await deps.database.check({ path, foreignKeys: false, absorb: false, seal: true }, options)
    return report.integrity.join('') === 'ok' ? report.sha256 : null
  } catch {
    return null
  }
}

/** Another file system: a second copy is made beside the first, proven, and only then the original goes. */
async function copyAcross(context: PhaseContext, safety: SafetyNote, original: string): Promise<Settlement> {
  const { deps, target, work } = context
  const sizeBytes = (await identityOf(original))?.sizeBytes ?? 0
  const partial = `${safety.path}.partial`
  try {
    await removeIfPresent(partial)
    const options = { deadlineMs: deadlineFor(target, sizeBytes) }
    const copy = await deps.database.rawCopy([{ from: original, to: partial }], options)
    if (copy.sha256 !== work.safety?.sha256) throw new Error('the copy differs from the original')
    await rename(partial, safety.path)
  } catch (error) {
    await removeIfPresent(partial)
    // The safety backup is still the earlier one.
    context.note({ safety })
    await keepAsBroken(context)
    const warning = `commits made after the safety backup are kept beside the database as a .broken. file: ${messageOf(error)}`
    return { safety: null, warning }
  }
  // From here on the safety backup is the new one, whatever fails: whoever comes here again makes it once more.
  await syncFolderOf(safety.path)
  await removeIfPresent(original)
  return { safety: asNoted(context), warning: null }
}

function asNoted({ work }: PhaseContext): Safety | null {
  const { name, path, sha256, raw } = required(work, 'safety')
  return sha256 === null ? null : { name, path, sha256, raw }
}

/**
 * What a rollback has to record besides: the safety backup that an interrupted attempt had already exchanged for the
 * original, so that it can be restored by the checksum that it has now. null where it is the one that is recorded.
 */
export async function exchangedSafety(context: PhaseContext): Promise<Safety | null> {
  const { request, deps, target } = context
  const noted = context.work.safety === undefined ? null : asNoted(context)
  if (noted === null || noted.sha256 === request.status.safetyBackup?.sha256) return null
  const found = await identityOf(noted.path)
  if (found === null) return null
  const { sha256 } = await deps.database.hash(noted.path, { deadlineMs: deadlineFor(target, found.sizeBytes) })
  return sha256 === noted.sha256 ? noted : null
}

/** Removes the second names of the old database; never a name that the database itself bears. */
async function removeDisplaced(context: Pick<PhaseContext, 'work'>): Promise<void> {
  const [main, ...sides] = context.work.swap?.displaced ?? []
  if (main === undefined) return
  // Reading its newer rows may have left an empty -wal or -shm beside it.
  for (const path of [main.to, ...sideFiles(main.to), ...sides.map(({ to }) => to)]) await removeIfPresent(path)
  if (context.work.database !== undefined) await syncFolderOf(context.work.database)
}
