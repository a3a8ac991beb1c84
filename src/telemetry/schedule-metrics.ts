/** Scheduled jobs (manual 11, item 10: the scheduler runs and its next run is set) and what pruning removed. */

import { atLeastZero, createInstruments, type Definitions, type Instruments, type Scope } from './metric.ts'
import { CRON_RESULTS, PRUNE_KINDS, type CronResult, type PruneKind, type ScheduleTelemetry } from './telemetry.ts'

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
  prunedFiles: {
    name: 'modosu_pruned_files_total',
    type: 'counter',
    help: 'Files that retention removed since the daemon started: safety backups, .broken files, or backups.',
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

  pruned(target: string, kind: PruneKind, files: number, sizeBytes: number): void {
    if (!this.#targets.has(target)) return
    this.#instruments.prunedFiles.inc({ target, kind }, atLeastZero(files))
    this.#instruments.prunedBytes.inc({ target, kind }, atLeastZero(sizeBytes))
  }
}
