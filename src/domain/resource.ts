/** The RestoreRequest resource: what an operator asks for (spec) and what the daemon says of it (status). */

import type { Condition } from './conditions.ts'
import type { Placement } from './node.ts'
import type { Phase, ProgressStep } from './phases.ts'

export const API_VERSION = 'modosu.dev/v1'
export const REQUEST_KIND = 'RestoreRequest'
export const CONFIGURATION_KIND = 'Configuration'

export type BackupType = 'daily' | 'weekly' | 'monthly' | 'manual'
export const BACKUP_TYPES = ['daily', 'weekly', 'monthly', 'manual'] as const satisfies readonly BackupType[]

export interface LatestSource {
  readonly types?: readonly BackupType[]
  /** RFC 3339; only sets made before it. */
  readonly before?: string
}

/** Exactly one key is present; the schema says so and the validator proves it. */
export interface Source {
  readonly backupId?: string
  readonly latest?: LatestSource
  readonly file?: { readonly path: string; readonly sha256?: string }
  readonly sqlDump?: { readonly path: string }
  readonly safetyBackup?: { readonly name: string }
}

export type Mode = 'Restore' | 'DryRun' | 'Drill' | 'Extract'
export type Strategy = 'Replace' | 'InPlace'
export type ServicePolicy = 'StopStart' | 'RestartAfter' | 'None'

/** A spec with every default filled in. */
export interface RestoreSpec extends Placement {
  readonly target: string
  readonly source: Source
  readonly confirm: boolean
  readonly backupCurrent: boolean
  readonly mode: Mode
  readonly strategy: Strategy
  readonly tables: readonly string[]
  readonly servicePolicy: ServicePolicy
  readonly suspend: boolean
  readonly notBefore?: string
  readonly notAfter?: string
  readonly activeDeadlineSeconds: number
  readonly ttlSecondsAfterFinished: number
  readonly requestedBy?: string
  readonly reason?: string
  readonly approval: { readonly required: number }
}

export interface ObjectMeta {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** What a manifest says, proven against the schema. */
export interface RestoreManifest {
  readonly metadata: ObjectMeta
  readonly spec: RestoreSpec
}

export type CheckName =
  | 'file_exists'
  | 'checksum'
  | 'integrity'
  | 'foreign_keys'
  | 'completeness'
  | 'restored_identity'
  | 'restored_integrity'
  | 'health'
  | 'smoke'
  | 'login'
  | 'safety_integrity'

export interface CheckResult {
  readonly name: CheckName
  readonly result: 'pass' | 'fail' | 'warn' | 'skip'
  readonly message: string
  /** RFC 3339, UTC. */
  readonly at: string
  readonly durationMs?: number
}

export interface TableLoss {
  readonly table: string
  readonly current: number | null
  readonly restored: number | null
  /** Rows that are in both with another content, which take the older one; absent or null: not known. */
  readonly changed?: number | null
  /** Rows that only the present database has: the restore takes them away; absent or null: not known. */
  readonly vanishing?: number | null
  /** Rows that only the backup has: the restore brings them back; absent or null: not known. */
  readonly returning?: number | null
  /** Why a figure is not known. */
  readonly remark?: string
  /** Of a dry run: the first rows of each kind, a line each, nothing in them that drives a terminal. */
  readonly samples?: LossSamples
}

export interface LossSamples {
  readonly vanishing: readonly string[]
  readonly returning: readonly string[]
  /** With the columns that differ. */
  readonly changing: readonly string[]
}

export interface DataLoss {
  /** When the backup was made, and until when what came after it counts; RFC 3339, UTC. */
  readonly from: string
  readonly to: string
  /** Where something is lost, or not known. */
  readonly tables: readonly TableLoss[]
  /** Why the tables do not tell all; absent: they do. */
  readonly remark?: string
}

export type ApplicationState = 'ApplicationRunning' | 'ApplicationDown' | 'Unknown'

/** What is known of the application once a restore has ended, whichever way. */
export interface ApplicationStatus {
  readonly state: ApplicationState
  /** How that is known, or why it is not. */
  readonly message: string
  /** Whether it ran before the restore; null: not known. */
  readonly ranBefore: boolean | null
  /** What a person does to bring it up; absent unless it is down. */
  readonly hint?: string
  /** RFC 3339, UTC. */
  readonly at: string
}

export type EscalationLevel = 'L1' | 'L2' | 'L3'

export interface RestoreStatus {
  readonly observedGeneration: number
  readonly phase: Phase
  readonly message?: string
  readonly reason?: string
  readonly hint?: string
  readonly startTime?: string
  readonly completionTime?: string
  readonly durationSeconds?: number
  /** Our own part: from the stop of the application (or the lock) to its start. */
  readonly downtimeMs?: number
  /** From the stop to the first good answer of the health check; absent where there is none. */
  readonly applicationDowntimeMs?: number
  readonly application?: ApplicationStatus
  readonly nextAttemptTime?: string
  readonly resolvedBackup?: {
    readonly backupId: string
    readonly path: string
    readonly sha256: string | null
    readonly createdAt: string
    readonly sizeBytes: number
  }
  /** Newer backups that `source.latest` did not use, and why. */
  readonly passedOver?: readonly { readonly backupId: string; readonly message: string }[]
  readonly safetyBackup?: {
    readonly name: string
    readonly path: string
    readonly sha256: string
    readonly raw: boolean
  }
  readonly progress?: { readonly step: ProgressStep; readonly bytesDone: number; readonly bytesTotal: number }
  readonly checks: readonly CheckResult[]
  readonly dataLoss?: DataLoss
  readonly plan?: readonly string[]
  /** The file that `mode: Extract` made; absent until it has its name and is durable. */
  readonly extract?: { readonly path: string; readonly sha256: string; readonly sizeBytes: number }
  readonly escalation?: { readonly level: EscalationLevel; readonly acknowledged: boolean }
  readonly conditions: readonly Condition[]
}

/** Where a request came from; the spool is one of several doors to the same object. */
export type Origin =
  { readonly kind: 'Spool'; readonly file: string } | { readonly kind: 'Api'; readonly client: string }

const UNREAD = 'invalid:'

/** What stands for the hash of a spec that could not be read. @param message what is wrong with it. */
export function unreadSpecHash(message: string): string {
  return `${UNREAD}${message}`
}

/** Whether the spec is what the file says; where it could not be read, what is stored in its place means nothing. */
export function isSpecRead({ specHash }: Pick<RestoreRequest, 'specHash'>): boolean {
  return !specHash.startsWith(UNREAD)
}

/** The stored object. `generation` grows with each accepted edit of the spec. */
export interface RestoreRequest {
  readonly name: string
  readonly uid: string
  readonly generation: number
  readonly origin: Origin
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: RestoreSpec
  readonly specHash: string
  readonly status: RestoreStatus
  readonly phase: Phase
  readonly held: boolean
  readonly suspended: boolean
  readonly cancelRequested: string | null
  readonly approvals: readonly string[]
  readonly attempts: number
  /** RFC 3339, UTC. */
  readonly createdAt: string
  /** When somebody had it leave the lists, after its end; RFC 3339, UTC. */
  readonly forgottenAt: string | null
}
