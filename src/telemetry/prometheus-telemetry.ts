/** Telemetry kept for Prometheus: hands each message to the metrics of its area, and writes them all out for a scrape. */

import { Registry } from 'prom-client'

import type { Clock } from '../domain/clock.ts'
import type { CheckName, CheckResult } from '../domain/resource.ts'
import type { PruneKind } from '../domain/retention.ts'
import { STATE_HOLD_KEY } from '../domain/state-hold.ts'
import type { Target } from '../domain/target.ts'
import { CatalogMetrics } from './catalog-metrics.ts'
import { ConfigurationMetrics } from './configuration-metrics.ts'
import { DiskMetrics } from './disk-metrics.ts'
import type { DiskSampler } from './disk-sampler.ts'
import { DoorMetrics } from './door-metrics.ts'
import { LimitMetrics } from './limit-metrics.ts'
import type { Scope } from './metric.ts'
import { OutcomeFeed } from './outcome-feed.ts'
import { OutcomeMetrics } from './outcome-metrics.ts'
import { PhaseMetrics } from './phase-metrics.ts'
import { registerProcessMetrics, type BuildInfo } from './process-metrics.ts'
import { ReconcilerMetrics } from './reconciler-metrics.ts'
import { RequestMetrics } from './request-metrics.ts'
import { ScheduleMetrics } from './schedule-metrics.ts'
import { SpoolMetrics } from './spool-metrics.ts'
import type { RequestView, StateSource } from './state-source.ts'
import type * as told from './telemetry.ts'

/** A look at the disk older than this is not shown any more. */
export const DISK_MAX_AGE_MS = 120_000

export interface TelemetryOptions {
  readonly targets: readonly Target[]
  /** Names of the scheduled jobs. */
  readonly jobs: readonly string[]
  readonly source: StateSource
  readonly disk: DiskSampler
  readonly build: BuildInfo
  readonly clock: Clock
}

export class PrometheusTelemetry implements told.Telemetry {
  readonly #register = new Registry()
  readonly #options: TelemetryOptions
  readonly #targetNames: Set<string>
  readonly #followers: Scope['followers'] = []
  readonly #requests: RequestMetrics
  readonly #limits: LimitMetrics
  readonly #feed: OutcomeFeed
  readonly #catalog: CatalogMetrics
  readonly #diskMetrics: DiskMetrics
  readonly #schedule: ScheduleMetrics
  readonly #spool: SpoolMetrics
  readonly #reconciler: ReconcilerMetrics
  readonly #door: DoorMetrics
  readonly #configuration: ConfigurationMetrics

  /** Rebuilds what the state store remembers; made before recovery begins, it counts recovery's ends as they come. */
  constructor(options: TelemetryOptions) {
    const { targets, jobs, source, clock } = options
    this.#targetNames = new Set(targets.map((target) => target.name))
    const scope: Scope = { register: this.#register, targetNames: this.#targetNames, jobs, followers: this.#followers }
    this.#options = options
    this.#requests = new RequestMetrics(scope)
    this.#feed = new OutcomeFeed(source, new OutcomeMetrics(scope), new PhaseMetrics(scope))
    this.#limits = new LimitMetrics(scope, targets, source, clock)
    this.#catalog = new CatalogMetrics(scope)
    this.#diskMetrics = new DiskMetrics(scope)
    this.#schedule = new ScheduleMetrics(scope)
    this.#spool = new SpoolMetrics(scope)
    this.#reconciler = new ReconcilerMetrics(scope)
    this.#door = new DoorMetrics(scope)
    this.#configuration = new ConfigurationMetrics(scope)
    this.#configuration.configurationReloaded({ success: true, atMs: clock.nowMs(), restartRequired: false })
    registerProcessMetrics(scope, options.build)
    for (const request of source.requests()) this.#requests.saw(request)
    this.#feed.refresh()
  }

  get contentType(): string {
    return this.#register.contentType
  }

  /** Everything in Prometheus' text format. Rejects where the state store cannot be read: no scrape beats a wrong one. */
  async render(): Promise<string> {
    this.#feed.refresh()
    this.#requests.refresh()
    this.#limits.refresh()
    this.#configuration.stateHeld((this.#options.source.meta(STATE_HOLD_KEY) ?? '') !== '')
    for (const name of this.#targetNames) {
      this.#diskMetrics.show(name, this.#options.disk.latest(name, DISK_MAX_AGE_MS))
    }
    return this.#register.metrics()
  }

  /** The targets of now: series of new ones are born, those of targets that are gone end. */
  retarget(targets: readonly Target[]): void {
    const now = new Set(targets.map(({ name }) => name))
    const come = [...now].filter((name) => !this.#targetNames.has(name))
    const gone = [...this.#targetNames].filter((name) => !now.has(name))
    for (const name of gone) this.#targetNames.delete(name)
    for (const name of come) this.#targetNames.add(name)
    for (const follow of this.#followers) follow(come, gone)
    this.#limits.retarget(targets)
  }

  configurationReloaded(reload: told.ConfigurationReload): void {
    this.#configuration.configurationReloaded(reload)
  }

  clockBelieved(believed: boolean): void {
    this.#schedule.clockBelieved(believed)
  }

  requestCommitted(request: RequestView, change: told.CommittedChange): void {
    this.#requests.saw(request)
    for (const { name, result } of change.checks ?? []) this.#limits.checked(request.spec.target, name, result)
  }

  rateLimited(target: string): void {
    this.#limits.rateLimited(target)
  }

  checkFinished(target: string, check: CheckName, result: CheckResult['result']): void {
    this.#limits.checked(target, check, result)
  }

  auditWriteFailed(target: string): void {
    this.#limits.auditWriteFailed(target)
  }

  backupsListed(...listing: Parameters<told.BackupTelemetry['backupsListed']>): void {
    this.#catalog.listed(...listing)
  }

  pruned(target: string, kind: PruneKind, files: number, sizeBytes: number): void {
    this.#schedule.pruned(target, kind, files, sizeBytes)
  }

  retentionShort(target: string, missingBytes: number): void {
    this.#schedule.retentionShort(target, missingBytes)
  }

  cronScheduled(job: string, nextRunMs: number | null, lastSuccessMs?: number): void {
    this.#schedule.cronScheduled(job, nextRunMs, lastSuccessMs)
  }

  cronFinished(job: string, result: told.CronResult, atMs: number): void {
    this.#schedule.cronFinished(job, result, atMs)
  }

  spoolScanned(files: Readonly<Record<told.SpoolState, number>>, atMs: number): void {
    this.#spool.spoolScanned(files, atMs)
  }

  spoolScanFailed(): void {
    this.#spool.spoolScanFailed()
  }

  queueAdded(): void {
    this.#reconciler.queueAdded()
  }

  queueRetried(): void {
    this.#reconciler.queueRetried()
  }

  queueDepth(depth: number): void {
    this.#reconciler.queueDepth(depth)
  }

  queueTaken(waitedMs: number): void {
    this.#reconciler.queueTaken(waitedMs)
  }

  queueDone(workedMs: number): void {
    this.#reconciler.queueDone(workedMs)
  }

  reconciled(result: told.ReconcileResult, tookMs: number): void {
    this.#reconciler.reconciled(result, tookMs)
  }

  loginFailed(reason: told.LoginFailure): void {
    this.#door.loginFailed(reason)
  }

  notificationDelivered(target: string): void {
    this.#door.notificationDelivered(target)
  }

  notificationAttemptFailed(target: string): void {
    this.#door.notificationAttemptFailed(target)
  }

  notificationAbandoned(target: string): void {
    this.#door.notificationAbandoned(target)
  }

  notificationsPending(target: string, count: number): void {
    this.#door.notificationsPending(target, count)
  }
}
