/**
 * From what a phase gave back to what is recorded: phase, status, conditions, events and audit in one change, so that
 * every outcome is seen everywhere or nowhere.
 */

import type { ConditionType, ConditionUpdate } from '../domain/conditions.ts'
import type { RestoreError } from '../domain/errors.ts'
import { isTerminal, TRANSITIONS, type ActivePhase, type Phase, type TerminalPhase } from '../domain/phases.ts'
import type { EscalationLevel, RestoreStatus } from '../domain/resource.ts'
import type { AuditInput, Change, EventInput } from '../store/change.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Findings, Outcome } from './context.ts'
import { MODE_RULES } from './modes/table.ts'

/** The condition that a phase's failure makes false. */
const CONDITION_OF: Readonly<Record<ActivePhase, ConditionType>> = {
  Pending: 'Accepted',
  Preflight: 'PreflightPassed',
  SafetyBackup: 'SafetyBackupTaken',
  VerifyingChecksum: 'BackupVerified',
  VerifyingBackup: 'BackupVerified',
  Quiescing: 'Swapped',
  Swapping: 'Swapped',
  VerifyingRestored: 'RestoredVerified',
  Resuming: 'ServiceHealthy',
  RollingBack: 'RolledBack',
}

/** Manual 12.1; a request that was never run, or was called off, needs nobody, nor does one that changes nothing. */
const LEVEL_OF: Readonly<Record<TerminalPhase, EscalationLevel | null>> = {
  Succeeded: 'L1',
  Failed: 'L1',
  RolledBack: 'L2',
  RollbackFailed: 'L3',
  Rejected: null,
  Cancelled: null,
  Expired: null,
}

export function changeOfAdvance(
  request: StoredRequest,
  outcome: Extract<Outcome, { kind: 'advance' }>,
  nowMs: number,
): Change {
  const from = request.phase as ActivePhase
  const to = outcome.to ?? TRANSITIONS[from].next
  const failure = from === 'RollingBack' ? request.work.failure : undefined
  const reason = failure?.reason ?? outcome.reason
  const message = failure?.message ?? outcome.message
  const base = {
    from,
    to,
    ...merged(request, outcome),
    attempts: 0,
    events: [...(outcome.events ?? []), { type: 'Normal', reason: outcome.reason, message: outcome.message } as const],
  }
  if (!isTerminal(to)) {
    const conditions = [...(outcome.conditions ?? []), reconciling(to)]
    return { ...base, reason, message, conditions, clear: ['nextAttemptTime', 'hint', 'reason', 'message', 'progress'] }
  }
  return ended(
    request,
    { ...base, reason, message, conditions: outcome.conditions ?? [] },
    to,
    nowMs,
    failure?.hint ?? null,
  )
}

export function changeOfWait(request: StoredRequest, outcome: Extract<Outcome, { kind: 'wait' }>): Change {
  const same = request.status.reason === outcome.reason && request.status.message === outcome.message
  const events: EventInput[] = same ? [] : [{ type: 'Normal', reason: outcome.reason, message: outcome.message }]
  const { reason, message } = outcome
  return {
    from: request.phase,
    ...merged(request, outcome),
    reason,
    message,
    status: { ...outcome.status, reason, message },
    conditions: [...(outcome.conditions ?? []), reconciling(request.phase, reason, message)],
    events: [...(outcome.events ?? []), ...events],
  }
}

/** A failed restore that could not be rolled back for want of a safety backup needs the same people as a failed rollback. */
function levelOf(
  { spec, work }: StoredRequest,
  change: Change,
  to: TerminalPhase,
  found: EscalationLevel | undefined,
): EscalationLevel | null {
  if (spec.mode !== 'Restore') return null
  const application = change.status?.application
  // Everything automatic has been tried, and nobody can work: not a matter of half an hour (decision 0057).
  if (to !== 'Succeeded' && application?.state === 'ApplicationDown' && application.ranBefore !== false) return 'L3'
  // Manual 12.1: all backups are bad, or several are.
  if (change.reason === 'NoRestorableBackup') return 'L3'
  if (to === 'Succeeded' && (work.rejectedCandidates ?? []).length > 1) return 'L2'
  const left = (change.conditions ?? []).some(({ type, status }) => type === 'RolledBack' && status === 'False')
  if (to === 'Failed' && left) return 'L3'
  return to === 'Failed' && found !== undefined ? found : LEVEL_OF[to]
}

/** How a failed phase is told, wherever it leads. */
export interface FailureRecord {
  readonly error: RestoreError
  readonly findings: Findings
  readonly to: Phase
  /** What the way out found, such as an application that did not start again. */
  readonly events: readonly EventInput[]
  readonly conditions: readonly ConditionUpdate[]
  readonly status: NonNullable<Findings['status']>
}

export function changeOfFailure(request: StoredRequest, failure: FailureRecord, nowMs: number): Change {
  const from = request.phase as ActivePhase
  const { error, findings, to } = failure
  const hint = error.hint ?? null
  const event: EventInput = { type: 'Warning', reason: error.reason, message: error.message }
  const base: Change = {
    from,
    to,
    reason: error.reason,
    message: error.message,
    ...merged(request, findings),
    status: { ...findings.status, ...failure.status },
    attempts: 0,
    conditions: [
      ...(findings.conditions ?? []),
      { type: CONDITION_OF[from], status: 'False', reason: error.reason, message: error.message },
      ...failure.conditions,
    ],
    events: [...(findings.events ?? []), event, ...failure.events],
  }
  if (isTerminal(to)) return ended(request, base, to, nowMs, hint, findings.level)
  const failureNote = { phase: from, reason: error.reason, message: error.message, hint }
  return {
    ...base,
    status: { ...base.status, reason: error.reason, message: error.message, ...(hint === null ? {} : { hint }) },
    work: { ...request.work, ...findings.work, failure: failureNote },
    conditions: [...(base.conditions ?? []), reconciling(to)],
  }
}

/** Everything that a terminal phase says besides the phase itself. */
function ended(
  request: StoredRequest,
  change: Change,
  to: TerminalPhase,
  nowMs: number,
  why: string | null,
  found?: EscalationLevel,
): Change {
  const { reason, message } = change
  const hint = hintOf(change.status?.application?.hint, why)
  const level = levelOf(request, change, to, found)
  const status: Change['status'] = {
    ...change.status,
    reason,
    message,
    completionTime: new Date(nowMs).toISOString(),
    ...durationOf(request.status, nowMs),
    ...(hint === null ? {} : { hint }),
    ...(level === null ? {} : { escalation: { level, acknowledged: false } }),
  }
  return {
    ...change,
    status,
    clear: ['nextAttemptTime', 'progress', ...(hint === null ? (['hint'] as const) : [])],
    conditions: [
      ...(change.conditions ?? []),
      { type: 'Succeeded', status: to === 'Succeeded' ? 'True' : 'False', reason, message },
      { type: 'Reconciling', status: 'False', reason, message },
      { type: 'Stalled', status: to === 'RollbackFailed' ? 'True' : 'False', reason, message },
    ],
    audit: [...(change.audit ?? []), auditOf(request, change, to)],
  }
}

/** How to bring the application up comes first: its users wait. */
function hintOf(start: string | undefined, why: string | null): string | null {
  if (start === undefined) return why
  return [`the application is down: ${start}`, ...(why === null ? [] : [why])].join('; ')
}

function auditOf(request: StoredRequest, change: Change, to: TerminalPhase): AuditInput {
  const { spec } = request
  const work = { ...request.work, ...change.work }
  return {
    operation: MODE_RULES[spec.mode].operation,
    actor: request.submitter?.name ?? spec.requestedBy ?? actorOf(request),
    backupId: work.backup?.id ?? spec.source.backupId ?? null,
    status: to === 'Succeeded' ? 'success' : 'failure',
    message: to === 'Succeeded' ? change.message : `${to}: ${change.message}`,
    details: {
      uid: request.uid,
      generation: request.generation,
      phase: to,
      reason: change.reason,
      application: change.status?.application?.state ?? null,
      specHash: request.specHash,
      origin: request.origin,
      requestReason: spec.reason ?? null,
      requestedBy: spec.requestedBy ?? null,
      safetyBackup: work.safety?.name ?? null,
      stagedSha256: work.staged?.sha256 ?? null,
    },
  }
}

function actorOf({ origin }: StoredRequest): string {
  return origin.kind === 'Spool' ? `spool:${origin.file}` : origin.client
}

function durationOf(status: RestoreStatus, nowMs: number): { durationSeconds?: number } {
  if (status.startTime === undefined) return {}
  return { durationSeconds: Math.max(0, nowMs - Date.parse(status.startTime)) / 1000 }
}

function reconciling(phase: Phase, reason: string = phase, message = `in phase ${phase}`): ConditionUpdate {
  return { type: 'Reconciling', status: 'True', reason, message }
}

function merged(
  request: StoredRequest,
  findings: Findings,
): Pick<Change, 'status' | 'checks' | 'work' | 'safetyBackup' | 'verdict'> {
  return {
    ...(findings.status === undefined ? {} : { status: findings.status }),
    ...(findings.checks === undefined ? {} : { checks: findings.checks }),
    ...(findings.work === undefined ? {} : { work: { ...request.work, ...findings.work } }),
    ...(findings.verdict === undefined ? {} : { verdict: findings.verdict }),
    ...(findings.safetyBackup === undefined ? {} : { safetyBackup: findings.safetyBackup }),
  }
}
