/** What retention may delete, and what it decides of each: the words that the policy, the doors and the command line share. */

import type { BackupType } from './resource.ts'

export const PRUNE_KINDS = ['safety', 'displaced', 'broken', 'presqldump', 'backups'] as const

/**
 * `safety`: copies made before a restore (manual 5.5). `displaced`: a replaced database under its `.modosu-NAME.old` name.
 * `broken`: damaged or replaced databases put aside (manual 7.2, 8.4). `presqldump`: databases put aside before an SQL dump
 * was restored (manual 8.2). `backups`: the application's own.
 */
export type PruneKind = (typeof PRUNE_KINDS)[number]

export interface PrunableFile {
  /** In the set's folder. */
  readonly name: string
  readonly sizeBytes: number
  /** Of the file system, as long as the machine runs. */
  readonly dev: string
  /** With size and time what tells a file from any other, one that has its inode after it included: what is deleted is what was looked at. */
  readonly ino: string
  readonly mtimeNs: string
}

/** Files that only make sense together: deleted as a whole or not at all. */
export interface PrunableSet {
  readonly kind: PruneKind
  readonly target: string
  /** What a person calls it: the main file's name, or a backup's id. */
  readonly name: string
  /** Real path of the folder, no link in it. */
  readonly folder: string
  /** In the order in which they go: first the one without which the rest is no set, last the one that lists them all. */
  readonly files: readonly PrunableFile[]
  /** From the name's digits (UTC), else from the file; a displaced original's is null until its request has ended. */
  readonly createdAtMs: number | null
  /** Of a backup. */
  readonly type: BackupType | null
  /** False: the rest of a copy that was never finished. */
  readonly whole: boolean
  /** Whether it passed its checks; null: nobody has looked, and nothing is known against it. */
  readonly good: boolean | null
  /** The request that made it, where that is known. */
  readonly request: string | null
}

interface Aged {
  /** What the schedule does; a person may name the kind all the same. */
  readonly enabled: boolean
  readonly maxAgeMs: number
}

/** The `retention` of the configuration. */
export interface RetentionRules {
  readonly safetyBackups: Aged & {
    readonly minAgeMs: number
    readonly keepLast: number
    /** null: free space does not matter. */
    readonly minFreeBytes: number | null
  }
  readonly displacedOriginals: Aged
  readonly brokenFiles: Aged
  readonly preSqlDumpFiles: Aged
  readonly backups: {
    /** Only the configuration turns this on. */
    readonly enabled: boolean
    readonly dailyMs: number
    readonly weeklyMs: number
    readonly monthlyMs: number
  }
}

export interface Decision {
  readonly set: PrunableSet
  readonly act: 'delete' | 'keep'
  /** Why, for a person. */
  readonly why: string
  /** The request that needs it, where one does. */
  readonly pinnedBy: string | null
  /** When its age alone would let it go, in milliseconds since the epoch; null: never by age. */
  readonly deletableAfterMs: number | null
}

export interface PrunePlan {
  /** By target and kind, the oldest first. */
  readonly decisions: readonly Decision[]
  /** By target: bytes that are missing up to the floor when everything that may be deleted is gone. */
  readonly shortBytes: ReadonlyMap<string, number>
}

export function sizeOfSet({ files }: PrunableSet): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** Tells two sets apart, whatever else they are called. */
export function keyOfSet({ folder, files, name }: PrunableSet): string {
  return `${folder}/${files[0]?.name ?? name}`
}
