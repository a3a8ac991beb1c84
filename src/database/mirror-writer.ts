/**
 * Writes a few rows into a database that the application uses again: in small transactions, within a time and a size, and
 * nothing but those rows.
 */

import { messageOf } from '../domain/errors.ts'
import type { Connection } from './connection.ts'

/** Rows of one transaction: the application's writers wait for no more than that. */
const ROWS_AT_ONCE = 50
/** A transaction that takes longer is given up, and what it wrote is taken back. */
const HOLD_MS = 1000
const BUDGET_MS = 10_000
const MOST_GROWTH_BYTES = 64 * 1024 * 1024

export class MirrorWriter {
  readonly warnings: string[] = []
  readonly #connection: Connection
  readonly #endMs = performance.now() + BUDGET_MS

  constructor(connection: Connection) {
    this.#connection = connection
    const pages = Number(connection.pragma('page_count', { simple: true }))
    const pageSize = Number(connection.pragma('page_size', { simple: true }))
    connection.pragma(`max_page_count = ${pages + Math.ceil(MOST_GROWTH_BYTES / pageSize)}`)
  }

  /**
   * @param write writes one row and gives the number of rows that it has changed itself.
   * @returns the number of rows written. What cannot be written is a warning; the transactions before it stay.
   */
  inBatches<Item>(table: string, items: readonly Item[], write: (item: Item) => number): number {
    let written = 0
    try {
      for (let from = 0; from < items.length; from += ROWS_AT_ONCE) {
        if (performance.now() > this.#endMs) throw new Error('the time for it was up')
        written += this.#batch(items.slice(from, from + ROWS_AT_ONCE), write)
      }
    } catch (error) {
      this.warnings.push(`${table}: ${items.length - written} rows were not written: ${messageOf(error)}`)
    }
    return written
  }

  /** SQLite counts what triggers and foreign keys change as well (https://sqlite.org/c3ref/total_changes.html). */
  #batch<Item>(items: readonly Item[], write: (item: Item) => number): number {
    return this.#connection
      .transaction(() => {
        const [before, startMs] = [this.#totalChanges(), performance.now()]
        let written = 0
        for (const item of items) {
          written += write(item)
          if (performance.now() - startMs > HOLD_MS) throw new Error('it holds the application up for too long')
        }
        if (this.#totalChanges() - before !== written) throw new Error('writing it changes other rows as well')
        return written
      })
      .immediate()
  }

  #totalChanges(): number {
    return Number(this.#connection.prepare('SELECT total_changes()').pluck().get())
  }
}
