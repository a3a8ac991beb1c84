/** Brings the rows of the application's own catalog together with the sets on disk. */

import { basename } from 'node:path'
import { canonicalBackupId, isBackupType, parseBackupId } from '../domain/backup-id.ts'
import type { BackupType } from '../domain/resource.ts'
import type { BackupStatus, CatalogRowInput } from './contract.ts'
import { parseBackupBase, splitMemberName } from './file-name.ts'
import type { CatalogTarget } from './members.ts'

const STATUSES: readonly string[] = ['success', 'failure', 'deleted', 'in_progress'] satisfies readonly BackupStatus[]

/** Clocks on the wall differ from UTC by up to 14 hours; the rest is for a backup that takes its time. */
const ZONES_MS = 15 * 3_600_000
/** A row without a file and a file without a row that were made so close to each other are one backup. */
const SAME_BACKUP_MS = 60_000

/** Hands out each row once: to the set whose file it names, else to the set whose id it has, else to nobody. */
export class RowIndex {
  readonly #unclaimed: Set<CatalogRowInput>
  readonly #byBase = new Map<string, CatalogRowInput[]>()
  readonly #byId = new Map<string, CatalogRowInput[]>()

  constructor(target: CatalogTarget, input: readonly CatalogRowInput[]) {
    const rows = input.map(legible)
    this.#unclaimed = new Set(rows)
    for (const row of rows) {
      append(this.#byId, canonicalBackupId(row.backupId), row)
      const base = baseOf(target, row)
      if (base !== undefined) append(this.#byBase, base, row)
    }
  }

  /**
   * The row of a set that lies on disk, newest first where several name it.
   *
   * To be asked for every set by file first and by id afterwards: the real application's ids tell another second than its
   * files, so that the id of one row can be the name of another's file.
   */
  claimByFile(base: string): readonly CatalogRowInput[] {
    return this.#claim(this.#byBase.get(base))
  }

  claimById(id: string): readonly CatalogRowInput[] {
    return this.#claim(this.#byId.get(id)?.filter((row) => this.#unclaimed.has(row)))
  }

  /**
   * A row whose path says nothing and that nobody has claimed, made within a minute of the set. The real application writes the
   * output of its script into the path of a backup that was made through its API.
   *
   * @param type null: of any type.
   */
  claimByTime(type: BackupType | null, createdAtMs: number): readonly CatalogRowInput[] {
    const near = [...this.#unclaimed].filter((row) => {
      const timeMs = isIllegible(row) && (type === null || typeOf(row) === type) ? rowTimeMs(row) : undefined
      return timeMs !== undefined && Math.abs(timeMs - createdAtMs) <= SAME_BACKUP_MS
    })
    return near.length === 1 ? this.#claim(near) : []
  }

  /** Rows that no set has claimed. */
  unclaimed(): readonly CatalogRowInput[] {
    return [...this.#unclaimed]
  }

  #claim(rows: readonly CatalogRowInput[] = []): readonly CatalogRowInput[] {
    for (const row of rows) this.#unclaimed.delete(row)
    const byTime = (a: CatalogRowInput, b: CatalogRowInput): number => (rowTimeMs(b) ?? 0) - (rowTimeMs(a) ?? 0)
    return [...rows].sort((a, b) => Number(isIllegible(a)) - Number(isIllegible(b)) || byTime(a, b))
  }
}

/** A status that the program does not know is no success. */
export function statusOf(row: CatalogRowInput): BackupStatus {
  return STATUSES.includes(row.status) ? (row.status as BackupStatus) : 'failure'
}

export function typeOf(row: CatalogRowInput): BackupType {
  if (isBackupType(row.backupType)) return row.backupType
  return parseBackupId(row.backupId)?.type ?? 'manual'
}

/** Milliseconds since the epoch: `created_at`, where it can be the time of a backup of that id, else the id's digits; both are UTC (D19). */
export function rowTimeMs(row: CatalogRowInput): number | undefined {
  const fromId = parseBackupId(row.backupId)?.createdAtMs
  return fromId === undefined ? createdAtOf(row) : timeOfRow(row, fromId)
}

/**
 * When a backup was made whose name says `namedMs`. The row's `created_at` wins: it is UTC, and a name may be in any zone.
 * Where more than a zone lies between the two, the row was made for a backup that had long been there, as one that was brought
 * from another server (manual Q7), and the name stands.
 */
export function timeOfRow(row: CatalogRowInput | undefined, namedMs: number): number {
  const createdAtMs = row === undefined ? undefined : createdAtOf(row)
  return createdAtMs === undefined || Math.abs(createdAtMs - namedMs) > ZONES_MS ? namedMs : createdAtMs
}

function createdAtOf({ createdAt }: CatalogRowInput): number | undefined {
  if (createdAt === null) return undefined
  // SQLite's CURRENT_TIMESTAMP has neither a T nor a zone, and is UTC; so is an ISO text without a zone
  const bare = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,9})?)$/.exec(createdAt)
  const timeMs = Date.parse(bare === null ? createdAt : `${bare[1] ?? ''}T${bare[2] ?? ''}Z`)
  return Number.isNaN(timeMs) ? undefined : timeMs
}

/** A path with control characters in it, as a terminal's colours, is no path: it is what some program had to say. */
function isIllegible({ filePath }: CatalogRowInput): boolean {
  return filePath !== null && /\p{Cc}/u.test(filePath)
}

/** The size beside such a text is that of no file. */
function legible(row: CatalogRowInput): CatalogRowInput {
  return isIllegible(row) ? { ...row, fileSize: null } : row
}

/**
 * The base of the set whose member the row names; the folder does not count, a copied catalog tells another server's (manual Q7).
 * In a text that is no path it is the one backup's name that the text holds.
 */
function baseOf({ backups }: CatalogTarget, row: CatalogRowInput): string | undefined {
  if (row.filePath === null) return undefined
  if (!isIllegible(row)) return splitMemberName(basename(row.filePath))?.base
  const words = row.filePath.split(/[\s\p{Cc}"'=:,;()[\]]+/u).map((word) => basename(word))
  const bases = new Set(words.map((word) => splitMemberName(word)?.base ?? word))
  const [base, ...others] = [...bases].filter((each) => parseBackupBase(backups, each) !== undefined)
  return others.length > 0 ? undefined : base
}

function append(index: Map<string, CatalogRowInput[]>, key: string, row: CatalogRowInput): void {
  const rows = index.get(key)
  if (rows === undefined) index.set(key, [row])
  else rows.push(row)
}
