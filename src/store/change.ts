/** What one step of a request changes, recorded as a whole or not at all: phase, status, events and audit together. */

import type { ConditionUpdate } from '../domain/conditions.ts'
import type { Phase } from '../domain/phases.ts'
import type { Person } from '../domain/person.ts'
import type { CheckResult, RestoreStatus } from '../domain/resource.ts'
import type { RestoreWork } from '../domain/work.ts'
import type { TickInput } from './checklists.ts'
import type { NewVerdict } from './upkeep.ts'
import type { AuditRecord, EventRecord, SafetyBackupRecord } from './rows.ts'

export type EventInput = Pick<EventRecord, 'type' | 'reason' | 'message'>
export type AuditInput = Pick<AuditRecord, 'operation' | 'actor' | 'status' | 'message' | 'backupId' | 'details'>

export interface Change {
  /** The phase that the request must be in; a change made on stale sight is refused. */
  readonly from: Phase
  /** Absent: the phase stays. */
  readonly to?: Phase
  readonly reason: string
  readonly message: string
  /** Merged over the present status; `checks` and `conditions` have fields of their own here. */
  readonly status?: Partial<Omit<RestoreStatus, 'phase' | 'checks' | 'conditions' | 'observedGeneration'>>
  /** Status fields that go away. */
  readonly clear?: readonly ('nextAttemptTime' | 'hint' | 'progress' | 'message' | 'reason')[]
  readonly checks?: readonly CheckResult[]
  readonly conditions?: readonly ConditionUpdate[]
  /** Replaces the notes as a whole. */
  readonly work?: RestoreWork
  readonly attempts?: number
  readonly held?: boolean
  readonly suspended?: boolean
  readonly cancelRequested?: string | null
  readonly approvals?: readonly string[]
  /** Who gave the approvals, as proven. */
  readonly approvers?: readonly Person[]
  /** An ended request leaves the lists. */
  readonly forgotten?: true
  readonly events?: readonly EventInput[]
  readonly audit?: readonly AuditInput[]
  /** What people have said of points of a checklist. */
  readonly ticks?: readonly TickInput[]
  /** What was found out about a backup, for the ledger. */
  readonly verdict?: NewVerdict
  readonly safetyBackup?: Pick<SafetyBackupRecord, 'path' | 'name' | 'sha256' | 'raw'>
  /** The application is about to be interrupted: counts against the rate limit, once per request. */
  readonly interruptsAtMs?: number
}
