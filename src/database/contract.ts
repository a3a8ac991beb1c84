/**
 * What the daemon may ask of an operator's SQLite files. Every operation runs in a child process of its own, with a
 * deadline: a hostile file can hang or abort SQLite, and a file read in the daemon's own process would drop the
 * process's SQLite locks on it (POSIX advisory locks, fcntl(2)).
 */

import type { CompareRequest, Comparison, QueryAnswer, QueryRequest } from './look-contract.ts'
import type {
  CatalogRow,
  MirrorRequest,
  MirrorResult,
  RevokedTokensRequest,
  RevokedTokensResult,
} from './records-contract.ts'

/** A file's identity, as strings where a number would lose digits. */
export interface FileIdentity {
  readonly dev: string
  readonly ino: string
  readonly sizeBytes: number
  readonly mtimeNs: string
  /** Absent where the file system keeps no birth time. */
  readonly birthNs?: string
  readonly ctimeNs?: string
}

/** A main file that is the whole database; `racy`: written so shortly before that a later write may bear the same time. */
export interface WholeFile extends FileIdentity {
  readonly racy: boolean
}

export interface QuiesceResult {
  /** Before the `-wal` was moved into the main file, with everybody locked out. */
  readonly before: Fingerprint
  /** After it, still with everybody locked out: whatever is written from then on shows as another identity, `racy` aside. */
  readonly identity: WholeFile
}

/** The owner-visible attributes that a restore must not change. */
export interface FileOwnership {
  readonly uid: number
  readonly gid: number
  /** Permission bits only, 0o7777. */
  readonly mode: number
}

/** A process that has one of the database's files open. */
export interface Holder {
  readonly pid: number
  readonly command: string
  readonly file: string
}

export interface HoldersResult {
  readonly holders: readonly Holder[]
  /** False where /proc could not be read for every process: the answer may miss some. */
  readonly complete: boolean
}

export interface Inspection {
  /** Of the database: frames of a `-wal` that the main file does not have yet are counted. */
  readonly sizeBytes: number
  readonly pageSize: number
  readonly applicationId: number
  readonly userVersion: number
  /** What the file's header says: a database in WAL mode stays so when it is copied. */
  readonly walMode: boolean
  readonly tables: readonly string[]
  readonly schemaObjects: number
}

/**
 * Changes when anything is committed to the database between two looks: main file, `-wal` (size, time and salts) and
 * `-journal`. Two equal fingerprints taken less than the file system's time granularity apart prove nothing, which
 * `racy` says.
 */
export interface Fingerprint {
  readonly text: string
  readonly racy: boolean
}

export interface SafetyCopy {
  readonly sizeBytes: number
  readonly sha256: string
  /** Before the copy began: equal to a later one means that nothing was committed since. */
  readonly fingerprint: Fingerprint
  /** Why the copy, consistent as it is, could not be checked (a missing collation, function or module); else null. */
  readonly unverifiable: string | null
}

export interface RawCopyFile {
  readonly from: string
  readonly to: string
}

export interface StageRequest {
  /** The `.db` file of the set, already proven to lie in the configured directory. */
  readonly db: string
  /** The set's `-wal`, or null where the set has none. */
  readonly wal: string | null
  /** The staging file; its own `-wal` lies beside it until absorbed. */
  readonly staged: string
  /** Expected SHA-256 in lower-case hex, null where none is recorded. */
  readonly expectedDb: string | null
  readonly expectedWal: string | null
  /** Other members of the set that the checksum file lists (`-shm` is never among them): hashed, not copied. */
  readonly others: readonly { readonly path: string; readonly expected: string }[]
  /** The file whose owner, mode, ACL and extended attributes the staged one gets; null where there is no old database. */
  readonly attributesOf: string | null
  /** Used when `attributesOf` is null. */
  readonly ownership: FileOwnership | null
  /** Reads at most so much, for a verification that nobody waits for; absent or null: as fast as the disk is. */
  readonly bytesPerSecond?: number | null
}

export interface FileHash {
  readonly path: string
  readonly sha256: string
  readonly expected: string | null
}

/** How the `-wal` of a set goes with its main file. */
export interface WalFit {
  /**
   * `nothing`: it holds no committed transaction. `continues`: nothing speaks against it; whether it was made together
   * with the main file only a recorded checksum of both can say. `partial`: the main file holds its first transactions but
   * not the later ones, which SQLite leaves so only while somebody reads. `doubtful`: it does not go on from where the
   * main file is, or it is damaged. `impossible`: SQLite never makes the two together.
   */
  readonly verdict: 'nothing' | 'continues' | 'partial' | 'doubtful' | 'impossible'
  /** What speaks against it; empty where nothing does. */
  readonly why: string
}

export interface StageResult {
  readonly hashes: readonly FileHash[]
  /** null where the set has no `-wal`. One that holds nothing is not staged. */
  readonly wal: WalFit | null
  /** The paths whose recorded checksum differs; empty where all are equal. */
  readonly mismatches: readonly string[]
  readonly bytesCopied: number
  /** The staged file, as it was made: what `check` has to find under its name. */
  readonly identity: FileIdentity
}

export interface CheckRequest {
  readonly path: string
  readonly foreignKeys: boolean
  /** Absorb a `-wal` that lies beside the file first (staged files only). */
  readonly absorb: boolean
  /** fsync and hash the file afterwards. */
  readonly seal: boolean
}

export interface CheckReport {
  /** `['ok']`, or the first lines of what integrity_check found. */
  readonly integrity: readonly string[]
  /** Why the check could not be run at all (a missing collation, function or module); null where it could. */
  readonly unverifiable: string | null
  readonly foreignKeyViolations: number
  readonly foreignKeySample: readonly string[]
  readonly inspection: Inspection
  /** Present when `seal` was asked and the file is sound, or could not be verified. */
  readonly sha256: string | null
  readonly identity: FileIdentity | null
}

/** How a database goes with an SQL dump of it. */
export interface DumpComparison {
  /** The first thing that differs, or keeps the two from being compared; null: every table has the rows that the dump says. */
  readonly difference: string | null
  /** Of the packed dump that was read; null where something differs. */
  readonly sha256: string | null
  readonly tables: number
  readonly rows: number
}

export interface RowCount {
  readonly table: string
  /** null: the table is missing, unreadable, or the time was up. */
  readonly rows: number | null
}

export interface SmokeResult {
  readonly name: string
  readonly value: number | string | null
  readonly passed: boolean
  readonly message: string
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** The child is killed when it takes longer: `CheckTimedOut`. */
  readonly deadlineMs: number
}

/**
 * The operations. Each rejects with a RestoreError: `CheckTimedOut` (deadline), `Interrupted` (signal), `Unverifiable`
 * (the child died or SQLite lacks a collation or function that the file needs), `DatabaseInUse`, `DatabaseCorrupt`,
 * `NotADatabase`, `NeedsRecovery`, `FileNotFound`, `FileExists`, `FileChanged`, `DiskFull`, `PermissionDenied`,
 * `IoError`, or the reason that the operation names.
 */
export interface DatabaseOperations {
  /**
   * Changes nothing. Rejects with `NotADatabase` or `DatabaseCorrupt` where SQLite cannot read it, with `NeedsRecovery`
   * where a dead writer left a hot journal, which only a writer may roll back.
   */
  inspect(path: string, options: CallOptions): Promise<Inspection>
  /**
   * A backup file (or set, with its `-wal`) is never opened where it lies: its header is read and judged.
   * Rejects with `NotADatabase`.
   */
  readHeader(
    path: string,
    options: CallOptions,
  ): Promise<Pick<Inspection, 'sizeBytes' | 'pageSize' | 'applicationId' | 'userVersion' | 'walMode'>>
  /** Who has the files open, by device and inode, from /proc; our own holds are left out. Never opens them. */
  holders(paths: readonly string[], options: CallOptions): Promise<HoldersResult>
  /** The state of a database's files now. Never opens them with SQLite. */
  fingerprint(database: string, options: CallOptions): Promise<Fingerprint>
  /**
   * Consistent copy through SQLite's backup API in one step, integrity-checked, stand-alone, fsynced; the file at `to`
   * must not exist. A source that needs recovery is copied with its journal, and the copy is recovered. Rejects with
   * `DatabaseCorrupt` where the source cannot be copied or the copy's check is not `ok`.
   */
  safetyCopy(database: string, to: string, options: CallOptions): Promise<SafetyCopy>
  /** Byte copies of the files that exist, fsynced; for a database that SQLite cannot read. `sha256` is the first file's. */
  rawCopy(files: readonly RawCopyFile[], options: CallOptions): Promise<SafetyCopy>
  /**
   * Copies and hashes the set. A mismatch is an answer, not an error. Rejects with `BackupFileNotFound`,
   * `BackupInProgress` (a file was written to while it was copied) and `OwnershipNotPreserved`.
   */
  stage(request: StageRequest, options: CallOptions): Promise<StageResult>
  /** Damage that SQLite can name is an answer (`integrity`), and so is `unverifiable`. Changes nothing but what `absorb` says. */
  check(request: CheckRequest, options: CallOptions): Promise<CheckReport>
  /**
   * Whether a database holds what its packed SQL dump says: schema and rows, not `user_version` and `application_id`, which a
   * dump does not tell. Writes nothing. A dump that cannot be compared, such as one of virtual tables, is a difference.
   */
  compareWithDump(database: string, dump: string, options: CallOptions): Promise<DumpComparison>
  hash(path: string, options: CallOptions): Promise<{ readonly sha256: string; readonly identity: FileIdentity }>
  rowCounts(
    path: string,
    tables: readonly string[],
    budgetMs: number,
    options: CallOptions,
  ): Promise<readonly RowCount[]>
  /** How two databases differ that nobody writes to. What cannot be compared, or not in time, is said of each table. */
  compare(request: CompareRequest, options: CallOptions): Promise<Comparison>
  /**
   * Proves exclusive access and lets SQLite recover and checkpoint, so that the main file alone is the whole database.
   * Rejects with `DatabaseInUse` (somebody holds a lock, or a side file with content stayed) or `DatabaseCorrupt` (SQLite cannot open it).
   */
  quiesce(database: string, options: CallOptions): Promise<QuiesceResult>
  /**
   * Takes SQLite's exclusive lock and keeps it until `letGo`, or until the daemon dies. Nothing is written. While it is
   * held, hold again does nothing. Rejects with `DatabaseInUse` where somebody has a lock, and as `quiesce` where SQLite cannot open it.
   *
   * @param database a second name of the file, which nobody else uses.
   * @returns the process that holds it.
   */
  hold(database: string, options: CallOptions): Promise<{ readonly pid: number }>
  /** Ends a hold where there is one. Never rejects: a process that does not let go is killed. */
  letGo(database: string): Promise<void>
  /** Ends a hold, where there is one, once nobody else has the file open, also after its last name is gone. Never rejects. */
  letGoWhenUnused(database: string): void
  /** Whether there is a hold under that name. */
  isHeld(database: string): boolean
  smoke(
    database: string,
    queries: readonly { name: string; sql: string; min?: number; max?: number }[],
    options: CallOptions,
  ): Promise<readonly SmokeResult[]>
  /**
   * Answers one statement that only reads, of a file that nobody writes to, in a process of its own. Rejects with
   * `QueryRefused` (it does more, or SQLite does not understand it) and `QueryLimit` (the deadline, or too much memory).
   */
  query(request: QueryRequest, options: CallOptions): Promise<QueryAnswer>
  /**
   * A copy of a database that may be in use, consistent, whole and checked, for somebody who only wants to look: nothing
   * beside the database is changed. Nothing may stand at `to`; the copy is the caller's alone. Rejects as `safetyCopy`.
   */
  snapshot(database: string, to: string, options: CallOptions): Promise<Inspection>
  /** Rows of the catalog table; an empty list where the database or the table is missing or cannot be read. */
  catalogRows(database: string, table: string, options: CallOptions): Promise<readonly CatalogRow[]>
  /** A list that is missing or cannot be read is an answer, not an error: which way it is decided then is its caller's to say. */
  revokedTokens(request: RevokedTokensRequest, options: CallOptions): Promise<RevokedTokensResult>
  mirror(request: MirrorRequest, options: CallOptions): Promise<MirrorResult>
}
