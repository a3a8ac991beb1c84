/** Scheduled jobs (manual 11, item 10: the scheduler runs and its next run is set) and what pruning removed. */

import { PRUNE_KINDS, type PruneKind } from '../domain/retention.ts'
import { atLeastZero, createInstruments, type Definitions, type Instruments, type Scope } from './metric.ts'
import { CRON_RESULTS, type CronResult, type ScheduleTelemetry } from './telemetry.ts'

export const SCHEDULE_METRICS = {
  runs: {
    name: 'modosu_cron_runs_total',
    type: 'counter',
    help: 'Runs of scheduled jobs since the daemon started. skipped: the run before had not ended.',
    labels: { job: 'job', result: CRON_RESULTS },
    birth: 'zero',
  },
  lastSuccess: {
    name: 'modosu_cron_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the job last succeeded. Absent while that is not known.',
    labels: { job: 'job' },
    birth: 'absent',
  },
  nextRun: {
    name: 'modosu_cron_next_run_timestamp_seconds',
    type: 'gauge',
    help: 'When the job runs next; in the past, it was missed. Absent for a job that is not scheduled.',
    labels: { job: 'job' },
    birth: 'absent',
  },
  clockBelieved: {
    name: 'modosu_clock_believed',
    type: 'gauge',
    help: '1 while the system clock is believed. 0: it was set, or does not fit the last run, and nothing is deleted for its age; the log and the event ClockImplausible tell why. Absent until the first look.',
    labels: {},
    birth: 'absent',
  },
  prunedFiles: {
    name: 'modosu_pruned_files_total',
    type: 'counter',
    help: 'Files that retention removed since the daemon started, by kind: safety backups, displaced originals, .broken files, copies made before an SQL dump, backups.',
    labels: { target: 'target', kind: PRUNE_KINDS },
    birth: 'zero',
  },
  prunedBytes: {
    name: 'modosu_pruned_bytes_total',
    type: 'counter',
    help: 'Bytes that retention freed since the daemon started, by kind of file.',
    labels: { target: 'target', kind: PRUNE_KINDS },
    birth: 'zero',
  },
  short: {
    name: 'modosu_retention_short_bytes',
    type: 'gauge',
    help: 'Bytes that are missing up to retention.safetyBackups.minFreeBytes although everything that may be deleted is gone; above 0 somebody must make room. Absent until the first look, and without that key.',
    labels: { target: 'target' },
    birth: 'absent',
  },
} as const satisfies Definitions

export class ScheduleMetrics implements ScheduleTelemetry {
  readonly #instruments: Instruments<typeof SCHEDULE_METRICS>
  readonly #targets: ReadonlySet<string>
  readonly #jobs: ReadonlySet<string>

  constructor(scope: Scope) {
    this.#instruments = createInstruments(SCHEDULE_METRICS, scope)
    this.#targets = scope.targetNames
    this.#jobs = new Set(scope.jobs)
  }

  cronScheduled(job: string, nextRunMs: number | null, lastSuccessMs?: number): void {
    if (!this.#jobs.has(job)) return
    if (nextRunMs === null) this.#instruments.nextRun.remove({ job })
    else this.#instruments.nextRun.set({ job }, nextRunMs / 1000)
    if (lastSuccessMs !== undefined) this.#instruments.lastSuccess.set({ job }, lastSuccessMs / 1000)
  }

  cronFinished(job: string, result: CronResult, atMs: number): void {
    if (!this.#jobs.has(job)) return
    this.#instruments.runs.inc({ job, result })
    if (result === 'success') this.#instruments.lastSuccess.set({ job }, atMs / 1000)
  }

  clockBelieved(believed: boolean): void {
    this.#instruments.clockBelieved.set(Number(believed))
  }

  pruned(target: string, kind: PruneKind, files: number, sizeBytes: number): void {
    if (!this.#targets.has(target)) return
    this.#instruments.prunedFiles.inc({ target, kind }, atLeastZero(files))
    this.#instruments.prunedBytes.inc({ target, kind }, atLeastZero(sizeBytes))
  }

  retentionShort(target: string, missingBytes: number): void {
    if (this.#targets.has(target)) this.#instruments.short.set({ target }, atLeastZero(missingBytes))
  }
}
