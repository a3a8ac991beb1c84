/**
 * What a restore writes down for itself, so that the next start can go on from the disk and these notes alone. Each note
 * is persisted before the act that it announces, or after the act that it proves; the comments say which.
 */

import type { ClockLook } from './clock.ts'
import type { TableLoss } from './resource.ts'

export interface IdentityNote {
  readonly dev: string
  readonly ino: string
  readonly sizeBytes: number
  readonly mtimeNs: string
  /** When the file came into being. Absent in notes of older versions, and where the file system keeps no such time. */
  readonly birthNs?: string
  /** Moves with every write, and with every name that the file gets or loses. Absent in notes of earlier versions. */
  readonly ctimeNs?: string
}

/** A file of the old database, and the name under which it is set aside. */
export interface Displacement {
  readonly from: string
  readonly to: string
}

export interface BackupNote {
  readonly id: string
  readonly kind: 'backupId' | 'latest' | 'file' | 'safetyBackup'
  readonly db: string
  readonly wal: string | null
  readonly checksumFile?: string | null
  /** Of its files when they were chosen: a verdict speaks of these bytes. */
  readonly identity?: string
  /** A recorded `-wal` that is gone, and the dump that tells whether the database holds its content; absent: none is. */
  readonly absorbed?: { readonly wal: string; readonly dump: string; readonly dumpSha256: string | null } | null
  readonly expectedDb: string | null
  readonly expectedWal: string | null
  readonly others: readonly { readonly path: string; readonly expected: string }[]
  readonly sizeBytes: number
  readonly createdAtMs: number
}

export interface CurrentNote {
  readonly exists: boolean
  /** SQLite cannot open it: nothing can be read out of it, and it is kept as it is. */
  readonly damaged: boolean
  readonly damage: string | null
  readonly sizeBytes: number
  readonly uid: number
  readonly gid: number
  readonly mode: number
  readonly tables: readonly string[]
}

export interface SafetyNote {
  readonly name: string
  readonly path: string
  /** null until the copy is proven (the name is persisted before the copy begins). */
  readonly sha256: string | null
  readonly raw: boolean
  readonly fingerprint: string | null
  readonly racy: boolean
  /** Right before the copy: a clock that was set back since makes the fingerprint worthless. */
  readonly clocks?: ClockLook
}

export interface StagedNote {
  readonly path: string
  /** null until every check has passed. */
  readonly sha256: string | null
  readonly identity: IdentityNote | null
  /** The file as it was made, from the moment when it was whole: proves later that what bears the name is ours. */
  readonly made?: IdentityNote
}

export interface ServiceNote {
  /** Before we stopped it; on a failure only what ran is started again. */
  readonly wasActive: boolean
  /** Units that were stopped with it and start it again (sockets, paths, timers). */
  readonly stopped: readonly string[]
}

export interface SwapNote {
  /** The old database's inode, null where there was none. Persisted before the rename. */
  readonly old: IdentityNote | null
  readonly displaced: readonly Displacement[]
  /**
   * The old database as it was when it had left its path and SQLite's lock still kept everybody out: what is written to it
   * later shows. null where nobody could look at that moment.
   */
  readonly asDisplaced?: IdentityNote | null
}

export interface FailureNote {
  readonly phase: string
  readonly reason: string
  readonly message: string
  readonly hint: string | null
}

export interface RestoreWork {
  /** Places in the spool that give this name to different requests: it does not start before one is left. */
  readonly rivals?: readonly string[]
  /** How often the daemon was started while this restore was under way. */
  readonly restarts?: number
  /** The database's real path, links resolved. */
  readonly database?: string
  /** The directory of the database: an empty mount point is another one. Absent in notes of older versions. */
  readonly folder?: IdentityNote
  readonly backup?: BackupNote
  readonly current?: CurrentNote
  readonly safety?: SafetyNote
  readonly staged?: StagedNote
  readonly service?: ServiceNote
  /** What the health check said before the application was stopped; absent where there is none. */
  readonly healthyBefore?: boolean
  readonly hooksDone?: readonly string[]
  readonly downtimeStartedAtMs?: number
  readonly swap?: SwapNote
  /** The suffix of `.broken.` files, fixed once so that a repeated attempt uses the same names. */
  readonly brokenSuffix?: string
  /** The same for the restored database, where a rollback keeps it. */
  readonly restoredKept?: string
  /** Rows of each present table in the backup; null: not known. */
  readonly restoredRows?: Readonly<Record<string, number | null>>
  /** What tables lose whose newer rows are to be carried over: counted where that fails. */
  readonly carriedLoss?: readonly TableLoss[]
  readonly failure?: FailureNote
  /** The name that an extracted file is about to get, and the file as it was proven. Persisted before it gets that name. */
  readonly extract?: { readonly path: string; readonly identity: IdentityNote }
  /** Sets that `source.latest` tried and that failed a check. */
  readonly rejectedCandidates?: readonly string[]
  /** Something was committed after the safety backup: the displaced original is the one that holds everything. */
  readonly changedSinceSafety?: boolean
  /** The old database when it had become one whole file, and nobody else could write to it yet. */
  readonly quiesced?: IdentityNote & { readonly racy: boolean }
  /** How often somebody opened the old database at the moment of the swap, which was then put off. */
  readonly swapsPutOff?: number
}
