/** How two databases that nobody writes to differ: what a restore takes away, brings back and changes (manual 3.2-2, 10-5). */

import type { Connection } from './connection.ts'
import { folded, tablesOf, type TableShape } from './compare-shape.ts'
import { schemaDifferences } from './compare-schema.ts'
import { compareTable } from './compare-table.ts'
import { Limits } from './compare-limits.ts'
import type { CompareRequest, Comparison, TableComparison } from './look-contract.ts'
import { withStillPair } from './still.ts'

/** A table of which there may be one in each database. */
interface Couple {
  readonly name: string
  readonly present: TableShape | undefined
  readonly backup: TableShape | undefined
}

/** See `DatabaseOperations.compare`. The smallest tables come first: where the time is short, most of them get their turn. */
export async function compare({ present, backup, tables, rows, budgetMs }: CompareRequest): Promise<Comparison> {
  return withStillPair(present, backup, (connection) => {
    const limits = new Limits(connection, budgetMs)
    // A pair that no index finds must show in the plan, and not cost the square of the rows.
    connection.pragma('automatic_index = OFF')
    const wanted = tables === null ? null : new Set(tables.map(folded))
    const [first, second] = [tablesOf(connection, 'main'), tablesOf(connection, 'other')]
    const couples = coupled(first, second).filter(({ name }) => wanted?.has(folded(name)) ?? true)
    const compared = couples
      .map((couple) => ({ couple, size: sizeOf(connection, couple) }))
      .sort((a, b) => a.size - b.size)
      .map(({ couple }) => compareCouple(connection, couple, rows, limits))
    return {
      tables: compared.sort((a, b) => (a.table < b.table ? -1 : 1)),
      schema: schemaDifferences(connection, wanted),
    }
  })
}

function coupled(first: readonly TableShape[], second: readonly TableShape[]): Couple[] {
  const there = new Map(second.map((shape) => [folded(shape.name), shape]))
  const here = new Set(first.map(({ name }) => folded(name)))
  return [
    ...first.map((present) => ({ name: present.name, present, backup: there.get(folded(present.name)) })),
    ...second
      .filter(({ name }) => !here.has(folded(name)))
      .map((backup) => ({ name: backup.name, present: undefined, backup })),
  ]
}

function compareCouple(connection: Connection, { name, present, backup }: Couple, rows: number, limits: Limits) {
  if (present !== undefined && backup !== undefined) return compareTable(connection, present, backup, rows, limits)
  const where = present === undefined ? 'backup' : 'present'
  const shape = present ?? backup
  const count = shape === undefined ? null : limits.count(shape, where === 'present' ? 'main' : 'other')
  const remark = shape?.skip ?? (count === null ? limits.why : null)
  const none = { skipped: (shape?.skip ?? null) !== null, vanishing: [], returning: [], changing: [] }
  const figures: Pick<TableComparison, 'present' | 'backup' | 'vanish' | 'return' | 'change'> =
    where === 'present'
      ? { present: count, backup: null, vanish: count, return: 0, change: 0 }
      : { present: null, backup: count, vanish: 0, return: count, change: 0 }
  return { table: name, where, key: [], ...figures, remark, ...none } satisfies TableComparison
}

/** The largest number of a row says about how many there are, and is found at once. */
function sizeOf(connection: Connection, { present, backup }: Couple): number {
  const size = (shape: TableShape | undefined, schema: 'main' | 'other'): number => {
    if (shape === undefined || shape.skip !== null) return 0
    const [rowid] = shape.rowids
    if (rowid === undefined || shape.virtual) return Number.MAX_SAFE_INTEGER
    try {
      const sql = `SELECT max(${rowid}) FROM ${schema}.${shape.quoted}`
      return Number(connection.prepare(sql).pluck().get() ?? 0)
    } catch {
      return 0
    }
  }
  return Math.max(size(present, 'main'), size(backup, 'other'))
}
