/**
 * A question of somebody's to a copy of a database. It can only read: the statement must be one that reads, the connection
 * cannot write, the file is a copy, and what is sorted stays in memory, so that nothing is written to any disk. It ends: by
 * its rows or bytes here, by time and memory at the hands of the process that started this one.
 */

import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import type { Connection } from './connection.ts'
import { refused, requireReading, tooMuch } from './question.ts'
import type { QueryAnswer, QueryRequest, QueryValue } from './look-contract.ts'
import { withStill } from './still.ts'

/** What is about the file or the machine, and not about the question. */
const NOT_OF_THE_QUESTION = /^SQLITE_(?:CORRUPT|NOTADB|IOERR|CANTOPEN|BUSY|FORMAT)/
const TOO_MUCH = /^SQLITE_(?:NOMEM|TOOBIG|FULL)/

/** See `DatabaseOperations.query`. */
export async function query({ path, sql, maxRows, maxBytes }: QueryRequest): Promise<QueryAnswer> {
  requireReading(sql)
  return withStill(path, (connection) => {
    connection.pragma('temp_store = MEMORY')
    try {
      return answerOf(connection, sql, maxRows, maxBytes)
    } catch (error) {
      throw explained(error)
    }
  })
}

function answerOf(connection: Connection, sql: string, maxRows: number, maxBytes: number): QueryAnswer {
  const statement = connection.prepare<[], QueryValue[]>(sql)
  // `WITH … DELETE … RETURNING` answers too.
  if (!statement.reader || !statement.readonly) throw refused('the statement does not only read')
  const columns = statement.columns().map(({ name }) => name)
  const rows: QueryValue[][] = []
  let bytesLeft = maxBytes
  for (const row of statement.safeIntegers(true).raw(true).iterate()) {
    if (rows.length >= maxRows) return { columns, rows, cut: 'rows' }
    bytesLeft -= row.reduce((sum: number, value) => sum + bytesOf(value), 0)
    if (bytesLeft < 0) return { columns, rows, cut: 'bytes' }
    rows.push(row)
  }
  return { columns, rows, cut: null }
}

/** At least eight: NULLs take room too. */
function bytesOf(value: QueryValue): number {
  if (typeof value === 'string') return 8 + Buffer.byteLength(value)
  return value instanceof Uint8Array ? 8 + value.length : 8
}

function explained(error: unknown): unknown {
  const code = codeOf(error) ?? ''
  if (error instanceof RestoreError || NOT_OF_THE_QUESTION.test(code)) return error
  if (TOO_MUCH.test(code) || code === 'ERR_STRING_TOO_LONG') return tooMuch(messageOf(error), error)
  return refused(messageOf(error), error)
}
