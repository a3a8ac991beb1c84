/**
 * The bounds of a comparison. This build of SQLite has no progress handler: a function that SQLite calls for each row
 * looks at the clock and throws, which ends the statement.
 */

import { messageOf } from '../domain/errors.ts'
import { quoted, type Connection } from './connection.ts'
import type { TableShape } from './compare-shape.ts'

/** Between two looks at the time. */
const ROWS_AT_ONCE = 1024
/** Of sample rows in all: the answer crosses a channel and is held in memory on both sides. */
const SAMPLE_LETTERS = 4_000_000

const TIME_WAS_UP = 'not compared: the time was up'

class TimeIsUp extends Error {}

export class Limits {
  readonly #connection: Connection
  readonly #endMs: number
  #rows = 0
  #lettersLeft = SAMPLE_LETTERS
  /** Why the last thing that was asked for is not known. */
  why: string | null = null

  /** Gives the connection the function `tick`. @param budgetMs null: no end. */
  constructor(connection: Connection, budgetMs: number | null) {
    this.#connection = connection
    this.#endMs = budgetMs === null ? Infinity : performance.now() + budgetMs
    connection.function('tick', { directOnly: true, varargs: true }, () => {
      this.#rows += 1
      if (this.#rows % ROWS_AT_ONCE === 0 && performance.now() > this.#endMs) throw new TimeIsUp()
      return 1
    })
  }

  /**
   * Does something, and counts the rows that were walked through on the way.
   *
   * @returns null where the time was up or SQLite cannot do it; `why` says which.
   */
  walk<T>(work: () => T): { readonly value: T; readonly rows: number } | null {
    this.why = null
    this.#rows = 0
    if (performance.now() > this.#endMs) {
      this.why = TIME_WAS_UP
      return null
    }
    try {
      const value = work()
      return { value, rows: this.#rows }
    } catch (error) {
      this.why = error instanceof TimeIsUp ? TIME_WAS_UP : `cannot be compared: ${messageOf(error)}`
      return null
    }
  }

  /** How many rows a table has; null where it is skipped, or as `walk`. */
  count(shape: TableShape, schema: 'main' | 'other'): number | null {
    if (shape.skip !== null) return null
    const any = shape.rowids[0] ?? shape.primaryKey.map(({ name }) => quoted(name))[0] ?? '1'
    const sql = `SELECT count(*) FROM ${schema}.${shape.quoted} WHERE tick(${any})`
    return this.walk(() => Number(this.#connection.prepare(sql).pluck().get()))?.value ?? null
  }

  /** Whether there is still room for a sample of so many letters. */
  room(letters: number): boolean {
    this.#lettersLeft -= letters
    return this.#lettersLeft >= 0
  }
}
