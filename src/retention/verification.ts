/**
 * Verifies every backup on a schedule, the newest first, so that a damaged one is known before it is needed (manual 6.2,
 * 12.1). A restore has the disk to itself: what is being verified is broken off at once and begun again afterwards.
 */

import { setTimeout as sleep } from 'node:timers/promises'

import type { BackupSet } from '../catalog/contract.ts'
import { assertSettled } from '../catalog/settled.ts'
import type { Clock } from '../domain/clock.ts'
import { asRestoreError, type RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { occupiesTarget } from '../domain/phases.ts'
import type { CheckName } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { StateStore } from '../store/store.ts'
import type { NewVerdict } from '../store/upkeep.ts'
import type { RestoreTelemetry } from '../telemetry/telemetry.ts'
import { identityOfSet, verifiedSets } from '../controller/verdicts.ts'

const LOOK_MS = 1000
const SETTLE_MS = 1000

/** What the verification of one set found; structural, for the doors have it from the same place. */
export interface SetVerdict {
  readonly passed: boolean
  readonly checks: readonly {
    readonly name: 'file_exists' | 'file_size' | 'checksum' | 'integrity' | 'tables'
    readonly result: 'pass' | 'fail' | 'skip'
    readonly message: string
  }[]
}

export interface BackupVerificationOptions {
  readonly targets: readonly Target[]
  readonly store: StateStore
  /** The sets of a target, newest first. */
  readonly list: (target: Target, signal: AbortSignal) => Promise<readonly BackupSet[]>
  readonly verify: (target: Target, set: BackupSet, signal: AbortSignal) => Promise<SetVerdict>
  readonly telemetry: Pick<RestoreTelemetry, 'checkFinished'>
  /** Something was found out about the target's backups: what is told of them is to be renewed. */
  readonly changed: (target: string) => void
  readonly clock: Clock
  readonly log: Log
}

/** As the metrics know the checks; the size is part of the file's existence there. */
const METRIC_OF: Readonly<Partial<Record<SetVerdict['checks'][number]['name'], CheckName>>> = {
  file_exists: 'file_exists',
  checksum: 'checksum',
  integrity: 'integrity',
  tables: 'completeness',
}

interface Tally {
  verified: number
  failed: number
  readonly troubles: RestoreError[]
}

export class BackupVerifications {
  readonly #options: BackupVerificationOptions
  /** Of the set in hand; null: none is. */
  #current: AbortController | null = null
  /** The end of what is being verified: a pass and arrivals take turns. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: BackupVerificationOptions) {
    this.#options = options
  }

  /** After each commit of the state store. */
  requestCommitted({ phase }: Pick<StoredRequest, 'phase'>): void {
    if (occupiesTarget(phase)) this.#current?.abort()
  }

  /**
   * One pass over every set of every target.
   *
   * @param signal the daemon stops.
   * @throws RestoreError what kept it from doing its work on some of them; a set that fails is a result, not an error.
   */
  run(signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      const tally: Tally = { verified: 0, failed: 0, troubles: [] }
      for (const target of this.#options.targets) await this.#target(target, tally, signal)
      const [trouble] = tally.troubles
      if (trouble !== undefined) throw trouble
    })
  }

  /**
   * One set that has just appeared, after whatever is being verified. One of which something is known by then is left alone.
   * Never rejects: what keeps it from its work is logged, and the schedule comes to the set.
   */
  arrived(target: Target, set: BackupSet, signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      if (signal.aborted || (await verifiedSets(this.#options.store, target.name, [set])).has(set.id)) return
      await this.#set(target, set, { verified: 0, failed: 0, troubles: [] }, signal, 'arrival')
      this.#options.changed(target.name)
    }).catch((error: unknown) => {
      if (signal.aborted) return
      this.#options.log.error(`${set.id} could not be verified at its arrival`, { target: target.name, err: error })
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn
    return turn
  }

  async #target(target: Target, total: Tally, signal: AbortSignal): Promise<void> {
    const { store, list, log, changed } = this.#options
    const tally: Tally = { verified: 0, failed: 0, troubles: total.troubles }
    let sets: readonly BackupSet[]
    try {
      sets = await this.#undisturbed(signal, (inner) => list(target, inner))
    } catch (error) {
      if (signal.aborted) throw error
      total.troubles.push(asRestoreError(error, 'IoError'))
      return
    }
    for (const set of sets.filter(({ status }) => status === 'success')) await this.#set(target, set, tally, signal)
    store.upkeep.forgetVerifications(target.name, new Set(sets.map(({ id }) => id)))
    store.recordAudit(target.name, '', {
      operation: 'verify',
      actor: 'schedule',
      status: tally.failed === 0 ? 'success' : 'failure',
      message: `${tally.verified} backups verified, ${tally.failed} failed`,
      backupId: null,
      details: { verified: tally.verified, failed: tally.failed },
    })
    log.info('backups verified', { target: target.name, verified: tally.verified, failed: tally.failed })
    changed(target.name)
  }

  async #set(
    target: Target,
    set: BackupSet,
    tally: Tally,
    signal: AbortSignal,
    foundBy: 'schedule' | 'arrival' = 'schedule',
  ): Promise<void> {
    const { clock } = this.#options
    try {
      const identity = await identityOfSet(set)
      const startedAtMs = clock.nowMs()
      const verdict = await this.#undisturbed(signal, async (inner) => {
        if (set.problems.length === 0) await assertSettled(set, { waitMs: SETTLE_MS, clock, signal: inner })
        return this.#options.verify(target, set, inner)
      })
      tally.verified += 1
      if (!verdict.passed) tally.failed += 1
      await this.#record(target, set, identity, verdict, { durationMs: clock.nowMs() - startedAtMs, foundBy })
    } catch (error) {
      if (signal.aborted) throw error
      const trouble = asRestoreError(error, 'IoError')
      // One that is being written is looked at the next time.
      if (trouble.reason === 'BackupInProgress') return
      this.#options.log.error(`${set.id} could not be verified: ${trouble.message}`, {
        target: target.name,
        err: error,
      })
      tally.troubles.push(trouble)
    }
  }

  /** Does the work while no restore runs; one that begins breaks it off, and it is begun again when none runs any more. */
  async #undisturbed<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (;;) {
      await this.#idle(signal)
      const current = new AbortController()
      this.#current = current
      try {
        // One that began since the last look has not broken this off.
        if (this.#isRestoring()) continue
        return await work(AbortSignal.any([signal, current.signal]))
      } catch (error) {
        if (signal.aborted || !current.signal.aborted) throw error
        this.#options.log.info('verification stands back: a restore has begun')
      } finally {
        this.#current = null
      }
    }
  }

  async #idle(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    while (this.#isRestoring()) await sleep(LOOK_MS, undefined, { signal })
  }

  #isRestoring(): boolean {
    return this.#options.store.unfinished().some(({ phase }) => occupiesTarget(phase))
  }

  async #record(
    target: Target,
    set: BackupSet,
    identity: string,
    { passed, checks }: SetVerdict,
    how: Pick<NewVerdict, 'durationMs' | 'foundBy'>,
  ): Promise<void> {
    const { store, telemetry, log, changed } = this.#options
    const before = (await verifiedSets(store, target.name, [set])).get(set.id)
    const failed = checks.find(({ result }) => result === 'fail')
    const message = failed === undefined ? 'ok' : `${failed.name}: ${failed.message}`
    const check = failed?.name ?? ''
    store.upkeep.recordVerification({
      target: target.name,
      backupId: set.id,
      identity,
      passed,
      message,
      check,
      ...how,
    })
    for (const { name, result } of checks) {
      const metric = METRIC_OF[name]
      if (metric !== undefined) telemetry.checkFinished(target.name, metric, result)
    }
    if (passed || before?.passed === false) return
    log.error(`the backup ${set.id} failed its verification: ${message}`, { target: target.name })
    const text = `${set.id} failed its verification: ${message}`
    store.recordEvent('', target.name, { type: 'Warning', reason: 'BackupVerifyFailed', message: text })
    changed(target.name)
  }
}
