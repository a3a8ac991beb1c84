/** How the rows of a table in two databases are known to be the same rows, and the statements that walk through them. */

import { quoted, type Connection } from './connection.ts'
import { folded, type Column, type TableShape } from './compare-shape.ts'

/** How a row of `a` (the present database) and one of `b` (the backup) are known to be the same row. */
export interface Pairing {
  /** As shown. */
  readonly names: readonly string[]
  /** SQL expressions without the table's alias. */
  readonly terms: readonly string[]
  /** By the number of the row, which is no column. */
  readonly numbered: boolean
}

export const PRESENT = 'a'
export const BACKUP = 'b'

/**
 * By primary key; by the number of the row where there is none, or where the key holds NULL, which is equal to nothing.
 *
 * @returns null where the two have not the same key.
 */
export function pairing(
  connection: Connection,
  present: TableShape,
  backup: TableShape,
): { readonly pair: Pairing; readonly remark: string | null } | null {
  const byNumber = (remark: string | null): { readonly pair: Pairing; readonly remark: string | null } | null => {
    const rowid = present.rowids.find((each) => backup.rowids.includes(each))
    return rowid === undefined ? null : { pair: { names: ['rowid'], terms: [rowid], numbered: true }, remark }
  }
  const sameKey = keyOf(present.primaryKey) === keyOf(backup.primaryKey)
  if (!sameKey) return null
  if (present.primaryKey.length === 0) return byNumber(null)
  if (holdsNull(connection, present, 'main') || holdsNull(connection, backup, 'other')) {
    return byNumber('its primary key holds NULL: rows are told apart by their number')
  }
  const names = present.primaryKey.map(({ name }) => name)
  const pair = { names, terms: names.map(quoted), numbered: false }
  return isFound(connection, present, backup, pair) ? { pair, remark: null } : null
}

function keyOf(columns: readonly Column[]): string {
  return JSON.stringify(columns.map(({ name }) => folded(name)))
}

/** Only of a table with row numbers, where SQLite lets a primary key be NULL (https://sqlite.org/quirks.html). */
function holdsNull(connection: Connection, { primaryKey, wide, quoted: table }: TableShape, schema: string): boolean {
  if (wide) return false
  const loose = primaryKey.filter(({ notNull }) => !notNull)
  if (loose.length === 0) return false
  const sql = `SELECT 1 FROM ${schema}.${table} WHERE ${loose.map(({ name }) => `${quoted(name)} IS NULL`).join(' OR ')}`
  return connection.prepare(`${sql} LIMIT 1`).get() !== undefined
}

/** Whether SQLite finds a partner by an index, in both directions: declared otherwise, a key may have none that fits. */
function isFound(connection: Connection, present: TableShape, backup: TableShape, pair: Pairing): boolean {
  if (present.virtual) return true
  const { goneOrChanged, back } = statements(present, backup, pair, [])
  return [goneOrChanged, back].every((sql) => {
    const plan = connection.prepare<[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all()
    return plan.filter(({ detail }) => detail.startsWith('SCAN ')).length <= 1
  })
}

export function commonColumns(present: TableShape, backup: TableShape): string[] {
  const there = new Set(backup.columns.map(({ name }) => folded(name)))
  return present.columns.map(({ name }) => name).filter((name) => there.has(folded(name)))
}

/** Kinds of a row in the statements' first column. */
export const KIND = { change: 0n, vanish: 1n, return: 2n } as const

export function statements(present: TableShape, backup: TableShape, pair: Pairing, columns: readonly string[]) {
  const of = (alias: string): string[] => pair.terms.map((term) => `${alias}.${term}`)
  const [here = '', there = ''] = [of(PRESENT)[0], of(BACKUP)[0]]
  const same = pair.terms.map((term) => `${PRESENT}.${term} = ${BACKUP}.${term}`).join(' AND ')
  const one = `main.${present.quoted} AS ${PRESENT}`
  const other = `other.${backup.quoted} AS ${BACKUP}`
  return {
    goneOrChanged:
      `SELECT ${there} IS NULL, ${of(PRESENT).join(', ')} FROM ${one} LEFT JOIN ${other} ON ${same} ` +
      `WHERE tick(${here}) AND (${anyOf([`${there} IS NULL`, ...columns.map(differs)])})`,
    back:
      `SELECT 2, ${of(BACKUP).join(', ')} FROM ${other} LEFT JOIN ${one} ON ${same} ` +
      `WHERE tick(${there}) AND ${here} IS NULL`,
  }
}

/** By type and bytes: neither collation nor affinity makes two values one. */
export function differs(column: string): string {
  const [a, b] = [`${PRESENT}.${quoted(column)}`, `${BACKUP}.${quoted(column)}`]
  return `(+${a} COLLATE BINARY IS NOT +${b} OR typeof(${a}) <> typeof(${b}))`
}

/** A balanced tree: SQLite takes no expression that is a thousand deep. */
function anyOf(terms: readonly string[]): string {
  const [only = '1'] = terms
  if (terms.length <= 1) return only
  const half = Math.ceil(terms.length / 2)
  return `(${anyOf(terms.slice(0, half))}) OR (${anyOf(terms.slice(half))})`
}
