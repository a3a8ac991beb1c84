/** Backup sets: what lies in a target's backup directory, and what the application's own catalog says of it. */

import type { PassedOverReason } from '../domain/passed-over.ts'
import type { BackupType } from '../domain/resource.ts'

export type BackupStatus = 'success' | 'failure' | 'deleted' | 'in_progress'

/** One recorded checksum: where it is written and what it says. */
export interface RecordedChecksum {
  /** Absolute path of the member, which is there. */
  readonly file: string
  /** Lower-case hex. */
  readonly sha256: string
  /** The checksum file's path, or `CATALOG_RECORD` where the application's own catalog says it. */
  readonly recordedIn: string
}

export const CATALOG_RECORD = 'catalog'

/**
 * A row of the application's own catalog, as whoever reads the database found it. Structural on purpose: the reader lives
 * in another folder of this layer.
 */
export interface CatalogRowInput {
  readonly backupId: string
  readonly backupType: string
  readonly filePath: string | null
  readonly fileSize: number | null
  /** SHA-256 in hex, with or without the prefix `sha256:`. */
  readonly checksum: string | null
  readonly status: string
  readonly createdAt: string | null
  /** What it says besides, for people; absent where the reader does not tell. */
  readonly record?: CatalogRecordInput
}

export interface CatalogRecordInput {
  readonly id: number | null
  readonly errorMessage: string | null
  readonly metadata: string | null
  readonly description: string | null
  readonly createdBy: number | null
  readonly createdByUsername: string | null
  readonly startedAt: string | null
  readonly completedAt: string | null
}

export interface AbsorbedWal {
  /** The name that is recorded. */
  readonly wal: string
  /** Absolute path of the `.sql.gz`. */
  readonly dump: string
  /** What is recorded of the dump; null: nothing. */
  readonly dumpSha256: string | null
}

/** A reason for which a set cannot be restored as it stands. */
export interface BackupProblem {
  readonly reason: string
  readonly message: string
  readonly hint?: string
}

/**
 * A backup is a set: `NAME.db` with its `-wal`, `NAME.sql.gz` and `NAME.sha256`. Paths are absolute and proven to lie in
 * the configured directory; null where the file is not there.
 */
export interface BackupSet {
  /** Canonical, `BKP-YYYYMMDD-HHMMSS-type`; the relative path where the file's name tells no time; a safety backup's name. */
  readonly id: string
  /** Further ids that name this set (the application's catalog may call it otherwise). */
  readonly aliases: readonly string[]
  /** The digits of the file's name, which are in the target's zone, in the form of an id: names this set where no other has that id. */
  readonly nameId: string | null
  readonly type: BackupType
  /** Milliseconds since the epoch: what the application's catalog says, else the file's name in the target's zone, else its mtime (D15). */
  readonly createdAtMs: number
  readonly status: BackupStatus
  readonly db: string | null
  readonly wal: string | null
  readonly shm: string | null
  readonly sqlGz: string | null
  readonly checksumFile: string | null
  /** Of `.db` and `-wal` together. */
  readonly sizeBytes: number
  /** Of `.db` alone. */
  readonly dbSizeBytes: number
  /** Never of the `-shm`, which is never copied and may rightly differ. Of one file at most one value: see `problems`. */
  readonly checksums: readonly RecordedChecksum[]
  /** Members of this set that the checksum file lists and that are not on disk, `-shm` included. */
  readonly missing: readonly string[]
  /**
   * The `-wal` that is recorded is gone, and there is a dump: a program that opened the backup may have moved the `-wal` into the
   * `.db`, or it is lost. Only a comparison with the dump tells. No checksum of the `.db` is in `checksums` then: those that are
   * recorded are of the bytes before. Absent or null for any other set.
   */
  readonly absorbed?: AbsorbedWal | null
  /** What the catalog row says, null where there is no row. */
  readonly catalogRow: {
    readonly filePath: string | null
    readonly fileSize: number | null
    readonly record?: CatalogRecordInput
  } | null
  /** Reasons for which this set cannot be restored as it stands; empty when it can be tried. */
  readonly problems: readonly BackupProblem[]
  /** What is odd about the set and does not stand against restoring it. */
  readonly remarks?: readonly string[]
}

/** Something that looks like a backup and is not listed as one. */
export interface PassedOver {
  /** Relative to the backup directory; safe to print. */
  readonly path: string
  readonly reason: PassedOverReason
  /** 1, or of a folder the files in it that look like backups. */
  readonly files: number
}

export interface CatalogListing {
  /** The target's name, for hints. */
  readonly target: string
  /** Newest first. */
  readonly sets: readonly BackupSet[]
  readonly passedOver: readonly PassedOver[]
}

/** A safety backup as it lies in the backup directory (manual 5.3). */
export interface SafetyBackupFile {
  readonly name: string
  readonly path: string
  readonly sizeBytes: number
  readonly mtimeMs: number
  /** From the digits of the name, which are UTC (D19); from the mtime where the name has none. */
  readonly createdAtMs: number
  /** Side files lie beside it: a byte copy of a database that could not be copied through SQLite. */
  readonly raw: boolean
}
