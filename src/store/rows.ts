/** Between the rows of the state store and the resource: the only place that knows both. */

import type { RestoreRequest } from '../domain/resource.ts'
import type { Person } from '../domain/person.ts'
import type { Phase } from '../domain/phases.ts'
import type { RestoreWork } from '../domain/work.ts'

export interface RequestRow {
  readonly seq: number
  readonly name: string
  readonly uid: string
  readonly target: string
  readonly phase: string
  readonly generation: number
  readonly origin: string
  readonly labels: string
  readonly annotations: string
  readonly spec: string
  readonly spec_hash: string
  readonly status: string
  readonly work: string
  readonly held: number
  readonly suspended: number
  readonly cancel_requested: string | null
  readonly approvals: string
  /** Absent in a store that this version has not opened for writing yet. */
  readonly submitter?: string | null
  readonly approvers?: string | null
  readonly attempts: number
  readonly created_at: string
  readonly terminal_at: string | null
  /** Absent in a store that an older version wrote. */
  readonly resource_version?: number
  /** Absent in a store that an older version wrote and no daemon of this one has opened. */
  readonly forgotten_at?: string | null
}

/** A request as stored, with the notes that the restore keeps for itself. */
export interface StoredRequest extends RestoreRequest {
  readonly seq: number
  readonly work: RestoreWork
  /** Who submitted it, as proven; null: nobody has. */
  readonly submitter: Person | null
  /** Who approved it, as proven. */
  readonly approvers: readonly Person[]
  readonly terminalAt: string | null
  /** The number of its last change. */
  readonly resourceVersion: number
}

export function toStoredRequest(row: RequestRow): StoredRequest {
  return {
    seq: row.seq,
    name: row.name,
    uid: row.uid,
    generation: row.generation,
    origin: JSON.parse(row.origin) as StoredRequest['origin'],
    labels: JSON.parse(row.labels) as StoredRequest['labels'],
    annotations: JSON.parse(row.annotations) as StoredRequest['annotations'],
    spec: JSON.parse(row.spec) as StoredRequest['spec'],
    specHash: row.spec_hash,
    status: JSON.parse(row.status) as StoredRequest['status'],
    phase: row.phase as Phase,
    held: row.held === 1,
    suspended: row.suspended === 1,
    cancelRequested: row.cancel_requested,
    approvals: JSON.parse(row.approvals) as StoredRequest['approvals'],
    submitter: personOfText(row.submitter),
    approvers: row.approvers == null ? [] : (JSON.parse(row.approvers) as Person[]),
    attempts: row.attempts,
    createdAt: row.created_at,
    work: JSON.parse(row.work) as RestoreWork,
    terminalAt: row.terminal_at,
    resourceVersion: row.resource_version ?? 0,
    forgottenAt: row.forgotten_at ?? null,
  }
}

function personOfText(text: string | null | undefined): Person | null {
  return text == null ? null : (JSON.parse(text) as Person)
}

export interface TransitionRecord {
  readonly id: number
  readonly request: string
  readonly uid: string
  readonly from: string | null
  readonly to: string
  readonly reason: string
  readonly message: string
  readonly at: string
}

export interface EventRecord {
  readonly id: number
  readonly request: string
  readonly target: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly at: string
}

export interface AuditRecord {
  readonly id: number
  readonly at: string
  readonly operation: string
  readonly actor: string
  readonly target: string
  readonly request: string
  readonly backupId: string | null
  readonly status: 'success' | 'failure' | 'info'
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
  readonly previousHash: string
  readonly hash: string
}

export interface OutcomeRecord {
  /** Grows by one with each outcome: the table is append-only. */
  readonly rowid: number
  readonly uid: string
  readonly generation: number
  readonly request: string
  readonly target: string
  readonly source: string
  readonly mode: string
  readonly result: string
  readonly reason: string
  readonly durationMs: number | null
  readonly downtimeMs: number | null
  readonly application: string | null
  readonly applicationDowntimeMs: number | null
  readonly at: string
}

export interface SafetyBackupRecord {
  readonly path: string
  readonly name: string
  readonly target: string
  readonly request: string
  readonly sha256: string
  readonly raw: boolean
  readonly createdAt: string
}
