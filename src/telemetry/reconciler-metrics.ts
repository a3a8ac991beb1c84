/**
 * The work queue and the reconciler, under the very names of Kubernetes' controller-runtime, so that dashboards and
 * habits made for controllers fit (https://book.kubebuilder.io/reference/metrics-reference).
 */

import { createInstruments, secondsOf, type Definitions, type Instruments, type Scope } from './metric.ts'
import { RECONCILE_RESULTS, type ReconcileResult, type ReconcilerTelemetry } from './telemetry.ts'

/** The one controller and its queue. */
const NAME = 'restorerequest'

/** controller-runtime's buckets, thinned, and stretched to what a restore of a large database takes. */
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600]

export const RECONCILER_METRICS = {
  reconciles: {
    name: 'controller_runtime_reconcile_total',
    type: 'counter',
    help: 'Reconciliations by result: success (nothing more to do), requeue and requeue_after (looked at, to be looked at again), error (tried again with backoff).',
    labels: { controller: [NAME], result: RECONCILE_RESULTS },
    birth: 'zero',
  },
  errors: {
    name: 'controller_runtime_reconcile_errors_total',
    type: 'counter',
    help: 'Reconciliations that ended in an error. A restore that failed by the book is no error; this is the reconciler itself.',
    labels: { controller: [NAME] },
    birth: 'zero',
  },
  time: {
    name: 'controller_runtime_reconcile_time_seconds',
    type: 'histogram',
    help: 'How long a reconciliation took; the phases of a restore run inside it.',
    labels: { controller: [NAME] },
    buckets: SECONDS,
    birth: 'zero',
  },
  depth: {
    name: 'workqueue_depth',
    type: 'gauge',
    help: 'Requests that wait in the queue for their turn; one that is being worked on is not among them.',
    labels: { name: [NAME] },
    birth: 'zero',
  },
  adds: {
    name: 'workqueue_adds_total',
    type: 'counter',
    help: 'Times that a request was put into the queue, the repetitions of workqueue_retries_total among them.',
    labels: { name: [NAME] },
    birth: 'zero',
  },
  queued: {
    name: 'workqueue_queue_duration_seconds',
    type: 'histogram',
    help: 'How long a request lay in the queue before its turn.',
    labels: { name: [NAME] },
    buckets: SECONDS,
    birth: 'zero',
  },
  worked: {
    name: 'workqueue_work_duration_seconds',
    type: 'histogram',
    help: 'How long the work on a request from the queue took.',
    labels: { name: [NAME] },
    buckets: SECONDS,
    birth: 'zero',
  },
  retries: {
    name: 'workqueue_retries_total',
    type: 'counter',
    help: 'Requests put back into the queue after an error.',
    labels: { name: [NAME] },
    birth: 'zero',
  },
} as const satisfies Definitions

export class ReconcilerMetrics implements ReconcilerTelemetry {
  readonly #instruments: Instruments<typeof RECONCILER_METRICS>

  constructor(scope: Scope) {
    this.#instruments = createInstruments(RECONCILER_METRICS, scope)
  }

  queueAdded(): void {
    this.#instruments.adds.inc({ name: NAME })
  }

  queueRetried(): void {
    this.#instruments.retries.inc({ name: NAME })
  }

  queueDepth(depth: number): void {
    this.#instruments.depth.set({ name: NAME }, depth)
  }

  queueTaken(waitedMs: number): void {
    this.#instruments.queued.observe({ name: NAME }, secondsOf(waitedMs))
  }

  queueDone(workedMs: number): void {
    this.#instruments.worked.observe({ name: NAME }, secondsOf(workedMs))
  }

  reconciled(result: ReconcileResult, tookMs: number): void {
    this.#instruments.reconciles.inc({ controller: NAME, result })
    if (result === 'error') this.#instruments.errors.inc({ controller: NAME })
    this.#instruments.time.observe({ controller: NAME }, secondsOf(tookMs))
  }
}
