/** What a report is made of: one request and what is recorded beside it. Whoever has a state store fills this in. */

import type { Person } from '../person.ts'
import type { RestoreRequest } from '../resource.ts'
import type { ReportSettings } from './settings.ts'

export interface ReportRequest extends RestoreRequest {
  readonly submitter: Person | null
  readonly terminalAt: string | null
}

export interface ReportEvent {
  readonly at: string
  readonly type: string
  readonly reason: string
  readonly message: string
}

/** A step of the state machine that was recorded. */
export interface ReportTransition {
  readonly at: string
  readonly from: string | null
  readonly to: string
}

/** What a person, or the program in a person's name, did: a record of the audit log. */
export interface ReportAct {
  readonly at: string
  readonly operation: string
  readonly actor: string
  readonly message: string
}

export interface ReportFacts {
  readonly request: ReportRequest
  /** Oldest first, all three. */
  readonly transitions: readonly ReportTransition[]
  readonly events: readonly ReportEvent[]
  readonly acts: readonly ReportAct[]
  /** The restore that this one takes back; null: it is no undo. */
  readonly undoes: string | null
  /** Whether there was a database before; null: not known. */
  readonly replacedOne: boolean | null
  /** How often the daemon was started while the restore was under way. */
  readonly restarts: number
  /** IANA zone of the times. */
  readonly timezone: string
  readonly settings: ReportSettings
}
