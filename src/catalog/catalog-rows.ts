/** Brings the rows of the application's own catalog together with the sets on disk. */

import { basename } from 'node:path'
import { canonicalBackupId, isBackupType, parseBackupId } from '../domain/backup-id.ts'
import type { BackupType } from '../domain/resource.ts'
import type { BackupStatus, CatalogRowInput } from './contract.ts'
import { splitMemberName } from './file-name.ts'

const STATUSES: readonly string[] = ['success', 'failure', 'deleted', 'in_progress'] satisfies readonly BackupStatus[]

/** Hands out each row once: to the set whose file it names, else to the set whose id it has, else to nobody. */
export class RowIndex {
  readonly #unclaimed: Set<CatalogRowInput>
  readonly #byBase = new Map<string, CatalogRowInput[]>()
  readonly #byId = new Map<string, CatalogRowInput[]>()

  constructor(rows: readonly CatalogRowInput[]) {
    this.#unclaimed = new Set(rows)
    for (const row of rows) {
      append(this.#byId, canonicalBackupId(row.backupId), row)
      const base = baseOf(row)
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

  /** Rows that no set has claimed. */
  unclaimed(): readonly CatalogRowInput[] {
    return [...this.#unclaimed]
  }

  #claim(rows: readonly CatalogRowInput[] = []): readonly CatalogRowInput[] {
    for (const row of rows) this.#unclaimed.delete(row)
    return [...rows].sort((a, b) => (rowTimeMs(b) ?? 0) - (rowTimeMs(a) ?? 0))
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

/** Milliseconds since the epoch: the id's digits, else the row's own time; both are UTC (D19). */
export function rowTimeMs(row: CatalogRowInput): number | undefined {
  const fromId = parseBackupId(row.backupId)?.createdAtMs
  if (fromId !== undefined || row.createdAt === null) return fromId
  // SQLite's CURRENT_TIMESTAMP has neither a T nor a zone
  const bare = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(row.createdAt)
  const timeMs = Date.parse(bare === null ? row.createdAt : `${bare[1] ?? ''}T${bare[2] ?? ''}Z`)
  return Number.isNaN(timeMs) ? undefined : timeMs
}

/** The base of the set whose member the row names; the folder does not count, a copied catalog tells another server's (manual Q7). */
function baseOf(row: CatalogRowInput): string | undefined {
  return row.filePath === null ? undefined : splitMemberName(basename(row.filePath))?.base
}

function append(index: Map<string, CatalogRowInput[]>, key: string, row: CatalogRowInput): void {
  const rows = index.get(key)
  if (rows === undefined) index.set(key, [row])
  else rows.push(row)
}
