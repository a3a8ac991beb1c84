/** What the API answers, as far as the page reads it. */

import type { RequestResource } from '../../domain/resource-view.ts'

export interface Backup {
  readonly backup_id: string
  readonly backup_type: string
  readonly status: string
  readonly error_message: string | null
  readonly created_at: string
  readonly target: string
  readonly problem: string | null
  readonly restorable: boolean
  readonly verification: { readonly passed: boolean; readonly message: string; readonly at: string } | null
  readonly set_size: number
  readonly last_restore: { readonly at: string; readonly status: string; readonly request: string } | null
}

export interface BackupPage {
  readonly data: { readonly total: number; readonly backups: readonly Backup[] }
}

export interface BackupStatistics {
  readonly data: {
    readonly total_backups: number
    readonly successful_backups: number
    readonly failed_backups: number
    readonly latest_backup: { readonly backup_id: string; readonly created_at: string } | null
  }
}

export interface Verification {
  readonly data: {
    readonly failed: number
    readonly checks: readonly {
      readonly check_type: string
      readonly status: string
      readonly error_message?: string
    }[]
  }
}

export interface Target {
  readonly metadata: { readonly name: string }
  readonly database: string
  readonly sizeBytes: number | null
  readonly running: string | null
  readonly lastResult: { readonly request: string; readonly phase?: string } | null
  readonly rateLimit: { readonly restores: number; readonly windowMs: number; readonly used: number }
}

export interface Readiness {
  readonly drill: {
    readonly last: { readonly request: string; readonly result: string; readonly at: string } | null
    readonly dueAt: string | null
  }
  readonly disk: {
    readonly requiredBytes: number | null
    readonly databaseAvailableBytes: number | null
    readonly backupsAvailableBytes: number | null
  }
  readonly jobs: readonly { readonly name: string; readonly nextRunAt: string | null }[]
}

export interface List<Item> {
  readonly items: readonly Item[]
}

export interface User {
  readonly id: string
  readonly username: string
  readonly role: string | null
  /** Of a user of Modosu's own, by target; absent for everybody else. */
  readonly roles?: Readonly<Record<string, string>>
}

export interface Checklist {
  readonly list: 'pre' | 'post'
  readonly title: string
  readonly complete: boolean
  readonly open: readonly number[]
  readonly points: readonly {
    readonly number: number
    readonly by: 'machine' | 'person'
    readonly done: boolean
    readonly optional: boolean
    readonly evidence: string
    readonly tickedBy: string | null
    readonly tickedAt: string | null
    readonly item: string
    readonly how: string
  }[]
}

export interface Undo {
  readonly target: string
  readonly undoes: {
    readonly request: string
    readonly backupId: string
    readonly endedAt: string
    readonly certain: boolean
  }
  readonly ineffective: readonly { readonly request: string; readonly result: string }[]
  readonly safetyBackup: { readonly name: string; readonly sizeBytes: number }
  readonly replacedSince: boolean
}

export interface AuditPage {
  readonly data: {
    readonly total: number
    readonly audit_logs: readonly {
      readonly id: number
      readonly operation: string
      readonly backup_id: string | null
      readonly username: string
      readonly status: string
      readonly created_at: string
      readonly target: string
      readonly request: string
      readonly message: string
    }[]
  }
}

export type RestoreRequest = RequestResource
