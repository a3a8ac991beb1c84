/**
 * What becomes of the old database after a restore that succeeded. Nothing is removed unless its content stands in a
 * proven safety backup: it becomes that backup when something was committed since, it is kept as `.broken.` when it was
 * damaged or was replaced by a rollback (manual 7.2-5), and only otherwise is it removed.
 */

import { rename } from 'node:fs/promises'

import { brokenTimestamp } from '../domain/clock.ts'
import { codeOf, messageOf } from '../domain/errors.ts'
import type { SafetyNote } from '../domain/work.ts'
import { identityOf, removeIfPresent, sideFiles, syncFolderOf } from '../database/place.ts'
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

/** Repeatable: what an earlier attempt has moved is no longer at its old name. */
export async function letGoOfOriginal(context: PhaseContext): Promise<Settlement> {
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

/** `<db>.broken.YYYYMMDD_HHMMSS`, all of its files with one time (R95). */
export async function keepAsBroken(context: PhaseContext): Promise<void> {
  const displaced = context.work.swap?.displaced ?? []
  if (context.work.brokenSuffix === undefined) {
    context.note({ brokenSuffix: brokenTimestamp(context.deps.clock.nowMs()) })
  }
  const suffix = required(context.work, 'brokenSuffix')
  for (const { from, to } of displaced) {
    if ((await identityOf(to)) === null) continue
    await rename(to, `${from}.broken.${suffix}`)
    context.log.info(`kept the replaced database as ${from}.broken.${suffix}`)
  }
  await syncFolderOf(required(context.work, 'database'))
}

/**
 * The displaced original takes the safety backup's name in one rename. On another file system it would have to be copied;
 * then it stays beside the database under a name of its own, which the retention knows, rather than be copied blindly.
 */
async function becomeSafetyBackup(context: PhaseContext, safety: SafetyNote): Promise<Settlement> {
  const original = context.work.swap?.displaced[0]?.to
  if (original === undefined) return { safety: null, warning: null }
  if ((await identityOf(original)) === null) return { safety: await renewed(context, safety), warning: null }
  if (!(await isSound(context, original))) {
    await keepAsBroken(context)
    return { safety: null, warning: 'the replaced database failed its check and is kept as a .broken. file' }
  }
  try {
    await rename(original, safety.path)
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error
    return copyAcross(context, safety, original)
  }
  await syncFolderOf(safety.path)
  await syncFolderOf(original)
  return { safety: await renewed(context, safety), warning: null }
}

/** A proven safety backup gives way to nothing that is not proven itself. */
async function isSound({ deps, target }: PhaseContext, path: string): Promise<boolean> {
  const options = { deadlineMs: deadlineFor(target, (await identityOf(path))?.sizeBytes ?? 0) }
  try {
    const report = await deps.database.check({ path, foreignKeys: false, absorb: false, seal: true }, options)
    return report.integrity.join('') === 'ok'
  } catch {
    return false
  }
}

/** Another file system: a second copy is made beside the first, proven, and only then the original goes. */
async function copyAcross(context: PhaseContext, safety: SafetyNote, original: string): Promise<Settlement> {
  const { deps, target } = context
  const sizeBytes = (await identityOf(original))?.sizeBytes ?? 0
  const partial = `${safety.path}.partial`
  try {
    await removeIfPresent(partial)
    const options = { deadlineMs: deadlineFor(target, sizeBytes) }
    const copy = await deps.database.rawCopy([{ from: original, to: partial }], options)
    const source = await deps.database.hash(original, options)
    if (copy.sha256 !== source.sha256) throw new Error('the copy differs from the original')
    await rename(partial, safety.path)
    await syncFolderOf(safety.path)
    await removeIfPresent(original)
    return { safety: await renewed(context, safety), warning: null }
  } catch (error) {
    await removeIfPresent(partial)
    await keepAsBroken(context)
    const warning = `commits made after the safety backup are kept beside the database as a .broken. file: ${messageOf(error)}`
    return { safety: null, warning }
  }
}

async function renewed({ deps, target }: PhaseContext, safety: SafetyNote): Promise<Safety> {
  const sizeBytes = (await identityOf(safety.path))?.sizeBytes ?? 0
  const { sha256 } = await deps.database.hash(safety.path, { deadlineMs: deadlineFor(target, sizeBytes) })
  return { name: safety.name, path: safety.path, sha256, raw: safety.raw }
}

/** Removes the second names of the old database; never a name that the database itself bears. */
async function removeDisplaced(context: Pick<PhaseContext, 'work'>): Promise<void> {
  const [main, ...sides] = context.work.swap?.displaced ?? []
  if (main === undefined) return
  // Reading its newer rows may have left an empty -wal or -shm beside it.
  for (const path of [main.to, ...sideFiles(main.to), ...sides.map(({ to }) => to)]) await removeIfPresent(path)
  if (context.work.database !== undefined) await syncFolderOf(context.work.database)
}
