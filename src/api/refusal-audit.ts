/** Writes what the API refuses, and who logs in, into the daemon's chained audit log; a flood of refusals is counted, not copied. */

import type { Clock } from '../domain/clock.ts'
import type { Caller } from './caller.ts'
import { actorDetails } from './caller.ts'
import type { StateStore } from '../store/store.ts'
import type { AuditInput } from '../store/change.ts'

/** Records of refusals a minute: each is a write that is synced to the disk, and none is ever deleted. */
const MOST_A_MINUTE = 30
const MINUTE_MS = 60_000

export interface Refusal {
  readonly caller: Caller | undefined
  readonly method: string
  /** The pattern of the route; null where there is none: what was asked for could be anything. */
  readonly route: string | null
  readonly status: number
  readonly address: string | null
  readonly userAgent: string | null
  readonly requestId: string
}

export class ApiAudit {
  readonly #store: Pick<StateStore, 'recordAudit'>
  readonly #clock: Clock
  #sinceMs = 0
  #written = 0
  #suppressed = 0

  constructor(store: Pick<StateStore, 'recordAudit'>, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  record(entry: Omit<AuditInput, 'backupId'>): void {
    this.#store.recordAudit('', '', { ...entry, backupId: null })
  }

  refused({ caller, method, route, status, address, userAgent, requestId }: Refusal): void {
    const nowMs = this.#clock.nowMs()
    if (nowMs - this.#sinceMs >= MINUTE_MS) {
      this.#sinceMs = nowMs
      this.#written = 0
    }
    if (this.#written >= MOST_A_MINUTE) {
      this.#suppressed += 1
      return
    }
    this.#written += 1
    const details =
      caller === undefined ? { via: 'http', credential: 'none', address, userAgent, requestId } : actorDetails(caller)
    const before = this.#suppressed === 0 ? {} : { refusalsNotRecorded: this.#suppressed }
    this.#suppressed = 0
    this.record({
      operation: 'refused',
      actor: caller?.name ?? 'unknown',
      status: 'failure',
      message: `${method} ${route ?? 'unknown route'} refused: ${status}`,
      details: { ...details, status, ...before },
    })
  }
}
