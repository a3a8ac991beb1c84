/** Where each of the manual's five steps stands (3.2, step 7), read out of the phases that a request has gone through. */

import { isTerminal, TRANSITIONS, type Phase, type ProgressStep } from './phases.ts'

export const STEPS = [1, 2, 3, 4, 5] as const satisfies readonly ProgressStep[]

export type StepState = 'waiting' | 'running' | 'done' | 'skipped' | 'failed'
export type StepStates = Readonly<Record<ProgressStep, StepState>>

/** One edge that was walked, as the state store records it. */
export interface Walked {
  readonly from: string | null
  readonly to: string
  /** RFC 3339. */
  readonly at?: string
}

const NOTHING_YET: StepStates = { 1: 'waiting', 2: 'waiting', 3: 'waiting', 4: 'waiting', 5: 'waiting' }

/**
 * Replays the phases in their order. The record of the walk is complete where polling may miss a short phase.
 *
 * A step that was jumped over (a restore that waives its safety backup, a drill) is `skipped`; a walk that went back, after
 * a crash of the daemon, begins those steps again.
 */
export function stepStates(walk: readonly Walked[]): StepStates {
  return walk.reduce<StepStates>((states, { from, to }) => {
    if (to === 'Succeeded') return settle(states, 'done')
    if (to === 'RollingBack' || (isTerminal(to as Phase) && from !== 'RollingBack')) return fail(states)
    const step = stepOf(to)
    return step === null ? rewind(states, to) : enter(states, step)
  }, NOTHING_YET)
}

/** When the step began in which the request is now, in milliseconds since the epoch; undefined where it is in none. */
export function stepSinceMs(walk: readonly Walked[]): number | undefined {
  const current = stepOf(walk.at(-1)?.to ?? '')
  if (current === null) return undefined
  const before = walk.findLastIndex(({ to }) => stepOf(to) !== current)
  const sinceMs = Date.parse(walk[before + 1]?.at ?? '')
  return Number.isNaN(sinceMs) ? undefined : sinceMs
}

function stepOf(phase: string): ProgressStep | null {
  return phase in TRANSITIONS ? TRANSITIONS[phase as keyof typeof TRANSITIONS].step : null
}

function map(states: StepStates, next: (step: ProgressStep, state: StepState) => StepState): StepStates {
  return Object.fromEntries(STEPS.map((step) => [step, next(step, states[step])])) as unknown as StepStates
}

function enter(states: StepStates, entered: ProgressStep): StepStates {
  return map(states, (step, state) => {
    if (step > entered) return 'waiting'
    if (step === entered) return 'running'
    if (state === 'running') return 'done'
    return state === 'waiting' ? 'skipped' : state
  })
}

/** Back to a phase before the first step. */
function rewind(states: StepStates, to: string): StepStates {
  return to === 'Pending' || to === 'Preflight' ? NOTHING_YET : states
}

/** What never began when all was well is not part of this mode. */
function settle(states: StepStates, running: StepState): StepStates {
  return map(states, (_step, state) => (state === 'running' ? running : state === 'waiting' ? 'skipped' : state))
}

function fail(states: StepStates): StepStates {
  return map(states, (_step, state) => (state === 'running' ? 'failed' : state))
}
