/**
 * What the other layers tell telemetry. Each takes the slice that it needs by structure; nothing here throws, because a
 * figure that cannot be kept must not end a restore.
 *
 * Times are milliseconds since the epoch, durations are milliseconds; the metrics turn them into seconds.
 */

import type { PassedOverReason } from '../domain/passed-over.ts'
import type { BackupType, CheckName, CheckResult } from '../domain/resource.ts'
import type { PruneKind } from '../domain/retention.ts'
import type { RequestView } from './state-source.ts'

export const RECONCILE_RESULTS = ['success', 'error', 'requeue', 'requeue_after'] as const
export const CRON_RESULTS = ['success', 'failure', 'skipped'] as const
export const SPOOL_STATES = ['accepted', 'rejected', 'elsewhere', 'ignored'] as const
export const LOGIN_FAILURES = [
  'bad_credentials',
  'rate_limited',
  'invalid_token',
  'expired_token',
  'identity_provider',
  'reauth',
] as const
export const CHECK_RESULTS = ['pass', 'fail', 'warn', 'skip'] as const satisfies readonly CheckResult['result'][]

/** controller-runtime's own values of `result`. */
export type ReconcileResult = (typeof RECONCILE_RESULTS)[number]
export type CronResult = (typeof CRON_RESULTS)[number]
export type SpoolState = (typeof SPOOL_STATES)[number]
export type LoginFailure = (typeof LOGIN_FAILURES)[number]

/** A backup set as the last listing of the catalog and the last verification found it. */
export interface BackupObservation {
  readonly type: BackupType
  readonly status: 'success' | 'failure' | 'deleted' | 'in_progress'
  readonly createdAtMs: number
  /** Nothing that is known speaks against restoring it; a set whose last verification failed is not restorable. */
  readonly restorable: boolean
  /** The last verification of this set failed. */
  readonly verifyFailed: boolean
  /** Dated in the future: nothing chooses it by its age. */
  readonly future: boolean
}

/** The part of a store's change that is counted. */
export interface CommittedChange {
  readonly checks?: readonly Pick<CheckResult, 'name' | 'result'>[]
}

export interface ReconcilerTelemetry {
  queueAdded(): void
  queueRetried(): void
  /** Items that wait, those being worked on not among them. */
  queueDepth(depth: number): void
  queueTaken(waitedMs: number): void
  queueDone(workedMs: number): void
  reconciled(result: ReconcileResult, tookMs: number): void
}

export interface RestoreTelemetry {
  /** After each commit of the state store, in order: made to be its commit listener. */
  requestCommitted(request: RequestView, change: CommittedChange): void
  /** A restore has to wait, or was refused, because of the rate limit (manual Q6); once per request. */
  rateLimited(target: string): void
  /** A check outside a request, such as a scheduled verification. */
  checkFinished(target: string, check: CheckName, result: CheckResult['result']): void
  /** The audit record could not be written where it belongs: into the target's own table, or into the daemon's log. */
  auditWriteFailed(target: string): void
}

export interface BackupTelemetry {
  /**
   * The whole listing of a target; replaces the one before.
   *
   * @param passedOver how many files look like backups and are not listed, by reason; a reason that is absent has none.
   */
  backupsListed(
    target: string,
    backups: readonly BackupObservation[],
    passedOver?: Partial<Readonly<Record<PassedOverReason, number>>>,
  ): void
  pruned(target: string, kind: PruneKind, files: number, sizeBytes: number): void
  /** Bytes missing up to the configured floor when everything that may be deleted is gone; 0: there is room. */
  retentionShort(target: string, missingBytes: number): void
}

export interface ScheduleTelemetry {
  /**
   * A job's next run, null where it has none; at the start and as soon as a run begins, so that a long run is not taken
   * for a missed one.
   *
   * @param lastSuccessMs the last success that is remembered from before the start, where there is one.
   */
  cronScheduled(job: string, nextRunMs: number | null, lastSuccessMs?: number): void
  cronFinished(job: string, result: CronResult, atMs: number): void
}

export interface SpoolTelemetry {
  /** A scan ended; `files` counts every file of the spool in one state each. */
  spoolScanned(files: Readonly<Record<SpoolState, number>>, atMs: number): void
  spoolScanFailed(): void
}

export type ConfigurationReload =
  { readonly success: true; readonly atMs: number; readonly restartRequired: boolean } | { readonly success: false }

export interface ConfigurationTelemetry {
  configurationReloaded(reload: ConfigurationReload): void
}

export interface ClockTelemetry {
  /** Whether the system's clock is believed; false: nothing is deleted for its age. */
  clockBelieved(believed: boolean): void
}

export interface DoorTelemetry {
  loginFailed(reason: LoginFailure): void
}

export interface NotificationTelemetry {
  notificationDelivered(target: string): void
  notificationAttemptFailed(target: string): void
  /** Given up for good, after every attempt that its age allows. */
  notificationAbandoned(target: string): void
  notificationsPending(target: string, count: number): void
}

export interface Telemetry
  extends
    ReconcilerTelemetry,
    RestoreTelemetry,
    BackupTelemetry,
    ScheduleTelemetry,
    SpoolTelemetry,
    ConfigurationTelemetry,
    ClockTelemetry,
    DoorTelemetry,
    NotificationTelemetry {}
