/** What a mode decides of the way that every request goes. The phases ask it; none of them asks which mode it is. */

import type { CheckReport, StageRequest } from '../../database/contract.ts'
import type { IdentityNote, BackupNote, CurrentNote } from '../../domain/work.ts'
import type { Target } from '../../domain/target.ts'
import type { Findings, Outcome, PhaseContext } from '../context.ts'

/** The database as the mode has to know it. */
export interface Survey {
  /** Its path: links resolved where the mode changes it. */
  readonly database: string
  readonly current: CurrentNote
  /** Its directory; null: it was not looked at, or is not there. */
  readonly folder: IdentityNote | null
}

/** Where the copy of the backup is made, and whose it is. */
export type Staging = Pick<StageRequest, 'staged' | 'attributesOf' | 'ownership'>

export interface ModeRules {
  /** The word for it in the audit log. */
  readonly operation: string
  /**
   * Whether the configuration has what the mode needs. Absent: it needs nothing.
   *
   * @throws RestoreError what it lacks.
   */
  readonly requireConfigured?: (target: Target) => void
  /** Directories of the target, besides that of its backups, for which a request waits before it begins. */
  readonly folders: (target: Target) => readonly string[]
  /**
   * Looks at everything outside the backup before anything of it is copied. Changes nothing.
   *
   * @throws RestoreError what stands against the request.
   */
  readonly survey: (context: PhaseContext, backup: BackupNote) => Promise<Survey>
  readonly staging: (context: PhaseContext) => Promise<Staging>
  /** Whether the copy has to belong to the application of the present database. */
  readonly replacesDatabase: boolean
  /** What follows once the copy is proven. */
  readonly conclude: (context: PhaseContext, report: CheckReport, findings: Findings) => Promise<Outcome>
  /** Removes what the request has left outside the database's directory. Repeatable. Absent: nothing but the staged copy. */
  readonly discard?: (work: PhaseContext['work']) => Promise<void>
}
