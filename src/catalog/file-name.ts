/** The names of backup files: `STEM_<type>_YYYYMMDD_HHMMSS` and the suffix that says which member of the set it is (manual 2.3). */

import { isBackupType, timeOfDigits } from '../domain/backup-id.ts'
import type { BackupType } from '../domain/resource.ts'

export type MemberKind = 'db' | 'wal' | 'shm' | 'journal' | 'sqlGz' | 'checksum' | 'dbChecksum'

/** Longest first: `NAME.db.sha256` is the checksum of `NAME`, not of a set called `NAME.db`. */
const SUFFIXES: readonly (readonly [suffix: string, kind: MemberKind])[] = [
  ['.db-journal', 'journal'],
  ['.db.sha256', 'dbChecksum'],
  ['.db-wal', 'wal'],
  ['.db-shm', 'shm'],
  ['.sql.gz', 'sqlGz'],
  ['.sha256', 'checksum'],
  ['.db', 'db'],
]

export const MEMBER_SUFFIXES: ReadonlyMap<MemberKind, string> = new Map(
  SUFFIXES.map(([suffix, kind]) => [kind, suffix] as const),
)

interface MemberName {
  /** The name without its suffix, which every member of a set shares. */
  readonly base: string
  readonly kind: MemberKind
}

/** Splits a file name into the set's base and the member; undefined where the suffix is none of a backup's. */
export function splitMemberName(name: string): MemberName | undefined {
  for (const [suffix, kind] of SUFFIXES) {
    if (name.endsWith(suffix) && name.length > suffix.length) return { base: name.slice(0, -suffix.length), kind }
  }
  return undefined
}

/** The file name of one member of a set. */
export function memberName(base: string, kind: MemberKind): string {
  return `${base}${MEMBER_SUFFIXES.get(kind) ?? ''}`
}

interface BackupBase {
  readonly type: BackupType
  /** Milliseconds since the epoch; the digits are UTC (D19). */
  readonly createdAtMs: number
}

/** What a set's base says of it, or undefined where it is no backup of this stem (R21, D17). */
export function parseBackupBase(stem: string, base: string): BackupBase | undefined {
  if (!base.startsWith(`${stem}_`)) return undefined
  const match = /^([a-z]+)_(\d{8})_(\d{6})$/.exec(base.slice(stem.length + 1))
  if (match === null) return undefined
  const [, type = '', date = '', time = ''] = match
  const createdAtMs = timeOfDigits(date, time)
  return isBackupType(type) && createdAtMs !== undefined ? { type, createdAtMs } : undefined
}

/** A hostile name with its control characters and direction marks taken out, for a terminal or a log. */
export function printableName(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}
