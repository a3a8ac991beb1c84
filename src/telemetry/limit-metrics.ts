/** What limits and judges restores: checks, the rate limit, the recovery time objective, and audit records that failed. */

import { CLOCK_SKEW_MS, type Clock } from '../domain/clock.ts'
import type { CheckName, CheckResult } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import { createInstruments, type Definitions, type Instruments, type Scope } from './metric.ts'
import type { RequestSource } from './state-source.ts'
import { CHECK_RESULTS } from './telemetry.ts'

export const CHECK_NAMES = [
  'file_exists',
  'checksum',
  'integrity',
  'foreign_keys',
  'completeness',
  'restored_identity',
  'restored_integrity',
  'health',
  'smoke',
  'login',
  'safety_integrity',
] as const satisfies readonly CheckName[]

export const LIMIT_METRICS = {
  checks: {
    name: 'modosu_checks_total',
    type: 'counter',
    help: 'Checks of backups and restored databases since the daemon started, by result. warn: passed with a remark. skip: nothing to check against, such as a backup without a recorded checksum.',
    labels: { target: 'target', check: CHECK_NAMES, result: CHECK_RESULTS },
    birth: 'zero',
  },
  rateLimited: {
    name: 'modosu_rate_limited_total',
    type: 'counter',
    help: 'Restores that had to wait or were refused since the daemon started, because the target had its share of restores (manual Q6: 3 per hour).',
    labels: { target: 'target' },
    birth: 'zero',
  },
  remaining: {
    name: 'modosu_rate_limit_remaining',
    type: 'gauge',
    help: 'Restores that the rate limit allows now. 0: the next one waits. Checks, drills, dry runs and rollbacks do not count against it.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  objective: {
    name: 'modosu_rto_seconds',
    type: 'gauge',
    help: 'Recovery time objective of the target (configuration: targets[].rto; manual 1.5: 15 minutes).',
    labels: { target: 'target' },
    birth: 'absent',
  },
  auditFailures: {
    name: 'modosu_audit_write_failures_total',
    type: 'counter',
    help: "Audit records that could not be written where the manual expects them since the daemon started. The daemon's own log and audit (modosu get audit) tell which.",
    labels: { target: 'target' },
    birth: 'zero',
  },
} as const satisfies Definitions

export class LimitMetrics {
  readonly #instruments: Instruments<typeof LIMIT_METRICS>
  #targets: ReadonlyMap<string, Target> = new Map()
  readonly #source: Pick<RequestSource, 'interruptions'>
  readonly #clock: Clock

  constructor(scope: Scope, targets: readonly Target[], source: Pick<RequestSource, 'interruptions'>, clock: Clock) {
    this.#instruments = createInstruments(LIMIT_METRICS, scope)
    this.#source = source
    this.#clock = clock
    this.retarget(targets)
  }

  /** The limits and objectives of now. */
  retarget(targets: readonly Target[]): void {
    this.#targets = new Map(targets.map((target) => [target.name, target]))
    for (const { name, rtoMs } of targets) this.#instruments.objective.set({ target: name }, rtoMs / 1000)
  }

  checked(target: string, check: CheckName, result: CheckResult['result']): void {
    if (this.#targets.has(target)) this.#instruments.checks.inc({ target, check, result })
  }

  rateLimited(target: string): void {
    if (this.#targets.has(target)) this.#instruments.rateLimited.inc({ target })
  }

  auditWriteFailed(target: string): void {
    if (this.#targets.has(target)) this.#instruments.auditFailures.inc({ target })
  }

  /** The same sliding window that the rate limit itself uses: a restore counts until exactly `windowMs` after it. */
  refresh(): void {
    for (const { name, rateLimit } of this.#targets.values()) {
      const nowMs = this.#clock.nowMs()
      const used = this.#source.interruptions(name, nowMs - rateLimit.windowMs + 1, nowMs + CLOCK_SKEW_MS).length
      this.#instruments.remaining.set({ target: name }, Math.max(0, rateLimit.restores - used))
    }
  }
}
