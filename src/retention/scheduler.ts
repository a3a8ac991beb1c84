/**
 * Runs jobs by the clock (manual 11, item 10). node-cron tells the time: the cron text is matched against the wall clock
 * of the configured zone, so that a time which a spring night leaves out is left out, and one which an autumn night has
 * twice comes once. The state store remembers what was due, so that a run missed while the daemon was down, or the machine
 * asleep, is caught up with once, however many were missed.
 */

import { createTask, type ScheduledTask } from 'node-cron'

import { CLOCK_SKEW_MS, toRfc3339, type Clock } from '../domain/clock.ts'
import { asRestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { JobRecord } from '../store/upkeep.ts'
import type { StateStore } from '../store/store.ts'
import type { ScheduleTelemetry } from '../telemetry/telemetry.ts'

/** A timer that comes so much too late is no missed run: the machine was busy. */
const LATE_MS = 60_000
/** How often the system's clock is held against the daemon's. */
const LOOK_MS = 30_000
const MINUTE_MS = 60_000
/** A job that was due at any minute of the last day is due now, once. */
const MOST_MINUTES = 1440

export interface Job {
  readonly name: string
  /** Cron text; null: never. */
  readonly schedule: string | null
  /** Rejects where the job could not do its work. The signal: the daemon stops. */
  run(signal: AbortSignal): Promise<void>
}

export interface SchedulerOptions {
  readonly jobs: readonly Job[]
  readonly timezone: string
  readonly store: StateStore
  readonly telemetry: ScheduleTelemetry
  readonly clock: Clock
  readonly log: Log
}

interface Scheduled {
  readonly job: Job & { readonly schedule: string }
  readonly task: ScheduledTask
  running: Promise<void> | null
  /** Until when the minutes have been held against the cron text, while node-cron is stopped; null: it runs. */
  heldUntilMs: number | null
}

export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #scheduled: Scheduled[] = []
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  start(): void {
    for (const job of this.#options.jobs) {
      const { schedule } = job
      if (schedule === null) this.#options.telemetry.cronScheduled(job.name, null)
      else this.#schedule({ name: job.name, schedule, run: (signal) => job.run(signal) })
    }
    this.#timer = setInterval(() => {
      this.look()
    }, LOOK_MS).unref()
  }

  /** `next run scheduled` for each job: at the start, after each run, and after each restore (R140). */
  announce(): void {
    for (const scheduled of this.#scheduled) this.#announce(scheduled)
  }

  /**
   * node-cron goes by the system's clock. While that is not believed node-cron stands still, and each minute that has passed by
   * the daemon's own clock is held against the cron text: a step neither runs a job twice nor loses it for years.
   */
  look(): void {
    for (const scheduled of this.#scheduled) {
      if (this.#isClockRight()) {
        if (scheduled.heldUntilMs !== null) this.#resume(scheduled)
      } else {
        this.#hold(scheduled)
        if (this.#isDue(scheduled)) void this.#run(scheduled, false)
      }
    }
  }

  /** No run begins from now on; resolves when none is under way. */
  async stop(): Promise<void> {
    this.#abort.abort()
    clearInterval(this.#timer)
    for (const { task } of this.#scheduled) await task.destroy()
    for (const { running } of this.#scheduled) await running
  }

  #schedule(job: Scheduled['job']): void {
    const { timezone, telemetry, store } = this.#options
    const task = createTask(job.schedule, () => this.#fire(scheduled, false), {
      timezone,
      name: job.name,
      noOverlap: true,
      unref: true,
      missedExecutionTolerance: LATE_MS,
      logger: this.#logger(job.name),
    })
    const scheduled: Scheduled = { job, task, running: null, heldUntilMs: null }
    this.#scheduled.push(scheduled)
    task.on('execution:overlap', () => {
      telemetry.cronFinished(job.name, 'skipped', this.#now())
    })
    // The machine slept, or the clock jumped: told once for each time that has passed.
    task.on('execution:missed', () => this.#fire(scheduled, true))
    void task.start()
    if (!this.#isClockRight()) this.#hold(scheduled)
    const before = store.upkeep.job(job.name)
    const missed = this.#isMissed(scheduled, before)
    this.#remember(scheduled, {})
    telemetry.cronScheduled(job.name, this.#next(scheduled), before?.lastSuccessMs ?? undefined)
    this.#announce(scheduled)
    if (missed) void this.#run(scheduled, true)
  }

  /** Due while the daemon was down, under the schedule that holds today; under another one it was never due. */
  #isMissed({ job }: Scheduled, before: JobRecord | undefined): boolean {
    return before?.schedule === this.#key(job) && before.nextRunMs !== null && before.nextRunMs <= this.#now()
  }

  /** node-cron's word for it: not taken while the clock that it goes by is not believed. */
  #fire(scheduled: Scheduled, late: boolean): Promise<void> {
    if (this.#isClockRight()) return this.#run(scheduled, late)
    this.#hold(scheduled)
    return Promise.resolve()
  }

  #isClockRight(): boolean {
    return Math.abs((this.#options.clock.wallMs?.() ?? this.#now()) - this.#now()) < CLOCK_SKEW_MS
  }

  #hold(scheduled: Scheduled): void {
    if (scheduled.heldUntilMs !== null) return
    // the minutes since the last look are held against the cron text too; a run of theirs is known by its time
    scheduled.heldUntilMs = Math.max(
      this.#now() - LOOK_MS,
      Math.min(this.#options.store.upkeep.job(scheduled.job.name)?.lastRunMs ?? 0, this.#now()),
    )
    void scheduled.task.stop()
  }

  /** node-cron begins anew: what it had planned was planned by another clock. */
  #resume(scheduled: Scheduled): void {
    scheduled.heldUntilMs = null
    void scheduled.task.start()
    this.#remember(scheduled, {})
    this.#options.telemetry.cronScheduled(scheduled.job.name, this.#next(scheduled))
    this.#announce(scheduled)
  }

  /** Whether a minute that has passed since the last look is one of the cron text. */
  #isDue(scheduled: Scheduled): boolean {
    const { heldUntilMs, task } = scheduled
    if (heldUntilMs === null) return false
    const last = Math.floor(this.#now() / MINUTE_MS)
    const first = Math.max(Math.floor(heldUntilMs / MINUTE_MS) + 1, last - MOST_MINUTES)
    scheduled.heldUntilMs = this.#now()
    for (let minute = first; minute <= last; minute += 1) {
      if (task.match(new Date(minute * MINUTE_MS))) return true
    }
    return false
  }

  /** Never rejects. A run that is still under way is not joined by another. */
  #run(scheduled: Scheduled, late: boolean): Promise<void> {
    if (this.#abort.signal.aborted || (late && scheduled.running !== null)) return Promise.resolve()
    // What the catch-up of a missed run does, the regular one that comes meanwhile need not do again.
    scheduled.running ??= this.#work(scheduled, late).finally(() => {
      scheduled.running = null
    })
    return scheduled.running
  }

  async #work(scheduled: Scheduled, late: boolean): Promise<void> {
    const { telemetry, log } = this.#options
    const { name } = scheduled.job
    log.info(late ? 'a scheduled run was missed and is caught up with' : 'scheduled run begins', { job: name })
    // Before the work: a run that takes the daemon down with it is not repeated at each start.
    this.#remember(scheduled, { lastRunMs: this.#now() })
    telemetry.cronScheduled(name, this.#next(scheduled))
    try {
      await scheduled.job.run(this.#abort.signal)
      this.#remember(scheduled, { lastSuccessMs: this.#now() })
      telemetry.cronFinished(name, 'success', this.#now())
    } catch (error) {
      if (this.#abort.signal.aborted) {
        // Broken off by us: it is still due, and the next start catches up with it.
        this.#remember(scheduled, { nextRunMs: this.#now() })
        return
      }
      const { message, reason, hint } = asRestoreError(error, 'InternalError')
      log.error(`the scheduled job ${name} failed: ${message}`, { job: name, reason, hint, err: error })
      telemetry.cronFinished(name, 'failure', this.#now())
    }
    this.#announce(scheduled)
  }

  #announce(scheduled: Scheduled): void {
    const nextRunMs = this.#next(scheduled)
    if (nextRunMs === null) return
    const { name, schedule } = scheduled.job
    const { timezone } = this.#options
    this.#options.log.info('next run scheduled', { job: name, nextRun: toRfc3339(nextRunMs), schedule, timezone })
  }

  #remember({ job, task }: Scheduled, change: Partial<JobRecord>): void {
    const { upkeep } = this.#options.store
    const { lastRunMs = null, lastSuccessMs = null, nextRunMs: known = null } = upkeep.job(job.name) ?? {}
    const nextRunMs = this.#isClockRight() ? (task.getNextRun()?.getTime() ?? known) : known
    upkeep.saveJob({ job: job.name, schedule: this.#key(job), nextRunMs, lastRunMs, lastSuccessMs, ...change })
  }

  /** null: it has none, or the clock by which node-cron tells it is not believed. */
  #next({ task }: Scheduled): number | null {
    return this.#isClockRight() ? (task.getNextRun()?.getTime() ?? null) : null
  }

  #key(job: Scheduled['job']): string {
    return `${job.schedule} ${this.#options.timezone}`
  }

  #now(): number {
    return this.#options.clock.nowMs()
  }

  /** What node-cron has to say goes where everything else is said. */
  #logger(job: string) {
    const { log } = this.#options
    const text = (message: string | Error): string => (typeof message === 'string' ? message : message.message)
    return {
      info: (message: string) => {
        log.debug(message, { job })
      },
      warn: (message: string) => {
        log.warn(message, { job })
      },
      error: (message: string | Error) => {
        log.error(text(message), { job })
      },
      debug: (message: string | Error) => {
        log.debug(text(message), { job })
      },
    }
  }
}
