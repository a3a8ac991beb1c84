/** Brings what is new in the append-only tables to the metrics that count it: a scrape costs what happened since the last. */

import type { OutcomeMetrics } from './outcome-metrics.ts'
import type { PhaseMetrics } from './phase-metrics.ts'
import type { OutcomeSource, TransitionSource } from './state-source.ts'

export class OutcomeFeed {
  readonly #source: OutcomeSource & TransitionSource
  readonly #outcomes: OutcomeMetrics
  readonly #phases: PhaseMetrics
  #lastOutcome = 0
  #lastTransition = 0

  constructor(source: OutcomeSource & TransitionSource, outcomes: OutcomeMetrics, phases: PhaseMetrics) {
    this.#source = source
    this.#outcomes = outcomes
    this.#phases = phases
  }

  /** Throws what the state store throws; what was taken before stays taken, and nothing is taken twice. */
  refresh(): void {
    // Outcomes first: then the transitions that led to them are among those read after.
    const outcomes = this.#source.outcomesAfter(this.#lastOutcome)
    for (const transition of this.#source.transitionsAfter(this.#lastTransition)) {
      this.#lastTransition = transition.id
      this.#phases.follow(transition)
    }
    for (const outcome of outcomes) {
      this.#lastOutcome = outcome.rowid
      this.#outcomes.count(outcome)
      this.#phases.book(outcome)
    }
  }
}
