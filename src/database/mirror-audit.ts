/** The application's audit table: what was recorded after the backup was made, and this restore itself (R117, R118). */

import type { MirrorRequest } from './records-contract.ts'
import { quoted, type Connection } from './connection.ts'
import { columnsOf, pagesOf, RowCopier, userIdOf, type Row, type Value } from './mirror-rows.ts'
import type { MirrorWriter } from './mirror-writer.ts'

/** What makes two records the same one; the number is not, for it may be given anew. */
const KEY = ['operation', 'backup_id', 'username', 'status', 'created_at'] as const
const NEEDED = ['operation', 'created_at'] as const

/**
 * Copies the records that the restored database lacks. Equal records are counted, not merged: of three in the replaced
 * database and two in the restored one, one is copied.
 *
 * @returns the number of rows written.
 */
export function mirrorAudit(restored: Connection, previous: Connection, table: string, writer: MirrorWriter): number {
  const copier = new RowCopier(restored, previous, table)
  if (!NEEDED.every((column) => copier.columns.includes(column))) {
    writer.warnings.push(
      `${table}: no such table with ${NEEDED.join(' and ')} in both databases; its rows were not carried over`,
    )
    return 0
  }
  const key = KEY.filter((column) => copier.columns.includes(column))
  const present = countsByKey(restored, table, key)
  const isNews = (row: Row): boolean => {
    const text = keyOf(row, key)
    const left = present.get(text) ?? 0
    if (left > 0) present.set(text, left - 1)
    return left === 0
  }
  const written = writer.inBatches(table, copier.rows().filter(isNews), (row) => copier.insert(row))
  writer.warnings.push(...copier.warnings())
  return written
}

function countsByKey(connection: Connection, table: string, key: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of pagesOf(connection, table, key)) {
    const text = keyOf(row, key)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return counts
}

function keyOf(row: Row, key: readonly string[]): string {
  return JSON.stringify(
    key.map((column) => row[column] ?? null).map((value) => (value === null ? null : String(value))),
  )
}

/**
 * Writes the record of this restore or verification, once: its `details` carry the request's uid, by which it is found again. Where the
 * application does not know who asked for it, it is booked on the configured user, and `details` say who it was.
 *
 * @returns the number of rows written.
 */
export function recordAct(
  connection: Connection,
  table: string,
  audit: MirrorRequest['audit'],
  writer: MirrorWriter,
): number {
  const { operation = 'restore' } = audit
  const what = operation === 'restore' ? 'this restore' : 'this verification'
  const columns = columnsOf(connection, table)
  const names = columns.map(({ name }) => name)
  const lacking = ['operation', 'created_at', 'details'].filter((column) => !names.includes(column))
  if (lacking.length > 0) {
    writer.warnings.push(`${table}: it has no ${lacking.join(', ')}; ${what} was not recorded in it`)
    return 0
  }
  if (isRecorded(connection, table, operation, audit.uid)) return 0
  const row = rowOf(operation, audit, bookedOn(connection, audit))
  const needsUser = columns.some(({ name, notnull }) => name === 'user_id' && notnull === 1n)
  if (needsUser && row['user_id'] === null) {
    const also =
      audit.auditUser === null ? 'set backups.auditUser' : `nor is there ${audit.auditUser} (backups.auditUser)`
    writer.warnings.push(`${table}: there is no user ${audit.username}; ${what} was not recorded in it; ${also}`)
    return 0
  }
  const known = Object.keys(row).filter((column) => names.includes(column))
  const list = known.map(quoted).join(', ')
  const marks = known.map(() => '?').join(', ')
  const insert = `INSERT OR ABORT INTO main.${quoted(table)} (${list}) VALUES (${marks})`
  return writer.inBatches(table, [row], (each) => {
    return connection.prepare(insert).run(known.map((column) => each[column] ?? null)).changes
  })
}

interface Booking {
  readonly username: string
  readonly userId: Value
}

function bookedOn(connection: Connection, { username, auditUser }: MirrorRequest['audit']): Booking {
  const own = userIdOf(connection, username)
  if (own !== undefined) return { username, userId: own }
  const configured = auditUser === null ? undefined : userIdOf(connection, auditUser)
  if (auditUser !== null && configured !== undefined) return { username: auditUser, userId: configured }
  return { username, userId: null }
}

function isRecorded(connection: Connection, table: string, operation: string, uid: string): boolean {
  const select =
    // CASE, because only it promises that text which is no JSON is not looked into (sqlite.org/lang_expr.html#case).
    `SELECT 1 FROM main.${quoted(table)} WHERE operation = ? ` +
    `AND CASE WHEN json_valid(details) THEN json_extract(details, '$.uid') = ? END`
  return connection.prepare<[string, string]>(select).get(operation, uid) !== undefined
}

function rowOf(operation: string, audit: MirrorRequest['audit'], { username, userId }: Booking): Row {
  const actor = username === audit.username ? {} : { actor: audit.username }
  return {
    user_id: userId,
    operation,
    backup_id: audit.backupId,
    username,
    user_agent: 'modosu',
    status: audit.status,
    error_message: audit.errorMessage,
    details: JSON.stringify({ ...actor, ...audit.details, uid: audit.uid }),
    created_at: sqliteTime(audit.at),
  }
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, as CURRENT_TIMESTAMP writes it beside. */
function sqliteTime(at: string): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
