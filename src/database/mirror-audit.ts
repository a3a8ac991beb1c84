/** The application's audit table: what was recorded after the backup was made, and this restore itself (R117, R118). */

import type { MirrorRequest } from './contract.ts'
import { quoted, type Connection } from './connection.ts'
import { columnsOf, RowCopier, userIdOf, type Row, type Value } from './mirror-rows.ts'

/** What makes two records the same one; the number is not, for it may be given anew. */
const KEY = ['operation', 'backup_id', 'username', 'status', 'created_at'] as const
const NEEDED = ['operation', 'created_at'] as const

/**
 * Copies the records that the restored database lacks, within the caller's transaction. Equal records are counted, not
 * merged: of three in the replaced database and two in the restored one, one is copied.
 *
 * @returns the number of rows written.
 */
export function mirrorAudit(restored: Connection, previous: Connection, table: string, warnings: string[]): number {
  const copier = new RowCopier(restored, previous, table)
  if (!NEEDED.every((column) => copier.columns.includes(column))) {
    warnings.push(
      `${table}: no such table with ${NEEDED.join(' and ')} in both databases; its rows were not carried over`,
    )
    return 0
  }
  const key = KEY.filter((column) => copier.columns.includes(column))
  const present = countsByKey(restored, table, key)
  let written = 0
  for (const row of copier.rows()) {
    const text = keyOf(key.map((column) => row[column] ?? null))
    const left = present.get(text) ?? 0
    if (left > 0) present.set(text, left - 1)
    else written += Number(copier.insert(row))
  }
  warnings.push(...copier.warnings())
  return written
}

function countsByKey(connection: Connection, table: string, key: readonly string[]): Map<string, number> {
  const list = key.map(quoted).join(', ')
  const counts = new Map<string, number>()
  for (const values of connection
    .prepare<[], Value[]>(`SELECT ${list} FROM main.${quoted(table)}`)
    .raw()
    .iterate()) {
    const text = keyOf(values)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return counts
}

function keyOf(values: readonly Value[]): string {
  return JSON.stringify(values.map((value) => (value === null ? null : String(value))))
}

/**
 * Writes the record of this restore, once: its `details` carry the request's uid, by which it is found again.
 *
 * @returns whether a row was written.
 */
export function recordRestore(
  connection: Connection,
  table: string,
  audit: MirrorRequest['audit'],
  warnings: string[],
): boolean {
  const columns = columnsOf(connection, table)
  const names = columns.map(({ name }) => name)
  const lacking = ['operation', 'created_at', 'details'].filter((column) => !names.includes(column))
  if (lacking.length > 0) {
    warnings.push(`${table}: it has no ${lacking.join(', ')}; this restore was not recorded in it`)
    return false
  }
  if (isRecorded(connection, table, audit.uid)) return false
  const row: Row = { ...restoreRow(audit), user_id: userIdOf(connection, audit.username) ?? null }
  const needsUser = columns.some(({ name, notnull }) => name === 'user_id' && notnull === 1n)
  if (needsUser && row['user_id'] === null) {
    warnings.push(`${table}: there is no user ${audit.username}; this restore was not recorded in it`)
    return false
  }
  const known = Object.keys(row).filter((column) => names.includes(column))
  const list = known.map(quoted).join(', ')
  const marks = known.map(() => '?').join(', ')
  const insert = `INSERT INTO main.${quoted(table)} (${list}) VALUES (${marks})`
  connection.prepare(insert).run(known.map((column) => row[column] ?? null))
  return true
}

function isRecorded(connection: Connection, table: string, uid: string): boolean {
  const select =
    // CASE, because only it promises that text which is no JSON is not looked into (sqlite.org/lang_expr.html#case).
    `SELECT 1 FROM main.${quoted(table)} WHERE operation = 'restore' ` +
    `AND CASE WHEN json_valid(details) THEN json_extract(details, '$.uid') = ? END`
  return connection.prepare<[string]>(select).get(uid) !== undefined
}

function restoreRow(audit: MirrorRequest['audit']): Row {
  return {
    operation: 'restore',
    backup_id: audit.backupId,
    username: audit.username,
    user_agent: 'modosu',
    status: audit.status,
    error_message: audit.errorMessage,
    details: JSON.stringify({ ...audit.details, uid: audit.uid }),
    created_at: sqliteTime(audit.at),
  }
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, as CURRENT_TIMESTAMP writes it beside. */
function sqliteTime(at: string): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
