/**
 * Which tables of a restored database may be written to. Its schema is the backup's, and nobody vouches for it: a trigger may
 * empty other tables or write without end, a CHECK may call a function that takes minutes, with the application locked out.
 * By the time of the write the last check has passed. What is not a plain table is left alone.
 */

import type { Connection } from './connection.ts'

interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly sql: string | null
}

/** Followed by a parenthesis, these are no function. */
const WORDS: ReadonlySet<string> = new Set(
  'and as between case check default else foreign in is key not or primary then unique using when where'.split(' '),
)
/** Before a name with a parenthesis: the name of a table. */
const BEFORE_TABLE: ReadonlySet<string> = new Set(['table', 'exists', 'on', 'references', '.'])
/** They take no longer than their arguments are long. */
const CHEAP: ReadonlySet<string> = new Set(
  (
    'abs cast coalesce current_timestamp date datetime ifnull iif instr json_valid julianday length lower ltrim max min nullif ' +
    'round rtrim strftime substr substring time trim typeof unixepoch upper'
  ).split(' '),
)
/** Operators that are functions, and may take exponential time on the right pattern. */
const COSTLY_OPERATORS: ReadonlySet<string> = new Set(['glob', 'like', 'match', 'regexp'])

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|\S/g

/**
 * @param purpose to read a table fires no trigger and asks no CHECK.
 * @returns why the table may not be used; null where it may, or where there is no such table.
 */
export function whyNotPlain(connection: Connection, table: string, purpose: 'write' | 'read' = 'write'): string | null {
  const rows = connection
    .prepare<[string, string], SchemaRow>(
      'SELECT type, name, sql FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE OR tbl_name = ? COLLATE NOCASE',
    )
    .all(table, table)
  for (const { type, name, sql } of rows) {
    if (type === 'view') return 'it is a view'
    if (purpose === 'write' && type === 'trigger') return `it has the trigger ${name}`
    if (/^\s*create\s+virtual\b/i.test(sql ?? '')) return 'it is a virtual table'
    const call = purpose === 'write' ? costlyCall(sql ?? '', type === 'table') : null
    if (call !== null) return `${type === 'index' ? `its index ${name}` : 'its schema'} calls ${call}`
  }
  return null
}

/** The first function of a table's or an index's SQL that is not known to be cheap. */
function costlyCall(sql: string, isTable: boolean): string | null {
  const tokens = (sql.match(TOKEN) ?? []).filter((token) => !token.startsWith('--') && !token.startsWith('/*'))
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (COSTLY_OPERATORS.has(token.toLowerCase())) return token
    const isName = /^["`[A-Za-z_\u0080-\uffff]/.test(token)
    if (!isName || tokens[index + 1] !== '(') continue
    const name = unquoted(token).toLowerCase()
    if (BEFORE_TABLE.has((tokens[index - 1] ?? '').toLowerCase())) continue
    if (name === token.toLowerCase() && WORDS.has(name)) continue
    // Outside of every expression it is a type, such as varchar(255).
    if (isTable && depth === 1 && isSize(tokens, index + 2)) continue
    if (!CHEAP.has(name)) return name
  }
  return null
}

function isSize(tokens: readonly string[], from: number): boolean {
  const end = tokens.indexOf(')', from)
  return end > from && tokens.slice(from, end).every((token) => /^[\d.,+-]+$/.test(token))
}

function unquoted(token: string): string {
  return /^["`[]/.test(token) ? token.slice(1, -1) : token
}
