/** How the drills of each target ended, out of the append-only outcomes: a call costs what has ended since the last one. */

import type { OutcomeRecord } from '../../store/rows.ts'
import type { StateReader } from '../../store/reader.ts'

const BATCH = 1000

export interface DrillHistory {
  readonly last: OutcomeRecord | null
  /** RFC 3339; null: none has ever succeeded. */
  readonly lastSuccessAt: string | null
}

const NONE: DrillHistory = { last: null, lastSuccessAt: null }

export class Drills {
  readonly #reader: Pick<StateReader, 'outcomesAfter'>
  readonly #byTarget = new Map<string, DrillHistory>()
  #lastRow = 0

  constructor(reader: Pick<StateReader, 'outcomesAfter'>) {
    this.#reader = reader
  }

  /** @throws what the state store throws; nothing is taken twice. */
  of(target: string): DrillHistory {
    for (;;) {
      const outcomes = this.#reader.outcomesAfter(this.#lastRow, BATCH)
      for (const outcome of outcomes) this.#take(outcome)
      if (outcomes.length < BATCH) return this.#byTarget.get(target) ?? NONE
    }
  }

  #take(outcome: OutcomeRecord): void {
    this.#lastRow = outcome.rowid
    if (outcome.mode !== 'Drill') return
    const { lastSuccessAt } = this.#byTarget.get(outcome.target) ?? NONE
    this.#byTarget.set(outcome.target, {
      last: outcome,
      lastSuccessAt: outcome.result === 'Succeeded' ? outcome.at : lastSuccessAt,
    })
  }
}
