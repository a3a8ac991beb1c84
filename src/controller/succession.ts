/** How the displaced original becomes the safety backup: proven first, noted first, then one rename. */

import { rename } from 'node:fs/promises'
import { join } from 'node:path'

import { freeSafetyName } from '../catalog/safety-name.ts'
import { codeOf, messageOf } from '../domain/errors.ts'
import type { IdentityNote, SafetyNote } from '../domain/work.ts'
import {
  identityOf,
  removeEmptySides,
  removeIfPresent,
  sideFilesWithContent,
  syncFolderOf,
  unchanged,
} from '../database/place.ts'
import type { EventInput } from '../store/change.ts'
import { keepAsBroken } from './broken.ts'
import type { PhaseContext } from './context.ts'
import { deadlineFor } from './deadlines.ts'
import { required } from './required.ts'
import { mayBeReplaced } from './safety-proof.ts'

export type Safety = { readonly name: string; readonly path: string; readonly sha256: string; readonly raw: boolean }

export const NOTHING: Settlement = { safety: null, warning: null, events: [] }

export interface Settlement {
  /** The safety backup as it is now, where it changed. */
  readonly safety: Safety | null
  /** What could not be tidied up and is kept, or null. */
  readonly warning: string | null
  readonly events: readonly EventInput[]
}

export interface Succession {
  readonly safety: SafetyNote
  readonly original: string
  /** What is wrong with the present safety backup, or null. */
  readonly flaw: string | null
  /** Something was done to the original after the swap. */
  readonly late: boolean
}

/**
 * The displaced original takes the safety backup's name in one rename. On another file system it would have to be copied;
 * then it stays beside the database under a name of its own, which the retention knows, rather than be copied blindly.
 */
export async function becomeSafetyBackup(context: PhaseContext, succession: Succession): Promise<Settlement> {
  const { original, flaw } = succession
  const sealed = await provenSeal(context, original)
  if (sealed === null) {
    const events = await keepAsBroken(context)
    const warning =
      flaw === null
        ? 'the replaced database failed its check and is kept as a .broken. file'
        : `the safety backup ${succession.safety.path} ${flaw}, and the replaced database failed its check: it is kept as a .broken. file`
    return { safety: null, warning, events }
  }
  const before = succession.safety
  const place = await placeFor(context, before)
  // Before the safety backup changes: a rollback that begins after a crash in the middle knows it by its new bytes. Until
  // then the original stands under its second name, and a rollback takes that.
  context.note({ safety: { ...before, ...place, sha256: sealed.sha256 } })
  try {
    await rename(original, place.path)
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error
    return copyAcross(context, succession, place.path)
  }
  context.deps.reach('Resuming.exchanged')
  await syncFolderOf(place.path)
  await syncFolderOf(original)
  await removeEmptySides(original)
  await sealAgain(context, sealed.identity)
  return { safety: asNoted(context), warning: null, events: told(context, succession) }
}

/** Its own name, as long as a rename puts the original there and nothing that stays beside it would be read into it. */
async function placeFor({ target, deps }: PhaseContext, { name, path }: SafetyNote) {
  if (await mayBeReplaced(path)) return { name, path }
  const free = await freeSafetyName(target.backups.path, deps.clock.nowMs())
  return { name: free, path: join(target.backups.path, free) }
}

/** Whoever had it open while it was checked may have written to it until now. */
async function sealAgain(context: PhaseContext, sealed: IdentityNote): Promise<void> {
  const safety = required(context.work, 'safety')
  const found = await identityOf(safety.path)
  if (unchanged(found, sealed)) return
  const options = { deadlineMs: deadlineFor(context.target, found?.sizeBytes ?? 0) }
  const { sha256 } = await context.deps.database.hash(safety.path, options)
  context.note({ safety: { ...safety, sha256 } })
}

function told({ work }: PhaseContext, { safety, flaw, late }: Succession): EventInput[] {
  const now = required(work, 'safety').path
  const events: EventInput[] = []
  if (flaw !== null) {
    const message = `the safety backup ${safety.path} ${flaw}; the replaced database itself took its place: ${now}`
    events.push({ type: 'Warning', reason: 'SafetyBackupReplaced', message })
  }
  if (late && work.swap?.asDisplaced != null) {
    const message = `something was written to the replaced database after the swap; it is the safety backup ${now}`
    events.push({ type: 'Warning', reason: 'WrittenAfterSwap', message })
  }
  return events
}

/**
 * A safety backup gives way to nothing that is not proven itself: null where it is not. What a late writer left beside the
 * original is a part of it.
 */
async function provenSeal({ deps, target, log }: PhaseContext, path: string) {
  const options = { deadlineMs: deadlineFor(target, (await identityOf(path))?.sizeBytes ?? 0) }
  try {
    if ((await sideFilesWithContent(path)).length > 0) await deps.database.quiesce(path, options)
    await removeEmptySides(path)
    const { sha256, identity } = await deps.database.check(
      { path, foreignKeys: false, absorb: false, seal: true },
      options,
    )
    return sha256 === null || identity === null ? null : { sha256, identity }
  } catch (error) {
    log.warn(`the replaced database failed its check: ${messageOf(error)}`, { err: error })
    return null
  }
}

/** Another file system: a second copy is made beside the first, proven, and only then the original goes. */
async function copyAcross(context: PhaseContext, succession: Succession, to: string): Promise<Settlement> {
  const { deps, target, work } = context
  const { safety, original } = succession
  const sizeBytes = (await identityOf(original))?.sizeBytes ?? 0
  const partial = `${to}.partial`
  try {
    await removeIfPresent(partial)
    const options = { deadlineMs: deadlineFor(target, sizeBytes) }
    const copy = await deps.database.rawCopy([{ from: original, to: partial }], options)
    if (copy.sha256 !== work.safety?.sha256) throw new Error('the copy differs from the original')
    await rename(partial, to)
  } catch (error) {
    await removeIfPresent(partial)
    // The safety backup is still the earlier one.
    context.note({ safety })
    const events = await keepAsBroken(context)
    const warning = `commits made after the safety backup are kept beside the database as a .broken. file: ${messageOf(error)}`
    return { safety: null, warning, events }
  }
  // From here on the safety backup is the new one, whatever fails: whoever comes here again makes it once more.
  await syncFolderOf(to)
  await removeIfPresent(original)
  await removeEmptySides(original)
  return { safety: asNoted(context), warning: null, events: told(context, succession) }
}

export function asNoted({ work }: PhaseContext): Safety | null {
  const { name, path, sha256, raw } = required(work, 'safety')
  return sha256 === null ? null : { name, path, sha256, raw }
}
