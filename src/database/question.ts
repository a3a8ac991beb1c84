/** What may be asked of a database in SQL, and how it is said that something may not, or was too much. Opens nothing. */

import { RestoreError } from '../domain/errors.ts'

/** A person types less; SQLite would take a thousand million. */
const LETTERS_MAX = 100_000
/** All that reads. PRAGMA is not among them: `pragma_table_info('t')` and its like are, and have no side effects. */
const READS: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'EXPLAIN'])
const BLANK = /\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$)/y
const WORD = /[A-Za-z]+/y
/** @throws RestoreError `QueryRefused`. */
export function requireReading(sql: string): void {
  if (sql.length > LETTERS_MAX) throw refused(`the statement is longer than ${LETTERS_MAX} letters`)
  const word = firstWord(sql)
  // With one argument it tells an address in this process, which is nobody's to know.
  if (/fts3_tokenizer/i.test(sql)) throw refused('fts3_tokenizer is not for questions')
  if (READS.has(word)) return
  throw refused(word === '' ? 'there is no statement that reads' : `${word} is not a statement that only reads`)
}

function firstWord(sql: string): string {
  let at = 0
  for (;;) {
    BLANK.lastIndex = at
    if (!BLANK.test(sql)) break
    at = BLANK.lastIndex
  }
  WORD.lastIndex = at
  return (WORD.exec(sql)?.[0] ?? '').toUpperCase()
}

export function refused(why: string, cause?: unknown): RestoreError {
  return new RestoreError(`the query is refused: ${why}`, {
    reason: 'QueryRefused',
    hint: 'one SELECT, WITH, VALUES or EXPLAIN is answered; of the schema: SELECT * FROM sqlite_schema, pragma_table_info',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** @param why what it took too much of. */
export function tooMuch(why: string, cause?: unknown): RestoreError {
  return new RestoreError(`the query was ended: ${why}`, {
    reason: 'QueryLimit',
    hint: 'ask for less (WHERE, LIMIT, fewer columns), or give it more time: --timeout 5m',
    ...(cause === undefined ? {} : { cause }),
  })
}
