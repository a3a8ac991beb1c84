/** A backup in the shape of the application's own API: its page and its users' scripts read these fields. */

import type { BackupSet, CatalogRecordInput } from '../../catalog/contract.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import type { Target } from '../../domain/target.ts'
import type { RestoreMark } from '../../store/audit-page.ts'
import type { VerificationRecord } from '../../store/upkeep.ts'

export interface ManualBackup {
  /** Of the application's own row; null where only the files are there. */
  readonly id: number | null
  readonly backup_id: string
  readonly backup_type: string
  readonly file_path: string | null
  /** Of the `.db` alone, as the application counts. */
  readonly file_size: number | null
  readonly checksum: string | null
  readonly status: string
  readonly error_message: string | null
  readonly metadata: string | null
  readonly description: string | null
  readonly created_by: number | null
  readonly started_at: string
  readonly completed_at: string | null
  readonly created_at: string
  readonly created_by_username: string | null
  /** Ours from here on. */
  readonly target: string
  /** Why it cannot be restored as it stands; null: nothing is known against it. */
  readonly problem: string | null
  readonly restorable: boolean
  /** What was found last in the bytes that lie there now; null: nothing yet. */
  readonly verification: Pick<VerificationRecord, 'passed' | 'message' | 'at'> | null
  /** Of all files of the set: most of the data may be in the `-wal`. */
  readonly set_size: number
  readonly last_restore: RestoreMark | null
}

/** What the state store knows of it. */
export interface KnownOfBackup {
  readonly lastRestore: RestoreMark | undefined
  /** Of the bytes that lie there now. */
  readonly verdict: VerificationRecord | undefined
}

/** @param backupId as the caller typed it, or the set's own. */
export function manualBackup(
  target: Target,
  set: BackupSet,
  backupId: string,
  { lastRestore, verdict }: KnownOfBackup,
): ManualBackup {
  const { db, catalogRow, createdAtMs } = set
  const record: Partial<CatalogRecordInput> = catalogRow?.record ?? {}
  const createdAt = toRfc3339(createdAtMs)
  const sha256 = set.checksums.find(({ file }) => file === db)?.sha256
  const recordedPath = catalogRow?.filePath ?? null
  return {
    id: record.id ?? null,
    backup_id: backupId,
    backup_type: set.type,
    // What the application's script had to say is no path.
    file_path: db ?? set.sqlGz ?? (recordedPath === null || /\p{Cc}/u.test(recordedPath) ? null : recordedPath),
    file_size: db === null ? (catalogRow?.fileSize ?? null) : set.dbSizeBytes,
    checksum: sha256 === undefined ? null : `sha256:${sha256}`,
    status: set.status,
    error_message: record.errorMessage ?? null,
    metadata: record.metadata ?? null,
    description: record.description ?? null,
    created_by: record.createdBy ?? null,
    started_at: isoTime(record.startedAt) ?? createdAt,
    completed_at: isoTime(record.completedAt),
    created_at: createdAt,
    created_by_username: record.createdByUsername ?? null,
    target: target.name,
    problem: set.problems[0]?.message ?? null,
    restorable: set.problems.length === 0 && verdict?.passed !== false,
    verification: verdict === undefined ? null : { passed: verdict.passed, message: verdict.message, at: verdict.at },
    set_size: set.sizeBytes,
    last_restore: lastRestore ?? null,
  }
}

/** The application writes ISO 8601, or SQLite's `YYYY-MM-DD HH:MM:SS`, which is UTC. */
function isoTime(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  const bare = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,9})?$/.test(text)
  const timeMs = Date.parse(bare ? `${text.replace(' ', 'T')}Z` : text)
  return Number.isNaN(timeMs) ? null : toRfc3339(timeMs)
}
