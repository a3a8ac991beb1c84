/** The application's own list of tokens that it has revoked, asked about single tokens. */

import { messageOf } from '../domain/errors.ts'
import { quoted, withReader, type Connection } from './connection.ts'
import { whyNotPlain } from './mirror-guard.ts'
import { columnsOf } from './mirror-rows.ts'
import type { RevokedTokensRequest, RevokedTokensResult } from './records-contract.ts'

/** RFC 7519, 4.1.7: the identifier of a token. The application's column has the claim's name. */
const COLUMN = 'jti'

/** See `DatabaseOperations.revokedTokens`. */
export async function revokedTokens({ database, table, tokens }: RevokedTokensRequest): Promise<RevokedTokensResult> {
  try {
    return await withReader(database, (connection) => {
      connection.defaultSafeIntegers(true)
      const obstacle = obstacleOf(connection, table)
      return obstacle === null ? { revoked: found(connection, table, tokens), problem: null } : unknown(obstacle)
    })
  } catch (error) {
    return unknown(messageOf(error))
  }
}

function unknown(problem: string): RevokedTokensResult {
  return { revoked: [], problem }
}

function obstacleOf(connection: Connection, table: string): string | null {
  if (!columnsOf(connection, table).some(({ name }) => name === COLUMN)) {
    return `there is no table ${table} with a column ${COLUMN}`
  }
  const why = whyNotPlain(connection, table, 'read')
  return why === null ? null : `the table ${table} is not read: ${why}`
}

function found(connection: Connection, table: string, tokens: readonly string[]): readonly string[] {
  const statement = connection.prepare<[string]>(`SELECT 1 FROM main.${quoted(table)} WHERE ${COLUMN} = ? LIMIT 1`)
  return tokens.filter((token) => statement.get(token) !== undefined)
}
