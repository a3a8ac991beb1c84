/**
 * The outbox of one webhook: the append-only outcomes of the state store, and a cursor that says how far they were
 * delivered. An outcome is in the outbox because it was committed; nothing else has to be written for it.
 *
 * Dying after a delivery and before its acknowledgement delivers once more at the next start; dying anywhere else
 * loses and repeats nothing.
 */

import { createHash } from 'node:crypto'

import type { EscalationLevel } from '../domain/resource.ts'
import type { OutcomeRow, OutcomeSource } from './state-source.ts'

export interface OutboxStore extends OutcomeSource {
  request(name: string):
    | {
        readonly uid: string
        readonly generation: number
        readonly status: { readonly escalation?: { readonly level: EscalationLevel; readonly acknowledged?: boolean } }
      }
    | undefined
  meta(key: string): string | undefined
  setMeta(key: string, value: string): void
}

export class Outbox {
  readonly #store: OutboxStore
  readonly #target: string
  readonly #key: string
  #cursor: number

  /**
   * Takes up where the last run left off. A webhook that is new in the configuration begins with what ends from now on:
   * it is not told the history.
   */
  constructor(store: OutboxStore, target: string, url: string, what: 'notify' | 'escalate' = 'notify') {
    this.#store = store
    this.#target = target
    this.#key = `${what}/${target}/${createHash('sha256').update(url).digest('hex').slice(0, 16)}`
    const remembered = Number(store.meta(this.#key) ?? 'NaN')
    this.#cursor = Number.isSafeInteger(remembered) ? remembered : this.#newest()
    if (!Number.isSafeInteger(remembered)) store.setMeta(this.#key, String(this.#cursor))
  }

  /** The outcomes of the target that were not acknowledged, oldest first. */
  pending(): readonly OutcomeRow[] {
    return this.#store.outcomesAfter(this.#cursor).filter((outcome) => outcome.target === this.#target)
  }

  /** The escalation of the outcome (manual 12.1); null where there is none, or the request has changed since or gone. */
  levelOf(outcome: OutcomeRow): EscalationLevel | null {
    const request = this.#store.request(outcome.request)
    if (request?.uid !== outcome.uid || request.generation !== outcome.generation) return null
    return request.status.escalation?.level ?? null
  }

  /** Whether it is an L1 that nobody has acknowledged. */
  isOpenL1(outcome: OutcomeRow): boolean {
    const request = this.#store.request(outcome.request)
    if (request?.uid !== outcome.uid || request.generation !== outcome.generation) return false
    const { escalation } = request.status
    return escalation?.level === 'L1' && escalation.acknowledged !== true
  }

  /**
   * The outcome needs no delivery any more.
   *
   * Throws what the state store throws; the outcome is not claimed again by this process even then.
   */
  acknowledge(outcome: OutcomeRow): void {
    this.#cursor = outcome.rowid
    this.#store.setMeta(this.#key, String(this.#cursor))
  }

  #newest(): number {
    return this.#store.outcomesAfter(0).at(-1)?.rowid ?? 0
  }
}
