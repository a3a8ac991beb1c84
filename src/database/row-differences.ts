/** Which rows of tables differ between two databases that nobody writes to: information, so it stops when its time is up. */

import type { RowDifference } from './contract.ts'
import { quoted, withReader, type Connection } from './connection.ts'

export interface RowDifferencesRequest {
  readonly before: string
  readonly after: string
  readonly tables: readonly string[]
  readonly budgetMs: number
}

/** Between two looks at the time. */
const ROWS_AT_ONCE = 500

type Row = readonly unknown[]

/** See `DatabaseOperations.rowDifferences`. Both tables are walked through side by side, in the order of their rowids. */
export async function rowDifferences({
  before,
  after,
  tables,
  budgetMs,
}: RowDifferencesRequest): Promise<readonly RowDifference[]> {
  const endMs = performance.now() + budgetMs
  return withReader(before, (first) =>
    withReader(after, (second) =>
      tables.map((table) => ({ table, changed: changedRows(first, second, table, endMs) })),
    ),
  )
}

/** null where it is not known: another schema, no rowid, a table that cannot be read, or the time was up. */
function changedRows(first: Connection, second: Connection, table: string, endMs: number): number | null {
  try {
    const columns = commonColumns(first, second, table)
    if (columns.length === 0) return null
    return countChanged(walk(first, table, columns), walk(second, table, columns), endMs)
  } catch {
    return null
  }
}

function countChanged(before: Iterator<Row>, after: Iterator<Row>, endMs: number): number | null {
  let [left, right] = [before.next(), after.next()]
  let [changed, seen] = [0, 0]
  try {
    while (left.done !== true && right.done !== true) {
      seen += 1
      if (seen % ROWS_AT_ONCE === 0 && performance.now() > endMs) return null
      const [a, b] = [left.value[0] as bigint, right.value[0] as bigint]
      if (a === b && !isSame(left.value, right.value)) changed += 1
      if (a <= b) left = before.next()
      if (b <= a) right = after.next()
    }
    return performance.now() > endMs ? null : changed
  } finally {
    before.return?.()
    after.return?.()
  }
}

function isSame(first: Row, second: Row): boolean {
  return first.every((value, index) => {
    const other = second[index]
    return Buffer.isBuffer(value) && Buffer.isBuffer(other) ? value.equals(other) : Object.is(value, other)
  })
}

function walk(connection: Connection, table: string, columns: readonly string[]): Iterator<Row> {
  const list = columns.map(quoted).join(', ')
  const statement = connection.prepare<[], Row>(`SELECT rowid, ${list} FROM main.${quoted(table)} ORDER BY rowid`)
  return statement.safeIntegers(true).raw(true).iterate()
}

/** Columns that a later migration added say nothing about a row. Generated ones are not asked: they may cost anything. */
function commonColumns(first: Connection, second: Connection, table: string): string[] {
  const names = (connection: Connection): string[] =>
    (connection.pragma(`main.table_xinfo(${quoted(table)})`) as { readonly name: string; readonly hidden: number }[])
      .filter(({ hidden }) => hidden === 0)
      .map(({ name }) => name)
  const there = new Set(names(second))
  return names(first).filter((name) => there.has(name))
}
