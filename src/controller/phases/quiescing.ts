/**
 * Quiescing: the application stops, exclusive access is proven, and SQLite makes the old database one whole file (manual
 * 7.2, step 1). Until the end of this phase nothing of the operator's has changed but the `-wal`, which SQLite itself
 * has absorbed. A failure starts the application again (see stand-down.ts).
 */

import { setTimeout as delay } from 'node:timers/promises'

import { clockWentBack } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import { identityOf, unchanged, untouched } from '../../database/place.ts'
import type { RestoreWork } from '../../domain/work.ts'
import type { EventInput } from '../../store/change.ts'
import { advance, advanceTo, type Findings, type Outcome, type PhaseContext } from '../context.ts'
import { deadlineFor } from '../deadlines.ts'
import { unlessItDiesTwice } from '../dies-twice.ts'
import { describeHolders, findHolders, servicesHolders } from '../holders.ts'
import { runHooks } from '../hooks.ts'
import { required } from '../required.ts'
import { releasePatienceMs, stopService } from '../application.ts'

/** A stopped application may need a moment until its last process has closed its files. */
const RELEASE_MS = 5000
const LOOK_MS = 200

export async function quiescing(context: PhaseContext): Promise<Outcome> {
  await runHooks(context, 'preRestore')
  if (!(await stagedIsProven(context))) {
    return advanceTo(
      'Preflight',
      'StagedFileChanged',
      'the staged file is not the one that passed its checks; beginning again',
    )
  }
  await noteHealth(context)
  const now = context.deps.clock.nowMs()
  context.note({ downtimeStartedAtMs: context.work.downtimeStartedAtMs ?? now }, { interruptsAtMs: now })
  const stopFailure = servicesHolders(context) ? await stopService(context) : null
  context.deps.reach('Quiescing.stopped')
  const database = required(context.work, 'database')
  if (!required(context.work, 'current').exists) return quiet('there is no old database')
  await requireReleased(context, database, stopFailure)
  const work = await makeWhole(context, database)
  const complete = await requireReleased(context, database, stopFailure)
  return complete
    ? quiet('nobody has the database open', { work })
    : quiet('nobody seen has the database open', { work, events: [UNSEEN] })
}

/** Asked before the stop, once: what is not healthy on the way back may not have been so before. */
async function noteHealth(context: PhaseContext): Promise<void> {
  const { target, work, deps } = context
  if (target.healthCheck === null || work.healthyBefore !== undefined || work.service !== undefined) return
  context.note({ healthyBefore: (await deps.service.look(target)).running === true })
}

/** A daemon of an ordinary user sees its own processes only: it goes on, as its operator would, and says what it rests on. */
const UNSEEN: EventInput = {
  type: 'Warning',
  reason: 'HoldersUnseen',
  message:
    'not every process could be looked at: one of another user may have the database open, and would lose what it writes',
}

function quiet(message: string, findings: Findings = {}): Outcome {
  return advance('Quiesced', message, findings)
}

/**
 * The same bytes as those that passed: by inode, size and times while the daemon ran; by hash where the times say nothing,
 * and after a restart (something else may have happened to the machine than our own death).
 */
async function stagedIsProven({ work, recovered, deps, target, signal }: PhaseContext): Promise<boolean> {
  const { staged } = work
  if (staged?.sha256 == null) return false
  const found = await identityOf(staged.path)
  if (!unchanged(found, staged.identity)) return false
  if (!recovered && untouched(found, staged.identity)) return true
  const deadlineMs = deadlineFor(target, found?.sizeBytes ?? 0)
  return (await deps.database.hash(staged.path, { deadlineMs, signal })).sha256 === staged.sha256
}

/**
 * @returns whether every process could be looked at.
 * @throws RestoreError `DatabaseInUse`, naming each process that still has the database open.
 */
async function requireReleased(
  context: PhaseContext,
  database: string,
  stopFailure: RestoreError | null,
): Promise<boolean> {
  const startedAtMs = performance.now()
  let patienceMs: number | undefined
  for (;;) {
    const { holders, complete } = await findHolders(context, database)
    if (holders.length === 0) return complete
    patienceMs ??= stopFailure === null ? await releasePatienceMs(context, RELEASE_MS) : RELEASE_MS
    if (performance.now() - startedAtMs >= patienceMs) {
      throw new RestoreError(`the database is in use by ${describeHolders(holders)}`, {
        reason: 'DatabaseInUse',
        hint:
          'stop that process; if it belongs to the application, check service.unit or service.command of the target' +
          (stopFailure === null ? '' : ` (${stopFailure.message})`),
      })
    }
    await delay(LOOK_MS, undefined, { signal: context.signal })
  }
}

/**
 * A database that SQLite cannot open stays as it is, all of its files, and is set aside as a whole.
 *
 * @returns what was found while nobody else could commit: whether anything was committed after the safety backup, in doubt
 *   yes, and the whole file.
 */
async function makeWhole(context: PhaseContext, database: string): Promise<Partial<RestoreWork>> {
  const { work, deps, target, signal } = context
  const current = required(work, 'current')
  const options = { deadlineMs: deadlineFor(target, current.sizeBytes), signal }
  try {
    const { before, identity } = await unlessItDiesTwice(() => deps.database.quiesce(database, options))
    const { safety, changedSinceSafety } = work
    const doubtful = safety?.racy === true || (safety?.clocks !== undefined && clockWentBack(deps.clock, safety.clocks))
    const changed = changedSinceSafety === true || doubtful || before.text !== safety?.fingerprint
    return { quiesced: identity, changedSinceSafety: changed }
  } catch (error) {
    const wrecked = ['DatabaseCorrupt', 'NotADatabase', 'DatabaseEncrypted', 'Unverifiable', 'CheckTimedOut']
    if (!(error instanceof RestoreError) || !wrecked.includes(error.reason)) throw error
    return { current: { ...current, damaged: true, damage: error.message } }
  }
}
