/** The names of backup files: `STEM_<type>_YYYYMMDD_HHMMSS` and the suffix that says which member of the set it is (manual 2.3). */

import { formatBackupId, isBackupType, timeOfDigits } from '../domain/backup-id.ts'
import type { BackupType } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import { instantsOf } from '../domain/time-zone.ts'

export type MemberKind =
  'db' | 'wal' | 'shm' | 'journal' | 'sqlGz' | 'checksum' | 'dbChecksum' | 'walChecksum' | 'dumpChecksum'

/** Longest first: `NAME.db.sha256` is the checksum of `NAME`, not of a set called `NAME.db`. */
const SUFFIXES: readonly (readonly [suffix: string, kind: MemberKind])[] = [
  ['.db-wal.sha256', 'walChecksum'],
  ['.sql.gz.sha256', 'dumpChecksum'],
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
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number
  /** The name's own digits, read as UTC: what an id would say that was made of the name alone. */
  readonly wallMs: number
}

/** A backup that is still being written so long after the time in its name is rare; a file copied later has any time. */
const WRITTEN_WITHIN_MS = 86_400_000

/**
 * What a set's base says of it, or undefined where it is no backup of this stem (R21, D17).
 *
 * @param mtimeMs of the set's main file. It decides which of two is meant where the zone's clocks show the time twice; without
 *   it, and for a file that was copied later, the earlier one is, so that no backup is taken for newer than it can be.
 */
export function parseBackupBase(
  { stem, timezone }: Pick<Target['backups'], 'stem' | 'timezone'>,
  base: string,
  mtimeMs?: number,
): BackupBase | undefined {
  if (!base.startsWith(`${stem}_`)) return undefined
  const match = /^([a-z]+)_(\d{8})_(\d{6})$/.exec(base.slice(stem.length + 1))
  if (match === null) return undefined
  const [, type = '', date = '', time = ''] = match
  const wallMs = timeOfDigits(date, time)
  if (!isBackupType(type) || wallMs === undefined) return undefined
  const [earlier, later] = instantsOf(wallMs, timezone)
  const isLater =
    later !== undefined && mtimeMs !== undefined && mtimeMs >= later && mtimeMs < later + WRITTEN_WITHIN_MS
  return { type, createdAtMs: isLater ? later : earlier, wallMs }
}

interface NameIds {
  readonly id: string
  /** What the name's digits say where they are taken for UTC; null where that is the id itself. */
  readonly nameId: string | null
}

/** The ids that a set has of its name: ids are UTC (D19), the digits of a name are in the zone of the target. */
export function nameIds({ type, createdAtMs, wallMs }: BackupBase): NameIds {
  const id = formatBackupId({ type, createdAtMs })
  const nameId = formatBackupId({ type, createdAtMs: wallMs })
  return { id, nameId: nameId === id ? null : nameId }
}

/** A hostile name with its control characters and direction marks taken out, for a terminal or a log. */
export function printableName(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}
