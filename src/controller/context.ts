/** What a phase is given and what it gives back. A phase does one row's work; the reconciler alone records it. */

import type { ConditionUpdate } from '../domain/conditions.ts'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Phase } from '../domain/phases.ts'
import type { CheckResult, EscalationLevel } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import type { RestoreWork } from '../domain/work.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import type { ServiceOperations } from '../service/contract.ts'
import type { Change, EventInput } from '../store/change.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Reach } from './failpoints.ts'
import type { ConfirmFile } from './intake-contract.ts'

/** What a phase says besides where it leads: all of it is recorded with the step, in one transaction. */
export interface Findings {
  readonly status?: NonNullable<Change['status']>
  readonly checks?: readonly CheckResult[]
  readonly conditions?: readonly ConditionUpdate[]
  readonly events?: readonly EventInput[]
  readonly work?: Partial<RestoreWork>
  readonly safetyBackup?: NonNullable<Change['safetyBackup']>
  /** What was found out about the bytes of the backup. */
  readonly verdict?: NonNullable<Change['verdict']>
  /** How far what failed reaches (manual 12.1), where it is more than the phase alone says. */
  readonly level?: EscalationLevel
}

/** A phase that fails throws a RestoreError instead; the table says where that leads. */
export type Outcome =
  | ({ readonly kind: 'advance'; readonly to?: Phase; readonly reason: string; readonly message: string } & Findings)
  | ({ readonly kind: 'wait'; readonly reason: string; readonly message: string; readonly afterMs: number } & Findings)

/** A failure that brings findings of its own, such as the check that failed. */
export class FailedWith extends Error {
  readonly findings: Findings

  constructor(cause: unknown, findings: Findings) {
    super('a phase failed', { cause })
    this.findings = findings
  }
}

export interface Dependencies {
  readonly reader: StateReader
  readonly database: DatabaseOperations
  readonly service: ServiceOperations
  readonly clock: Clock
  readonly stateDir: string
  /** Looks at a request's file right before it starts; left out where no spool is read. */
  readonly confirmFile?: ConfirmFile
  /** Told of each point at which a test may end the process. */
  readonly reach: Reach
}

export interface PhaseContext {
  readonly request: StoredRequest
  readonly target: Target
  /** The notes as they stand now; `note` renews them. */
  readonly work: RestoreWork
  /** The first look at this request since the daemon's start: what the notes announce may or may not have happened. */
  readonly recovered: boolean
  readonly signal: AbortSignal
  readonly log: Log
  readonly deps: Dependencies
  /** Takes the target's lock, where this restore has not got it yet. False where another process has it: touch nothing then. */
  lock(): boolean
  /** Persists notes (and findings) before the act that they announce. The phase stays. */
  note(work: Partial<RestoreWork>, findings?: Findings & { readonly interruptsAtMs?: number }): void
}

export type PhaseHandler = (context: PhaseContext) => Promise<Outcome>

/** The next phase of the table, with what was found. */
export function advance(reason: string, message: string, findings: Findings = {}): Outcome {
  return { kind: 'advance', reason, message, ...findings }
}

/** A phase off the row's own path; the table names these edges too. */
export function advanceTo(to: Phase, reason: string, message: string, findings: Findings = {}): Outcome {
  return { kind: 'advance', to, reason, message, ...findings }
}

export function waitFor(reason: string, message: string, afterMs: number, findings: Findings = {}): Outcome {
  return { kind: 'wait', reason, message, afterMs, ...findings }
}
