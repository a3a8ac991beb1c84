/**
 * Drives one request through the table: run the phase, record what it gave back, go on. This file alone records, so every
 * phase may be run twice and none may be believed on its own word.
 */

import type { Clock } from '../domain/clock.ts'
import { databaseError } from '../database/reasons.ts'
import { asRestoreError, codeOf, RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { LOG_LINES, TEXTS } from '../domain/messages.ts'
import { isTerminal, mustRunToEnd, occupiesTarget, TRANSITIONS, type ActivePhase } from '../domain/phases.ts'
import type { Target } from '../domain/target.ts'
import type { StateStore } from '../store/store.ts'
import type { Change, EventInput } from '../store/change.ts'
import type { StoredRequest } from '../store/rows.ts'
import { awayUnderWay } from './availability.ts'
import { beginChecks } from './checks.ts'
import { FailedWith, type Dependencies, type Findings, type Outcome, type PhaseContext } from './context.ts'
import { wayOut } from './failure.ts'
import { Interrupts, type Interruption } from './interrupts.ts'
import { changeOfAdvance, changeOfFailure, changeOfWait } from './record.ts'
import { PHASE_HANDLERS } from './phases/table.ts'
import { attempt, discardTraces, standDown } from './stand-down.ts'
import type { TargetLocks } from './target-locks.ts'
import type { VerificationRecords } from './verification-records.ts'
import type { Verdict } from './work-queue.ts'

export interface ReconcilerOptions {
  readonly store: StateStore
  readonly targets: ReadonlyMap<string, Target>
  readonly deps: Dependencies
  readonly clock: Clock
  readonly log: Log
  readonly locks: TargetLocks
  readonly verifications: Pick<VerificationRecords, 'ended'>
  /** Restores of different targets that may run at once. */
  readonly maxConcurrent: () => number
}

/** A passing trouble is tried this often before it counts as a failure. */
const MOST_RETRIES = 3
const LOCK_LOOK_MS = 2000
/** Only a person ends it, and that wakes the request up. */
const HELD_LOOK_MS = 60_000

export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #interrupts = new Interrupts()
  readonly #recovered = new Set<string>()
  #stopping = false

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** A request found unfinished at the daemon's start. */
  markRecovered(name: string): void {
    this.#recovered.add(name)
  }

  cancel(name: string): void {
    this.#interrupts.cancel(name)
  }

  /** From now on, phases that need not run to their end are interrupted and begun again at the next start. */
  shutdown(): void {
    this.#stopping = true
    this.#interrupts.shutdown()
  }

  async reconcile(name: string): Promise<Verdict> {
    for (;;) {
      const request = this.#options.store.request(name)
      if (request === undefined || isTerminal(request.phase)) return 'done'
      if (this.#stopping && !mustRunToEnd(request.phase)) return 'done'
      if (request.held && request.phase !== 'Pending') {
        if (request.cancelRequested === null) return { afterMs: HELD_LOOK_MS }
        this.#closeHeld(request)
        continue
      }
      const target = this.#options.targets.get(request.spec.target)
      const verdict = target === undefined ? await this.#withoutTarget(request) : await this.#step(request, target)
      if (verdict !== 'next') return verdict
    }
  }

  /** It was under way in an older state store: what became of it there is not known, so nothing of it is touched. */
  #closeHeld(request: StoredRequest): void {
    const { onCancel, onFailure } = TRANSITIONS[request.phase as ActivePhase]
    const to = onCancel ?? (request.phase === 'RollingBack' ? onFailure : 'Failed')
    const message = `${request.cancelRequested ?? 'closed'}; nothing was touched: the state store was older than this restore`
    const outcome = { kind: 'advance', to, reason: 'StateRolledBack', message } as const
    this.#options.store.commit(request.name, changeOfAdvance(request, outcome, this.#now()))
    this.#announce(request.name, request.phase)
  }

  async #step(request: StoredRequest, target: Target): Promise<Verdict | 'next'> {
    const signal = this.#interrupts.open(request, this.#now())
    const context = this.#context(request, target, signal)
    try {
      if (occupiesTarget(request.phase)) await this.#options.verifications.ended(target.name)
      const cancelled = request.cancelRequested !== null && !mustRunToEnd(request.phase)
      const unlocked = (cancelled ? null : await awayUnderWay(context)) ?? this.#waitForLock(request, target)
      if (unlocked !== null) return this.#wait(request, unlocked)
      if (request.cancelRequested !== null && TRANSITIONS[request.phase as ActivePhase].onCancel !== null) {
        return await this.#cancelled(context)
      }
      this.#options.deps.reach(`${request.phase}.begin`)
      const outcome = await PHASE_HANDLERS[request.phase as ActivePhase](context)
      this.#options.deps.reach(`${request.phase}.end`)
      return this.#record(context.request, outcome)
    } catch (thrown) {
      return await this.#failed(context, thrown)
    } finally {
      this.#interrupts.close(request.name)
      this.#announce(request.name, request.phase)
    }
  }

  #context(request: StoredRequest, target: Target, signal: AbortSignal): PhaseContext {
    const { store, deps, log } = this.#options
    let present = request
    const note: PhaseContext['note'] = (work, findings = {}) => {
      present = store.commit(request.name, {
        from: request.phase,
        reason: 'Noted',
        message: '',
        ...findings,
        work: { ...present.work, ...work },
      })
    }
    const context: PhaseContext = {
      get request() {
        return present
      },
      get work() {
        return present.work
      },
      target,
      recovered: this.#recovered.has(request.name),
      signal,
      log: log.child({ request: request.name, uid: request.uid, target: target.name, phase: request.phase }),
      deps,
      lock: () => present.work.database === undefined || this.#options.locks.acquire(present.work.database),
      note,
    }
    beginChecks(context)
    return context
  }

  #record(request: StoredRequest, outcome: Outcome): Verdict | 'next' {
    if (this.#wasEdited(request)) return 'next'
    if (outcome.kind === 'wait') return this.#wait(request, outcome)
    const to = outcome.to ?? TRANSITIONS[request.phase as ActivePhase].next
    if (request.phase === 'Pending' && occupiesTarget(to)) {
      const queued = this.#mustQueue(request)
      if (queued !== null) return this.#wait(request, queued)
    }
    if (request.phase === 'Quiescing') this.#recovered.delete(request.name)
    this.#commit(request, changeOfAdvance(request, outcome, this.#now()))
    return 'next'
  }

  /**
   * With the end of a request its lock goes first: whoever reads "ended" finds nothing of ours beside the database, and
   * a crash in between takes the lock again.
   */
  #commit(request: StoredRequest, change: Change): void {
    if (this.#wasEdited(request)) return
    const { database } = { ...request.work, ...change.work }
    if (change.to !== undefined && isTerminal(change.to) && database !== undefined)
      this.#options.locks.release(database)
    this.#options.store.commit(request.name, change)
  }

  /**
   * Edited while the phase looked at the spec of before: what it found out is of another generation, and is not recorded. A
   * request can be edited only before its start, so there is nothing to undo; the caller goes on with the new spec.
   */
  #wasEdited({ name, generation }: StoredRequest): boolean {
    return this.#options.store.request(name)?.generation !== generation
  }

  /** Asked once more without a pause before the commit: two requests may have been looked at side by side. */
  #mustQueue(request: StoredRequest): Extract<Outcome, { kind: 'wait' }> | null {
    const { store, maxConcurrent } = this.#options
    const running = store.unfinished().filter((other) => occupiesTarget(other.phase))
    const same = running.find((other) => other.spec.target === request.spec.target)
    const queued = { kind: 'wait', reason: 'Queued', afterMs: 60_000 } as const
    if (same !== undefined) return { ...queued, message: `waiting for restore ${same.name} of the same target` }
    if (running.length < maxConcurrent()) return null
    return { ...queued, message: `waiting: ${running.length} restores are running` }
  }

  #wait(request: StoredRequest, outcome: Extract<Outcome, { kind: 'wait' }>): Verdict {
    const { reason, message } = request.status
    if (reason !== outcome.reason || message !== outcome.message) {
      this.#options.store.commit(request.name, changeOfWait(request, outcome))
    }
    return { afterMs: outcome.afterMs }
  }

  async #cancelled(context: PhaseContext): Promise<'next'> {
    const { request } = context
    const findings = await standDown(context)
    // Asked for while the phase ran: the reason is in the store, not in what the phase was given.
    const message = this.#options.store.request(request.name)?.cancelRequested ?? 'cancelled'
    const outcome = { ...findings, kind: 'advance', to: 'Cancelled', reason: 'Cancelled', message } as const
    this.#commit(context.request, changeOfAdvance(context.request, outcome, this.#now()))
    return 'next'
  }

  async #failed(context: PhaseContext, thrown: unknown): Promise<Verdict | 'next'> {
    const interruption = context.signal.aborted ? (context.signal.reason as Interruption) : null
    if (interruption === 'shutdown') return 'done'
    if (interruption === 'cancel') return this.#cancelled(context)
    const { error, findings } = interruption === 'deadline' ? overdue(context) : unwrap(thrown)
    if (this.#wasEdited(context.request)) return 'next'
    if (this.#mayRetry(context.request, error)) {
      context.log.warn(`${error.message}; trying again`, { reason: error.reason, err: thrown })
      this.#options.store.commit(context.request.name, {
        from: context.request.phase,
        reason: error.reason,
        message: error.message,
        attempts: context.request.attempts + 1,
        events: [{ type: 'Warning', reason: error.reason, message: `${error.message}; trying again` }],
      })
      return 'again'
    }
    const exit = await wayOut(context, error)
    this.#commit(context.request, changeOfFailure(context.request, { error, findings, ...exit }, this.#now()))
    return 'next'
  }

  /** A rollback is worth more than one attempt whatever stands in its way; another phase only where the error says so. */
  #mayRetry(request: StoredRequest, error: RestoreError): boolean {
    if (request.attempts >= MOST_RETRIES) return false
    return error.disposition === 'retry' || request.phase === 'RollingBack'
  }

  /** A target that left the configuration: nothing can be proven about its database any more, so nothing is done to it. */
  async #withoutTarget(request: StoredRequest): Promise<Verdict | 'next'> {
    const message = `unknown target: ${request.spec.target}`
    const hint = `configured targets: ${[...this.#options.targets.keys()].join(', ') || 'none'}`
    if (request.phase === 'Pending') {
      const error = new RestoreError(message, { reason: 'UnknownTarget', hint })
      const failure = { error, findings: {}, to: 'Rejected', events: [], conditions: [], status: {} } as const
      this.#options.store.commit(request.name, changeOfFailure(request, failure, this.#now()))
      this.#announce(request.name, request.phase)
      return 'next'
    }
    if (request.cancelRequested !== null && !mustRunToEnd(request.phase)) return this.#abandoned(request)
    const outcome = {
      kind: 'wait',
      reason: 'UnknownTarget',
      message: mustRunToEnd(request.phase)
        ? `${message}; put it back into the configuration to finish this restore`
        : `${message}; put it back into the configuration to finish this restore, or: modosu cancel ${request.name}`,
      afterMs: 60_000,
    } as const
    this.#options.log.error(outcome.message, { request: request.name, uid: request.uid })
    return this.#wait(request, outcome)
  }

  /**
   * What the request waits for where it has not got its target's lock. A lock that cannot be had at all ends a restore that
   * has changed nothing; one that has swapped must neither go on nor go back without it.
   */
  #waitForLock(request: StoredRequest, target: Target): Extract<Outcome, { kind: 'wait' }> | null {
    try {
      if (this.#lock(request)) return null
    } catch (error) {
      if (TRANSITIONS[request.phase as ActivePhase].untouched) throw error
      const { reason, message } = asRestoreError(error, 'LockUnavailable')
      return { kind: 'wait', reason, message, afterMs: LOCK_LOOK_MS }
    }
    const message = `another process is restoring ${target.database}`
    return { kind: 'wait', reason: 'TargetLocked', message, afterMs: LOCK_LOOK_MS }
  }

  /** Called off before the application was touched: all that there is to undo are files of our own. */
  async #abandoned(request: StoredRequest): Promise<'next'> {
    const { database } = request.work
    const lock = () => database === undefined || this.#options.locks.acquire(database)
    const untidy = await attempt(this.#options, 'CleanupFailed', () =>
      discardTraces({ request, work: request.work, lock }),
    )
    const message = request.cancelRequested ?? 'cancelled'
    const stopped = 'this restore had stopped the application, and cannot start it without its target: start it by hand'
    const events =
      request.work.service?.wasActive === true ? [...untidy, warning('ServiceStartFailed', stopped)] : untidy
    const outcome = { kind: 'advance', to: 'Cancelled', reason: 'Cancelled', message, events } as const
    this.#commit(request, changeOfAdvance(request, outcome, this.#now()))
    this.#announce(request.name, request.phase)
    return 'next'
  }

  #lock(request: StoredRequest): boolean {
    const { database } = request.work
    const needed = request.spec.mode === 'Restore' && request.phase !== 'Pending' && request.phase !== 'Preflight'
    return !needed || database === undefined || this.#options.locks.acquire(database)
  }

  /** The manual's lines, each once, when the request comes to a new phase or to its end. */
  #announce(name: string, before: string): void {
    const request = this.#options.store.request(name)
    if (request === undefined || request.phase === before) return
    const { phase, status, spec } = request
    const log = this.#options.log.child({ request: name, uid: request.uid, target: spec.target, phase })
    if (!isTerminal(phase)) {
      const { step } = TRANSITIONS[phase]
      const previous = TRANSITIONS[before as ActivePhase].step
      if (step !== null && step !== previous && spec.mode === 'Restore') log.info(TEXTS.ja.steps[step])
      else log.info(`phase ${phase}`)
      return
    }
    this.#recovered.delete(name)
    const { reason, durationSeconds, downtimeMs, applicationDowntimeMs, application } = status
    const fields = { reason, durationSeconds, downtimeMs, applicationDowntimeMs, application: application?.state }
    announceEnd(log, request, { ...fields, auditHead: this.#options.store.auditHead()?.hash })
  }

  #now(): number {
    return this.#options.clock.nowMs()
  }
}

function warning(reason: string, message: string): EventInput {
  return { type: 'Warning', reason, message }
}

function announceEnd(log: Log, { phase, status }: StoredRequest, fields: Record<string, unknown>): void {
  const message = status.message ?? phase
  const rolledBack = status.conditions.some(
    (condition) => condition.type === 'RolledBack' && condition.status === 'True',
  )
  if (phase === 'Succeeded') log.info(message, fields)
  else if (phase === 'Cancelled' || phase === 'Expired' || phase === 'Rejected')
    log.warn(`${phase}: ${message}`, fields)
  else log.error(`${phase}: ${message}`, { ...fields, hint: status.hint })
  if (rolledBack) log.warn(LOG_LINES.rollbackCompleted)
  if (phase === 'RollbackFailed') log.error(LOG_LINES.rollbackFailed(message))
}

function unwrap(thrown: unknown): { error: RestoreError; findings: Findings } {
  if (thrown instanceof FailedWith) return { error: reasoned(thrown.cause), findings: thrown.findings }
  return { error: reasoned(thrown), findings: {} }
}

/**
 * What the system or SQLite refused is told by its own reason. Not tried again, unlike the same in a child that works on a
 * copy: a failed sync would succeed the second time without the data being on the disk.
 */
function reasoned(thrown: unknown): RestoreError {
  if (thrown instanceof RestoreError || codeOf(thrown) === undefined) return asRestoreError(thrown, 'InternalError')
  const { message, reason, hint = '' } = databaseError(thrown, '')
  return new RestoreError(message, { reason, hint, cause: thrown })
}

function overdue({ request }: PhaseContext): { error: RestoreError; findings: Findings } {
  const message = `the restore did not end within activeDeadlineSeconds (${request.spec.activeDeadlineSeconds} s)`
  const hint =
    'nothing was changed; raise spec.activeDeadlineSeconds, or find out what is slow: modosu describe request'
  return { error: new RestoreError(message, { reason: 'DeadlineExceeded', hint }), findings: {} }
}
