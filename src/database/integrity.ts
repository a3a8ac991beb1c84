/** SQLite's own verdict on a database, in its own words. */

import { messageOf } from '../domain/errors.ts'
import type { Connection } from './connection.ts'
import { quoted, readSchema } from './connection.ts'
import { databaseError, isUnparsable } from './reasons.ts'

/** The first lines tell; a wrecked file has as many as it has pages. */
const LINES_MAX = 10
const LINE_LENGTH = 300

const TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"

export interface Verdict {
  /** `['ok']`, or what was found. */
  readonly integrity: readonly string[]
  /** Why it could not be found out; null where it could. */
  readonly unverifiable: string | null
}

export interface ForeignKeys {
  readonly violations: number
  readonly sample: readonly string[]
}

interface Violation {
  readonly table: string
  readonly rowid: number | null
  readonly parent: string
}

/**
 * The whole check, CHECK constraints included, which SQLite skips on a read-only connection
 * (https://sqlite.org/pragma.html#pragma_integrity_check).
 *
 * @throws what SQLite throws, damage and lack of a function aside: those are verdicts.
 */
export function integrityOf(connection: Connection): Verdict {
  const schema = verdictOf(() => lineOf(readSchema(connection)))
  if (schema.integrity.length > 0) return verdictWithoutPart(connection, schema)
  const whole = verdictOf(() => linesOf(connection, `PRAGMA integrity_check(${LINES_MAX})`))
  if (whole.unverifiable !== null) return verdictOnTheRest(connection, whole)
  return isSound(whole) ? verdictOnModules(connection, whole) : whole
}

/** @throws what is about the machine. */
function verdictOf(check: () => readonly string[]): Verdict {
  try {
    return { integrity: check(), unverifiable: null }
  } catch (error) {
    const { reason } = databaseError(error, '')
    const message = messageOf(error)
    if (reason === 'Unverifiable') return { integrity: [message], unverifiable: message }
    if (reason === 'DatabaseCorrupt') return { integrity: [message], unverifiable: null }
    throw error
  }
}

function lineOf(line: string | null): readonly string[] {
  return line === null ? [] : [line]
}

const TORN = `SELECT name || ' page ' || pageno || ' is damaged' FROM dbstat WHERE pagetype = 'corrupted' LIMIT ${LINES_MAX}`
/** The pages of what was left out belong to nothing that SQLite knows of. */
const UNUSED = /^(?:\*\*\* in database main \*\*\*\n)?Page \d+(?::| is) never used$/

/**
 * A part of the schema cannot be parsed. The rest is checked as ever, and that the pages of every object hang together, which
 * needs no schema; what stands in the rows of that part nobody here can say.
 */
function verdictWithoutPart(connection: Connection, schema: Verdict): Verdict {
  const [message = ''] = schema.integrity
  if (!isUnparsable(message)) return schema
  const rest = verdictOf(() => linesOf(connection, `PRAGMA integrity_check(${LINES_MAX})`))
  const found = rest.integrity.filter((line) => line !== 'ok' && !UNUSED.test(line))
  if (found.length > 0 && rest.unverifiable === null) return { integrity: found, unverifiable: null }
  const pages = verdictOf(() => linesOf(connection, TORN))
  if (pages.integrity.length > 0 && pages.unverifiable === null) return pages
  return {
    integrity: [message],
    unverifiable: `${message} (this SQLite cannot read that part; the pages of the file are sound)`,
  }
}

function linesOf(connection: Connection, sql: string): readonly string[] {
  const lines = connection.prepare(sql).pluck().all()
  return lines.map((line) => String(line).slice(0, LINE_LENGTH))
}

/** One table that cannot be checked ends the whole check: damage in another one is damage all the same. */
function verdictOnTheRest(connection: Connection, whole: Verdict): Verdict {
  const tables = verdictOf(() => linesOf(connection, `${TABLES} AND sql NOT LIKE 'CREATE VIRTUAL%'`))
  if (tables.unverifiable !== null) return whole
  for (const table of tables.integrity) {
    const verdict = verdictOf(() => linesOf(connection, `PRAGMA integrity_check(${quoted(table)})`))
    if (!isSound(verdict) && verdict.unverifiable === null) return verdict
  }
  return whole
}

/** An FTS5 table finds out that it lacks its tokenizer only when it is asked for a word. */
const FTS5 = /USING\s+["'`[]?fts5\b/i

/** The check passes over a virtual table whose module, tokenizer or option is unknown, without a word. */
function verdictOnModules(connection: Connection, whole: Verdict): Verdict {
  for (const table of linesOf(connection, `${TABLES} AND sql LIKE 'CREATE VIRTUAL%'`)) {
    const verdict = verdictOf(() => [...linesOf(connection, `SELECT 1 FROM main.${quoted(table)} LIMIT 0`)])
    const words = verdict.integrity.length === 0 ? verdictOnTokenizer(connection, table) : verdict
    if (words.integrity.length === 0) continue
    const found = `table ${table}: ${words.integrity.join('; ')}`
    return { integrity: [found], unverifiable: words.unverifiable === null ? null : found }
  }
  return whole
}

/** @returns no line where the table is no FTS5 table, or can be asked. */
function verdictOnTokenizer(connection: Connection, table: string): Verdict {
  const sql = connection.prepare(`SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?`).pluck().get(table)
  const asks = `SELECT 1 FROM main.${quoted(table)} WHERE ${quoted(table)} MATCH '"a"' LIMIT 1`
  return verdictOf(() => {
    if (FTS5.test(String(sql))) linesOf(connection, asks)
    return []
  })
}

export function isSound({ integrity }: Verdict): boolean {
  return integrity.length === 1 && integrity[0] === 'ok'
}

/** Rows whose parent is missing. Table by table: one constraint that names no key would end the whole check. */
export function foreignKeysOf(connection: Connection, tables: readonly string[]): ForeignKeys {
  const sample: string[] = []
  let violations = 0
  const add = (line: string): void => {
    violations++
    if (sample.length < LINES_MAX) sample.push(line)
  }
  for (const table of tables) {
    try {
      const rows = connection.prepare<[], Violation>(`PRAGMA foreign_key_check(${quoted(table)})`)
      for (const { rowid, parent } of rows.iterate()) add(`${table} row ${rowid ?? 'without rowid'} -> ${parent}`)
    } catch (error) {
      add(`${table}: ${messageOf(error)}`)
    }
  }
  return { violations, sample }
}
