/** Counts the rows that differ, and keeps the first few of each kind to show. */

import { quoted, type Connection } from './connection.ts'
import type { Limits } from './compare-limits.ts'
import { BACKUP, differs, KIND, PRESENT, type Pairing } from './compare-pairing.ts'
import type { TableShape } from './compare-shape.ts'
import type { ChangedRow, ShownRow, ShownValue } from './look-contract.ts'

/** Of a text, in letters, and of a blob, in bytes. */
const TEXT_SHOWN = 200
const BLOB_SHOWN = 32
/** SQLite bounds the columns of an answer to 2000, and a person reads fewer. */
const COLUMNS_SHOWN = 200

type Key = readonly unknown[]
type Side = typeof PRESENT | typeof BACKUP

export interface SampledTable {
  readonly present: TableShape
  readonly backup: TableShape
  readonly pair: Pairing
  /** That both have. */
  readonly columns: readonly string[]
  readonly wanted: number
  readonly limits: Limits
}

export interface Figures {
  readonly vanish: number
  readonly return: number
  readonly change: number
}

export class Sampler {
  readonly #connection: Connection
  readonly #table: SampledTable
  readonly #keys = { vanish: [] as Key[], return: [] as Key[], change: [] as Key[] }

  constructor(connection: Connection, table: SampledTable) {
    this.#connection = connection
    this.#table = table
  }

  /** @param sql answers with the kind of a row and its key. */
  take(sql: string): Figures {
    const counts = { vanish: 0, return: 0, change: 0 }
    const statement = this.#connection.prepare<[], [bigint, ...unknown[]]>(sql)
    for (const [kind, ...key] of statement.safeIntegers(true).raw(true).iterate()) {
      const name = kind === KIND.change ? 'change' : kind === KIND.vanish ? 'vanish' : 'return'
      counts[name] += 1
      if (this.#keys[name].length < this.#table.wanted) this.#keys[name].push(key)
    }
    return counts
  }

  samples(): { vanishing: readonly ShownRow[]; returning: readonly ShownRow[]; changing: readonly ChangedRow[] } {
    const { vanish, return: back, change } = this.#keys
    return {
      vanishing: this.#each(vanish, (key) => this.#row(PRESENT, key)),
      returning: this.#each(back, (key) => this.#row(BACKUP, key)),
      changing: this.#each(change, (key) => this.#changed(key)),
    }
  }

  /** Samples tell, they decide nothing: one that cannot be read is left out. */
  #each<T>(keys: readonly Key[], shown: (key: Key) => T | null): T[] {
    const rows: T[] = []
    for (const key of keys) {
      const { value: row } = this.#table.limits.walk(() => shown(key)) ?? { value: null }
      if (row !== null) rows.push(row)
    }
    return rows
  }

  #row(side: Side, key: Key): ShownRow | null {
    const { present, backup, pair } = this.#table
    const { columns } = side === PRESENT ? present : backup
    const names = columns.map(({ name }) => name)
    const values = this.#values(side, names, key)
    if (values === null) return null
    const number = pair.numbered ? [{ column: 'rowid', value: shownNumber(key[0]) }] : []
    return [...number, ...values]
  }

  #changed(key: Key): ChangedRow | null {
    const { columns, pair } = this.#table
    const from = `${this.#from(PRESENT)} JOIN ${this.#from(BACKUP)} ON ${this.#is(PRESENT)} AND ${this.#is(BACKUP)}`
    const flags = this.#ask(`SELECT ${columns.map(differs).join(', ')} FROM ${from}`, [...key, ...key])
    const different = columns.filter((_, index) => flags?.[index] === 1n)
    const [now, then] = [this.#values(PRESENT, different, key), this.#values(BACKUP, different, key)]
    if (now === null || then === null) return null
    const named = pair.numbered
      ? [{ column: 'rowid', value: shownNumber(key[0]) }]
      : this.#values(PRESENT, pair.names, key)
    if (named === null) return null
    return {
      key: named,
      columns: now.map(({ column, value }, index) => ({ column, present: value, backup: then[index]?.value ?? null })),
    }
  }

  /** null where the row is not found, or there is no room left for it. */
  #values(side: Side, columns: readonly string[], key: Key): { column: string; value: ShownValue }[] | null {
    const shown = columns.slice(0, COLUMNS_SHOWN)
    if (shown.length === 0) return []
    const list = shown.flatMap((name) => {
      const column = `${side}.${quoted(name)}`
      const cut =
        `CASE typeof(${column}) WHEN 'text' THEN substr(${column}, 1, ${TEXT_SHOWN + 1}) ` +
        `WHEN 'blob' THEN hex(substr(${column}, 1, ${BLOB_SHOWN})) ELSE ${column} END`
      return [`typeof(${column})`, cut, `CASE typeof(${column}) WHEN 'blob' THEN length(${column}) END`]
    })
    const found = this.#ask(`SELECT ${list.join(', ')} FROM ${this.#from(side)} WHERE ${this.#is(side)}`, key)
    if (found === undefined) return null
    const values = shown.map((column, index) => ({ column, value: shownValue(found.slice(3 * index, 3 * index + 3)) }))
    const letters = values.reduce((sum, { column, value }) => sum + column.length + lettersOf(value), 0)
    return this.#table.limits.room(letters) ? values : null
  }

  #ask(sql: string, key: Key): unknown[] | undefined {
    return this.#connection
      .prepare<unknown[], unknown[]>(sql)
      .safeIntegers(true)
      .raw(true)
      .get(...key)
  }

  #from(side: Side): string {
    const { present, backup } = this.#table
    return side === PRESENT ? `main.${present.quoted} AS ${PRESENT}` : `other.${backup.quoted} AS ${BACKUP}`
  }

  #is(side: Side): string {
    return this.#table.pair.terms.map((term) => `${side}.${term} = ?`).join(' AND ')
  }
}

function shownNumber(value: unknown): ShownValue {
  return typeof value === 'bigint' ? value : null
}

function shownValue([type, value, bytes]: readonly unknown[]): ShownValue {
  if (type === 'blob') return { hex: String(value), bytes: Number(bytes) }
  if (typeof value === 'bigint' || typeof value === 'number') return value
  if (typeof value !== 'string') return null
  const letters = Array.from(value)
  return letters.length > TEXT_SHOWN ? `${letters.slice(0, TEXT_SHOWN).join('')}…` : value
}

function lettersOf(value: ShownValue): number {
  if (typeof value === 'string') return value.length
  return typeof value === 'object' && value !== null ? value.hex.length : 8
}
