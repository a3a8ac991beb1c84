/**
 * How long the phases of a restore took, from the append-only transitions of the state store. A request's phases are
 * booked when it ends, to the target that its outcome names: an edit may have moved it to another target before it
 * began, and booking earlier would count differently after a restart.
 */

import { ACTIVE_PHASES, isTerminal, type ActivePhase, type Phase } from '../domain/phases.ts'
import { createInstruments, secondsOf, type Definitions, type Instruments, type Scope } from './metric.ts'
import type { OutcomeRow, TransitionRow } from './state-source.ts'

export const PHASE_METRICS = {
  duration: {
    name: 'modosu_phase_duration_seconds',
    type: 'histogram',
    help: 'How long each phase of a restore, drill or dry run lasted, waiting (Pending) and time with the daemon down included; booked when the request ends.',
    labels: { target: 'target', phase: ACTIVE_PHASES },
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600],
    birth: 'zero',
  },
} as const satisfies Definitions

interface Interval {
  readonly phase: ActivePhase
  readonly durationMs: number
}

/** One way of a request to a terminal phase; an edit of a rejected request begins another. */
interface Run {
  readonly intervals: Interval[]
  phase: Phase
  sinceMs: number
}

export class PhaseMetrics {
  readonly #instruments: Instruments<typeof PHASE_METRICS>
  readonly #targets: ReadonlySet<string>
  readonly #open = new Map<string, Run>()
  readonly #ended = new Map<string, Run[]>()

  constructor(scope: Scope) {
    this.#instruments = createInstruments(PHASE_METRICS, scope)
    this.#targets = scope.targetNames
  }

  /** Takes each transition once, oldest first. */
  follow(transition: TransitionRow): void {
    const to = transition.to as Phase
    const atMs = Date.parse(transition.at)
    const run = this.#open.get(transition.uid)
    if (run === undefined) {
      if (!isTerminal(to)) this.#open.set(transition.uid, { intervals: [], phase: to, sinceMs: atMs })
      return
    }
    if (!isTerminal(run.phase)) run.intervals.push({ phase: run.phase, durationMs: atMs - run.sinceMs })
    run.phase = to
    run.sinceMs = atMs
    if (!isTerminal(to)) return
    this.#open.delete(transition.uid)
    this.#ended.set(transition.uid, [...(this.#ended.get(transition.uid) ?? []), run])
  }

  /** Takes each outcome once, after the transition that led to it. */
  book(outcome: OutcomeRow): void {
    const [run, ...later] = this.#ended.get(outcome.uid) ?? []
    if (later.length === 0) this.#ended.delete(outcome.uid)
    else this.#ended.set(outcome.uid, later)
    if (run === undefined || !this.#targets.has(outcome.target)) return
    for (const { phase, durationMs } of run.intervals) {
      this.#instruments.duration.observe({ target: outcome.target, phase }, secondsOf(durationMs))
    }
  }
}
