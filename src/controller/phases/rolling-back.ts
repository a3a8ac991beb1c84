/**
 * RollingBack: the displaced original comes back by the same protocol the other way round, byte for byte; where it is
 * gone, the safety backup (manual 7.1). The restored database is kept as `.broken.` when anything was written to it.
 */

import { setTimeout as delay } from 'node:timers/promises'

import { RestoreError } from '../../domain/errors.ts'
import type { Displacement } from '../../domain/work.ts'
import type { Holder } from '../../database/contract.ts'
import {
  displacedPath,
  identityOf,
  removeIfPresent,
  renameInto,
  rollbackStagedPath,
  sameFile,
  syncFolderOf,
  unchanged,
} from '../../database/place.ts'
import { tidyUp } from '../stand-down.ts'
import { stopForRollback, releasePatienceMs } from '../application.ts'
import { resumeAsBefore } from '../application-report.ts'
import { advance, type Outcome, type PhaseContext } from '../context.ts'
import { deadlineFor, QUICK_MS } from '../deadlines.ts'
import { describeHolders, findHolders, servicesHolders } from '../holders.ts'
import { exchange, letGoOfLocks } from '../exchange.ts'
import { reclaimOriginal } from '../broken.ts'
import { recordFailure } from '../mirror.ts'
import { exchangedSafety } from '../original.ts'
import { required } from '../required.ts'
import { clearOfRestored, returnSidesOfRestored, setRestoredAside, settleRestored } from '../restored.ts'

const RELEASE_MS = 10_000
const LOOK_MS = 250

export async function rollingBack(context: PhaseContext): Promise<Outcome> {
  if (servicesHolders(context)) await stopForRollback(context)
  await reclaimOriginal(context)
  const database = required(context.work, 'database')
  if (await isRestoredInPlace(context, database)) {
    await requireReleased(context, database)
    const whole = await setRestoredAside(context, database)
    context.deps.reach('RollingBack.aside')
    await bringBack(context, database, whole)
    context.deps.reach('RollingBack.back')
  }
  await bringSidesBack(context)
  await proveOriginal(context, database)
  const kept = await settleRestored(context, database)
  // Whoever waits for the displaced original finds it at its path again.
  await letGoOfLocks(context)
  const safety = await exchangedSafety(context)
  // A swap that failed before its rename left the staged file; the next restore's space check would count it for ever.
  const untidy = await tidyUp(context)
  const resumed = await resumeAsBefore(context)
  const { failure } = context.work
  const untold = await recordFailure(context, `rolled back: ${failure?.message ?? 'the restore failed'}`)
  return advance('RolledBack', 'the database is as it was before the restore', {
    ...(safety === null ? {} : { safetyBackup: safety }),
    status: { ...resumed.status, ...(safety === null ? {} : { safetyBackup: safety }) },
    conditions: [
      { type: 'RolledBack', status: 'True', reason: 'RolledBack', message: 'the database is as it was before' },
      ...(resumed.conditions ?? []),
    ],
    events: [...kept, ...untidy, ...(resumed.events ?? []), ...untold],
  })
}

/**
 * By inode: does the path hold the restored file, or is the old one there (never replaced, or back already)?
 *
 * @throws RestoreError `TargetReplaced` where it holds a file that is neither: that one is somebody else's.
 */
async function isRestoredInPlace(context: PhaseContext, database: string): Promise<boolean> {
  const { work, deps, target } = context
  const found = await identityOf(database)
  const old = work.swap?.old ?? null
  if (work.swap === undefined || sameFile(found, old) || (old === null && found === null)) return false
  if (sameFile(found, work.staged?.identity ?? null) || found === null) return true
  const { sha256 } = await deps.database.hash(database, { deadlineMs: deadlineFor(target, found.sizeBytes) })
  if (sha256 === work.safety?.sha256) return false
  throw new RestoreError(`${database} was replaced by somebody else during the restore`, {
    reason: 'TargetReplaced',
    hint:
      `nothing of it was touched, and the old database is kept as ${displacedPath(database, context.request.name)}; ` +
      `which file is which, and the command for each way out: modosu describe target ${target.name}`,
  })
}

/** A process that has the restored file open would write its `-wal` into the original that we put back: it must go first. */
async function requireReleased(context: PhaseContext, database: string): Promise<void> {
  const patienceMs = servicesHolders(context) ? await releasePatienceMs(context, RELEASE_MS) : RELEASE_MS
  let holders = await holdersAfter(context, database, patienceMs)
  if (holders.length > 0 && (await endRemaining(context, holders))) {
    holders = await holdersAfter(context, database, RELEASE_MS)
  }
  if (holders.length === 0) return
  throw new RestoreError(`the database is in use by ${describeHolders(holders)}`, {
    reason: 'DatabaseInUse',
    hint: `stop that process, then: modosu rollback --target ${context.target.name}`,
  })
}

/** @returns who has the database open when nobody has, or after so many milliseconds. */
async function holdersAfter(context: PhaseContext, database: string, patienceMs: number): Promise<readonly Holder[]> {
  const startedAtMs = performance.now()
  for (;;) {
    const { holders } = await findHolders(context, database)
    if (holders.length === 0 || performance.now() - startedAtMs >= patienceMs) return holders
    await delay(LOOK_MS)
  }
}

/**
 * Processes of the application that have survived its stop. To wait for them for ever, or to give up, would leave the
 * application down on the restored database; what they wrote is in a file that is kept.
 *
 * @returns whether they were told to end.
 */
async function endRemaining(context: PhaseContext, holders: readonly Holder[]): Promise<boolean> {
  const { deps, target } = context
  if (!servicesHolders(context)) return false
  const refusal = await deps.service.endRemaining(
    target,
    holders.map(({ pid }) => pid),
  )
  const who = describeHolders(holders)
  const message =
    refusal === null
      ? `the stop of the application left processes that had the database open; they were ended: ${who}`
      : `the stop of the application left processes that have the database open (${who}), and they were not ended: ${refusal}`
  context.log.warn(message, { reason: 'ServiceStopFailed' })
  context.note({}, { events: [{ type: 'Warning', reason: 'ServiceStopFailed', message }] })
  return refusal === null
}

/** The commit of the rollback: one rename, under the lock of the restored database. */
async function bringBack(context: PhaseContext, database: string, whole: boolean): Promise<void> {
  const { work } = context
  const original = work.swap?.displaced[0]
  if (!required(work, 'current').exists) return removeRestored(context, database, whole)
  if (original !== undefined && (await identityOf(original.to)) !== null) {
    return exchangeBack(context, database, original.to, whole)
  }
  context.log.warn('the displaced original is gone; the safety backup takes its place')
  await exchangeBack(context, database, await stageSafetyBack(context, database), whole)
}

async function exchangeBack(context: PhaseContext, database: string, arriving: string, whole: boolean): Promise<void> {
  await exchange(context, {
    database,
    leaving: required(context.work, 'staged').path,
    arriving,
    leavingIsDamaged: true,
    arrivingIsDamaged: required(context.work, 'current').damaged,
    ready: () => clearOfRestored(context, database, whole),
    renamed: () => undefined,
    takenBack: () => returnSidesOfRestored(context, database),
  })
}

/** There was no database before: the restored one's last name at the path goes, under the same lock. */
async function removeRestored(context: PhaseContext, database: string, whole: boolean): Promise<void> {
  const { deps, log } = context
  const second = required(context.work, 'staged').path
  try {
    await deps.database.hold(second, { deadlineMs: QUICK_MS })
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'DatabaseInUse') throw error
    log.warn('the restored database could not be locked', { err: error })
  }
  await clearOfRestored(context, database, whole)
  await removeIfPresent(database)
  await syncFolderOf(database)
}

/** @returns a proven copy of the safety backup beside the database. */
async function stageSafetyBack(context: PhaseContext, database: string): Promise<string> {
  const { work, deps, target, request } = context
  const safety = work.safety
  if (safety?.sha256 == null) {
    throw new RestoreError('neither the displaced original nor a safety backup is there', {
      reason: 'NoSafetyBackup',
      hint: `restore the newest backup: modosu restore --latest --target ${target.name}`,
    })
  }
  const staged = rollbackStagedPath(database, request.name)
  const options = { deadlineMs: deadlineFor(target, (await identityOf(safety.path))?.sizeBytes ?? 0) }
  const stage = { db: safety.path, wal: null, staged, expectedDb: safety.sha256, expectedWal: null, others: [] }
  const { mismatches } = await deps.database.stage({ ...stage, attributesOf: database, ownership: null }, options)
  if (mismatches.length > 0) {
    throw new RestoreError('the safety backup is not the one that was made: its checksum differs', {
      reason: 'SafetyBackupCorrupt',
      hint: `modosu get safety --target ${target.name}; choose another one or the newest backup`,
    })
  }
  const report = await deps.database.check({ path: staged, foreignKeys: false, absorb: true, seal: true }, options)
  if (report.integrity.join('') !== 'ok') {
    throw new RestoreError('the safety backup failed its integrity check', { reason: 'SafetyBackupCorrupt' })
  }
  return staged
}

/** A damaged original comes back with the side files that it had, each by a rename that may be repeated. */
async function bringSidesBack(context: PhaseContext): Promise<void> {
  const [, ...sides] = context.work.swap?.displaced ?? []
  const missing: Displacement[] = []
  for (const side of sides) {
    if ((await identityOf(side.to)) !== null) missing.push(side)
  }
  for (const { from, to } of missing) await renameInto(to, from)
}

/**
 * Synced once more: an attempt that failed at the sync after its rename finds the rename done. Without a note of the swap
 * there was no rename, and the database has never left its path.
 */
async function proveOriginal({ work, deps, target }: PhaseContext, database: string): Promise<void> {
  if (work.swap === undefined) return
  await syncFolderOf(database)
  const found = await identityOf(database)
  const { old } = work.swap
  if (unchanged(found, old) || (old === null && found === null)) return
  const { sha256 } = await deps.database.hash(database, { deadlineMs: deadlineFor(target, found?.sizeBytes ?? 0) })
  if (sha256 === work.safety?.sha256) return
  if (sameFile(found, old)) return
  throw new RestoreError('the database is neither the displaced original nor the safety backup', {
    reason: 'RollbackNotVerified',
    hint: `look at the files beside ${database}, then: modosu rollback --target ${target.name}`,
  })
}
