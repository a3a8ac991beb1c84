/** The audit table a page at a time: what a caller of the API may see of it, without reading the rest. */

import type Database from 'better-sqlite3'

import type { AuditRecord } from './rows.ts'

export interface AuditFilter {
  /** Only records of these targets; the empty name is what belongs to none. */
  readonly targets: readonly string[]
  readonly operation?: string
  readonly status?: string
  readonly backupId?: string
  readonly limit: number
  readonly offset: number
}

export interface AuditPage {
  /** After the filter, before the page. */
  readonly total: number
  /** Newest first. */
  readonly records: readonly Omit<AuditRecord, 'details' | 'previousHash' | 'hash'>[]
}

/** How the last restore of a backup ended. */
export interface RestoreMark {
  readonly at: string
  readonly status: AuditRecord['status']
  readonly request: string
  readonly username: string
}

const COLUMNS = 'id, at, operation, actor, target, request, backup_id AS backupId, status, message'

export function auditPage(database: Database.Database, filter: AuditFilter): AuditPage {
  const conditions = [`target IN (${filter.targets.map(() => '?').join(', ')})`]
  const values: unknown[] = [...filter.targets]
  for (const [column, value] of [
    ['operation', filter.operation],
    ['status', filter.status],
    ['backup_id', filter.backupId],
  ] as const) {
    if (value === undefined) continue
    conditions.push(`${column} = ?`)
    values.push(value)
  }
  const where = `FROM audit WHERE ${conditions.join(' AND ')}`
  const total =
    database
      .prepare<unknown[], number>(`SELECT COUNT(*) ${where}`)
      .pluck()
      .get(...values) ?? 0
  const records = database
    .prepare<unknown[], AuditPage['records'][number]>(`SELECT ${COLUMNS} ${where} ORDER BY id DESC LIMIT ? OFFSET ?`)
    .all(...values, filter.limit, filter.offset)
  return { total, records }
}

/** Whether a call has left a record of its own among those after the given one. */
export function auditHasCall(database: Database.Database, requestId: string, afterId: number): boolean {
  const sql = "SELECT 1 FROM audit WHERE id > ? AND json_extract(details, '$.requestId') = ?"
  return database.prepare(sql).get(afterId, requestId) !== undefined
}

/** The last restore of each backup of a target, by the id that the audit gives it. */
export function lastRestores(database: Database.Database, target: string): ReadonlyMap<string, RestoreMark> {
  const rows = database
    .prepare<[string], RestoreMark & { readonly backupId: string }>(
      `SELECT backup_id AS backupId, at, status, request, actor AS username FROM audit WHERE id IN (
        SELECT MAX(id) FROM audit WHERE operation = 'restore' AND target = ? AND backup_id IS NOT NULL GROUP BY backup_id)`,
    )
    .all(target)
  return new Map(rows.map(({ backupId, ...mark }) => [backupId, mark]))
}
