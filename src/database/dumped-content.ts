/** What an SQL dump says of a database, statement by statement, compared with the database itself. */

import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import { messageOf } from '../domain/errors.ts'
import { quoted, type Connection } from './connection.ts'

/** What speaks against the two being equal, or keeps them from being compared; no error of the program. */
export class Difference extends Error {}

/** Rows as a set in which one may occur several times: a dump need not have them in the table's order. */
interface Rows {
  count: number
  /** Of the SHA-256 of each row, modulo 2^256. */
  sum: bigint
}

const MODULUS = 2n ** 256n
const NOTHING_TO_RUN = /^(?:PRAGMA\s+foreign_keys\s*=\s*\w+|BEGIN(?:\s+TRANSACTION)?|COMMIT|ANALYZE\s+["\w]+)$/i
const TABLE = /^CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?/i
const OTHER_OBJECT = /^CREATE\s+(?:UNIQUE\s+INDEX|INDEX|VIEW|TRIGGER)\s/i
const CLEARS_SEQUENCE = /^DELETE\s+FROM\s+"?sqlite_sequence"?$/i
const INSERT = /^INSERT\s+INTO\s+(?:"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|'((?:[^']|'')*)'|([^\s("'`[]+))/i
const LEADING_COMMENT = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/
/** What ANALYZE found is no content. */
const STATISTICS = /^sqlite_stat\d$/i
const SHOWN = 60

/** So much of a table is in memory at a time, in letters of the dump. */
const FLUSH_LETTERS = 4_000_000
/** The scratch table that is being filled, and with how many letters of the dump. */
const NOTHING = { name: '', letters: 0 }

export class DumpedContent {
  readonly #database: Connection
  /** Takes some rows at a time, so that SQLite alone says what a literal means. */
  readonly #scratch = new Database(':memory:')
  readonly #schema = new Set<string>()
  readonly #dumped = new Map<string, Rows>()

  #filling = NOTHING

  constructor(database: Connection) {
    this.#database = database
    this.#scratch.pragma('trusted_schema = OFF')
    this.#scratch.pragma('foreign_keys = OFF')
    this.#scratch.pragma(`encoding = "${String(database.pragma('encoding', { simple: true }))}"`)
  }

  close(): void {
    this.#scratch.close()
  }

  /** @throws Difference */
  take(statement: string): void {
    const sql = statement.replace(LEADING_COMMENT, '')
    if (sql === '' || NOTHING_TO_RUN.test(sql)) return
    if (TABLE.test(sql)) {
      this.#schema.add(sql.replace(TABLE, 'CREATE TABLE '))
      this.#run(sql)
    } else if (OTHER_OBJECT.test(sql)) this.#schema.add(sql)
    else if (!CLEARS_SEQUENCE.test(sql)) this.#insert(sql)
  }

  /**
   * @returns how much was compared.
   * @throws Difference
   */
  compare(): { readonly tables: number; readonly rows: number } {
    this.#flush()
    const sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    const present = this.#strings(sql).map((text) => text.trim())
    const missing = present.find((text) => !this.#schema.has(text))
    if (missing !== undefined) throw new Difference(`the dump has another schema: it lacks ${shown(missing)}`)
    const more = [...this.#schema].find((text) => !present.includes(text))
    if (more !== undefined) throw new Difference(`the dump has another schema: the database lacks ${shown(more)}`)
    const tables = this.#strings("SELECT name FROM sqlite_schema WHERE type = 'table'").filter(isContent)
    let rows = 0
    for (const table of tables) {
      const found = rowsOf(this.#database, this.#database, table)
      const said = this.#dumped.get(table.toLowerCase()) ?? { count: 0, sum: 0n }
      if (found.count !== said.count) {
        throw new Difference(`table ${table} has ${found.count} rows, and ${said.count} in the dump`)
      }
      if (found.sum !== said.sum) throw new Difference(`rows of table ${table} are not those of the dump`)
      rows += found.count
    }
    return { tables: tables.length, rows }
  }

  #insert(sql: string): void {
    const names = INSERT.exec(sql)?.slice(1)
    const name = names?.find((each: string | undefined) => each !== undefined)?.replaceAll(/(["`'])\1/g, '$1')
    if (name === undefined || /^sqlite_(?:schema|master)$/i.test(name)) {
      throw new Difference(`the dump has a statement that cannot be compared: ${shown(sql)}`)
    }
    if (!isContent(name)) return
    if (name !== this.#filling.name) {
      this.#flush()
      // Filled by the rows of other tables: only what the dump inserts is wanted.
      if (/^sqlite_sequence$/i.test(name)) this.#run('DELETE FROM sqlite_sequence')
      this.#filling = { name, letters: 0 }
    }
    this.#run(sql)
    this.#filling.letters += sql.length
    if (this.#filling.letters > FLUSH_LETTERS) this.#flush()
  }

  /** Takes the rows of the scratch table into account and empties it. */
  #flush(): void {
    const { name } = this.#filling
    this.#filling = NOTHING
    if (name === '') return
    const inserted = rowsOf(this.#scratch, this.#database, name)
    this.#run(`DELETE FROM main.${quoted(name)}`)
    const rows = this.#dumped.get(name.toLowerCase()) ?? { count: 0, sum: 0n }
    rows.count += inserted.count
    rows.sum = (rows.sum + inserted.sum) % MODULUS
    this.#dumped.set(name.toLowerCase(), rows)
  }

  /** One statement: better-sqlite3 takes no second one. */
  #run(sql: string): void {
    try {
      this.#scratch.prepare(sql).run()
    } catch (error) {
      throw new Difference(`the dump cannot be read: ${messageOf(error)}: ${shown(sql)}`)
    }
  }

  #strings(sql: string): string[] {
    return this.#database.prepare(sql).pluck().all().map(String)
  }
}

function isContent(table: string): boolean {
  return !STATISTICS.test(table)
}

/** Text is compared as the bytes that it is stored as; the type of a value belongs to it. Generated columns follow from the others. */
function rowsOf(connection: Connection, columnsOf: Connection, table: string): Rows {
  const rows: Rows = { count: 0, sum: 0n }
  try {
    const columns = columnsOf.pragma(`main.table_info(${quoted(table)})`) as { readonly name: string }[]
    const list = columns.map(({ name }) => {
      const column = quoted(name)
      return `typeof(${column}), CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) ELSE ${column} END`
    })
    const statement = connection.prepare<[], unknown[]>(`SELECT ${list.join(', ')} FROM main.${quoted(table)}`)
    for (const row of statement.safeIntegers(true).raw(true).iterate()) {
      rows.count += 1
      rows.sum = (rows.sum + hashOf(row)) % MODULUS
    }
  } catch (error) {
    throw new Difference(`table ${table} cannot be compared: ${messageOf(error)}`)
  }
  return rows
}

function hashOf(row: readonly unknown[]): bigint {
  const hash = createHash('sha256')
  for (const value of row) {
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value))
    hash.update(`${bytes.length}:`).update(bytes)
  }
  return BigInt(`0x${hash.digest('hex')}`)
}

function shown(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ')
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}
