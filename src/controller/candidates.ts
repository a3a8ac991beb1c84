/** `source.latest` means the newest set that passes every check: a candidate that fails one makes way for the next. */

import { failedCheck } from './checks.ts'
import { advanceTo, FailedWith, type Findings, type Outcome, type PhaseContext } from './context.ts'
import { messageOf, RestoreError } from '../domain/errors.ts'
import type { BackupNote } from '../domain/work.ts'
import { required } from './required.ts'
import type { ResolvedSource } from './source.ts'
import { levelOfBad, verdictOf, verdictOn } from './verdicts.ts'

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

/** A backup's own faults, for which `source.latest` goes on to the next one. */
const OF_THE_BACKUP: ReadonlySet<string> = new Set([
  'BackupFileNotFound',
  'BackupInProgress',
  'ChecksumMismatch',
  'DatabaseCorrupt',
  'DatabaseEncrypted',
  'NotADatabase',
])

/**
 * Within the preflight: a candidate of `source.latest` is noted as rejected, and the next one can be looked for at once. What
 * was found out about its bytes is recorded with it, for nobody else reads that header before the next restore.
 *
 * @param backup null where the set was refused before its header was read.
 * @throws the fault itself where the request named one backup, or where it is none of the backup's.
 */
export async function rejectCandidate(
  context: PhaseContext,
  { kind, set }: Pick<ResolvedSource, 'kind' | 'set'>,
  backup: BackupNote | null,
  fault: unknown,
): Promise<void> {
  if (!(fault instanceof RestoreError) || !OF_THE_BACKUP.has(fault.reason)) throw fault
  const failure = failedCheck(context, 'integrity', fault)
  const verdict = backup === null ? undefined : await verdictOn(context, backup, failure)
  const findings: Findings = verdict === undefined ? {} : { ...failure.findings, verdict }
  if (kind !== 'latest') {
    if (verdict === undefined) throw fault
    throw new FailedWith(fault, { ...findings, level: await levelOfBad(context, set.id) })
  }
  const message = `${set.id} failed a check, the next newest is tried: ${fault.message}`
  context.note(
    { rejectedCandidates: [...(context.work.rejectedCandidates ?? []), set.id] },
    { ...findings, events: [{ type: 'Warning', reason: 'CandidateFailed', message }] },
  )
}
