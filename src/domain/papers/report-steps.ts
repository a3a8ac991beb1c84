/** What was done, in order, by the program and by people (manual 12.2, 実施済み対応). */

import { isTerminal, TRANSITIONS, type ActivePhase, type Phase } from '../phases.ts'
import type { ReportFacts } from './report-facts.ts'
import type { ReportWords } from './report-words.ts'
import { oneLine, secondOf } from './wording.ts'

interface Line {
  readonly at: string
  readonly text: string
}

export function stepsDone(
  { transitions, acts, restarts, timezone }: ReportFacts,
  words: ReportWords,
): readonly string[] {
  const steps = transitions.flatMap(({ at, from, to }) =>
    stepText(from, to as Phase, words).map((text) => ({ at, text })),
  )
  const lines = [...steps, ...acts.flatMap((act) => actLine(act, words))]
  const timed = [...lines].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const texts = timed.map(({ at, text }) => `${secondOf(at, timezone) ?? words.unknown} ${text}`)
  const all = restarts === 0 ? texts : [...texts, words.restarts(restarts)]
  return all.length === 0 ? [words.unknown] : all
}

function actLine({ at, operation, actor }: ReportFacts['acts'][number], words: ReportWords): readonly Line[] {
  const act = words.acts[operation]
  return act === undefined ? [] : [{ at, text: words.by(act, oneLine(actor)) }]
}

/** A step is done when the next one begins; what leads elsewhere has failed, and a restart that begins again has done nothing. */
function stepText(from: string | null, to: Phase, words: ReportWords): readonly string[] {
  if (from === null || !(from in TRANSITIONS)) return []
  const phase = from as ActivePhase
  const step = words.steps[phase]
  const { next, onFailure } = TRANSITIONS[phase]
  const end = isTerminal(to) ? [words.ended(to)] : []
  if (to === next || to === 'Succeeded') return [step, ...end]
  if (to === onFailure || to === 'Failed') return [words.stepFailed(step), ...end]
  return end
}
