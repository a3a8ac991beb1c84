/** `source.latest` means the newest set that passes every check: a candidate that fails one makes way for the next. */

import { advanceTo, FailedWith, type Outcome, type PhaseContext } from './context.ts'
import { messageOf } from '../domain/errors.ts'
import { required } from './required.ts'
import { levelOfBad, verdictOf } from './verdicts.ts'

/**
 * Back to the preflight for the next candidate.
 *
 * @throws the failure itself where the request named one backup.
 */
export async function tryNextCandidate(context: PhaseContext, failure: FailedWith): Promise<Outcome> {
  const backup = required(context.work, 'backup')
  const verdict = await verdictOf(context, failure)
  const findings = verdict === undefined ? failure.findings : { ...failure.findings, verdict }
  if (backup.kind !== 'latest') {
    const level = verdict === undefined ? {} : { level: await levelOfBad(context, backup.id) }
    throw new FailedWith(failure.cause, { ...findings, ...level })
  }
  const message = `${backup.id} failed a check, the next newest is tried: ${messageOf(failure.cause)}`
  return advanceTo('Preflight', 'CandidateFailed', message, {
    ...findings,
    work: { rejectedCandidates: [...(context.work.rejectedCandidates ?? []), backup.id] },
    events: [{ type: 'Warning', reason: 'CandidateFailed', message }],
  })
}

/** Within the preflight: the candidate is noted, and the next one can be looked for at once. */
export function rejectCandidate(context: PhaseContext, id: string, why: string): void {
  const message = `${id} failed a check, the next newest is tried: ${why}`
  context.note(
    { rejectedCandidates: [...(context.work.rejectedCandidates ?? []), id] },
    { events: [{ type: 'Warning', reason: 'CandidateFailed', message }] },
  )
}
