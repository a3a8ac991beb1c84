/** The application's list of its backups: those that the restored copy does not know yet, or knows as unfinished. */

import { quoted, type Connection } from './connection.ts'
import { pagesOf, RowCopier, type Row, type Value } from './mirror-rows.ts'
import type { MirrorWriter } from './mirror-writer.ts'

const KEY = 'backup_id'
/** A backup only ever moves to the right: a higher rank is the later knowledge, whichever database it comes from. */
const RANKS: Readonly<Record<string, number>> = { in_progress: 0, success: 1, failure: 1, deleted: 2 }
/** What stays as the restored row has it. */
const KEPT: readonly string[] = ['id', KEY, 'created_by']

/**
 * Brings the catalog up to date.
 *
 * A backup's copy of the catalog has that backup itself as `in_progress`: such a row takes what is known since.
 *
 * @returns the number of rows written.
 */
export function mirrorCatalog(restored: Connection, previous: Connection, table: string, writer: MirrorWriter): number {
  const copier = new RowCopier(restored, previous, table)
  if (!copier.columns.includes(KEY)) {
    writer.warnings.push(`${table}: no such table with a ${KEY} in both databases; its rows were not carried over`)
    return 0
  }
  const hasStatus = copier.columns.includes('status')
  const known = new Map(
    pagesOf(restored, table, hasStatus ? [KEY, 'status'] : [KEY]).map((row) => [row[KEY] ?? null, row['status']]),
  )
  const isNews = (row: Row): boolean => {
    const key = row[KEY] ?? null
    return !known.has(key) || rankOf(row['status']) > rankOf(known.get(key))
  }
  const written = writer.inBatches(table, copier.rows().filter(isNews), (row) =>
    known.has(row[KEY] ?? null) ? update(restored, table, copier.columns, row) : copier.insert(row),
  )
  writer.warnings.push(...copier.warnings())
  return written
}

function rankOf(status: Value | undefined): number {
  return typeof status === 'string' ? (RANKS[status] ?? 1) : 1
}

function update(connection: Connection, table: string, columns: readonly string[], row: Row): number {
  const changing = columns.filter((column) => !KEPT.includes(column))
  const list = changing.map((column) => `${quoted(column)} = ?`).join(', ')
  const statement = connection.prepare(`UPDATE OR ABORT main.${quoted(table)} SET ${list} WHERE ${KEY} = ?`)
  return statement.run([...changing.map((column) => row[column] ?? null), row[KEY] ?? null]).changes
}
