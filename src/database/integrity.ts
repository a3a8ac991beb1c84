/** SQLite's own verdict on a database, in its own words. */

import { messageOf } from '../domain/errors.ts'
import type { Connection } from './connection.ts'
import { quoted } from './connection.ts'
import { databaseError } from './reasons.ts'

/** The first lines tell; a wrecked file has as many as it has pages. */
const LINES_MAX = 10
const LINE_LENGTH = 300

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
  try {
    const lines = connection.prepare(`PRAGMA integrity_check(${LINES_MAX})`).pluck().all()
    return { integrity: lines.map((line) => String(line).slice(0, LINE_LENGTH)), unverifiable: null }
  } catch (error) {
    const { reason } = databaseError(error, '')
    const message = messageOf(error)
    if (reason === 'Unverifiable') return { integrity: [message], unverifiable: message }
    if (reason === 'DatabaseCorrupt') return { integrity: [message], unverifiable: null }
    throw error
  }
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
