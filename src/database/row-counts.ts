/** How many rows tables have: information, so it stops when its time is up rather than hold anything up. */

import type { RowCount } from './contract.ts'
import { quoted, withReader, type Connection } from './connection.ts'

export interface RowCountsRequest {
  readonly path: string
  readonly tables: readonly string[]
  readonly budgetMs: number
}

/**
 * See `DatabaseOperations.rowCounts`. One statement each, no transaction around them: a reader that stays would keep the
 * application's writers from committing in rollback mode. A running count cannot be interrupted, only not begun.
 */
export async function rowCounts({ path, tables, budgetMs }: RowCountsRequest): Promise<readonly RowCount[]> {
  const endMs = performance.now() + budgetMs
  return withReader(path, (connection) =>
    tables.map((table) => ({ table, rows: performance.now() < endMs ? countOf(connection, table) : null })),
  )
}

function countOf(connection: Connection, table: string): number | null {
  try {
    return Number(
      connection
        .prepare(`SELECT count(*) FROM main.${quoted(table)}`)
        .pluck()
        .get(),
    )
  } catch {
    // Missing in this version of the schema, damaged, or of a module that is not here: not known.
    return null
  }
}
