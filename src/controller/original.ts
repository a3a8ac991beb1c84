/**
 * What becomes of the old database after a restore that succeeded. It is removed only where a safety backup, read once more,
 * holds the same content. It becomes that backup where something was committed since or the backup is not what was proven,
 * and it is kept as `.broken.` where it is damaged (manual 7.2-5).
 */

import { messageOf } from '../domain/errors.ts'
import type { SafetyNote } from '../domain/work.ts'
import {
  identityOf,
  removeEmptySides,
  removeIfPresent,
  sideFilesWithContent,
  syncFolderOf,
  untouched,
} from '../database/place.ts'
import { keepAsBroken } from './broken.ts'
import type { PhaseContext } from './context.ts'
import { deadlineFor, QUICK_MS } from './deadlines.ts'
import { letGoOf } from './exchange.ts'
import { required } from './required.ts'
import { flawOf } from './safety-proof.ts'
import { asNoted, becomeSafetyBackup, NOTHING, type Safety, type Settlement } from './succession.ts'

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
    const safety = await exchangedSafety(context).catch(() => null)
    return { safety, warning: await whereItIs(context, error), events: [] }
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
  const waived = safety === undefined && request.spec.source.safetyBackup === undefined
  if (required(work, 'current').damaged || (safety === undefined && !waived)) {
    return { ...NOTHING, events: await keepAsBroken(context) }
  }
  if (safety === undefined) {
    await removeDisplaced(context)
    return NOTHING
  }
  const original = work.swap?.displaced[0]?.to
  if (original === undefined) return NOTHING
  if ((await identityOf(original)) === null) return alreadyPutAway(context, safety, original)
  // The safety backup first, which may take long to read; the original last, right before it goes.
  const flaw = await flawOf(context, safety)
  const late = await writtenSince(context, original)
  if (flaw !== null || late || work.changedSinceSafety === true) {
    return becomeSafetyBackup(context, { safety, original, flaw, late })
  }
  await removeDisplaced(context)
  return NOTHING
}

/** By an attempt that may not have come to the sync. */
async function alreadyPutAway(context: PhaseContext, safety: SafetyNote, original: string): Promise<Settlement> {
  await syncFolderOf(safety.path)
  await syncFolderOf(original)
  const flaw = await flawOf(context, safety)
  const warning = flaw === null ? null : `the safety backup ${safety.path} ${flaw}, and the replaced database is gone`
  return { ...NOTHING, safety: asNoted(context), warning }
}

/**
 * Whether anything was done to the displaced original since it left its path: by a process that nobody saw and that waited
 * for the lock, or that has it open now. In doubt, yes.
 */
async function writtenSince(context: PhaseContext, original: string): Promise<boolean> {
  const { work, deps, log } = context
  const asDisplaced = work.swap?.asDisplaced ?? null
  if (asDisplaced === null) return true
  try {
    await deps.database.hold(original, { deadlineMs: QUICK_MS })
  } catch (error) {
    log.warn(`the replaced database cannot be locked: ${messageOf(error)}`, { err: error })
    return true
  } finally {
    await letGoOf(context, original)
  }
  if ((await sideFilesWithContent(original)).length > 0) return true
  return !untouched(await identityOf(original), asDisplaced)
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
  for (const path of [main.to, ...sides.map(({ to }) => to)]) await removeIfPresent(path)
  // Reading its newer rows may have left an empty -wal or -shm beside it.
  await removeEmptySides(main.to)
  if (context.work.database !== undefined) await syncFolderOf(context.work.database)
}
