/** The operator's own questions to a restored database (manual section 11, rows 4 to 6). */

import { messageOf } from '../domain/errors.ts'
import type { SmokeResult } from './contract.ts'
import { withReader, type Connection } from './connection.ts'

export interface SmokeRequest {
  readonly database: string
  readonly queries: readonly {
    readonly name: string
    readonly sql: string
    readonly min?: number
    readonly max?: number
  }[]
}

/** See `DatabaseOperations.smoke`. A query that fails is an answer, not an error: the others are asked all the same. */
export async function smoke({ database, queries }: SmokeRequest): Promise<readonly SmokeResult[]> {
  return withReader(database, (connection) => queries.map((query) => ask(connection, query)))
}

function ask(connection: Connection, query: SmokeRequest['queries'][number]): SmokeResult {
  try {
    const statement = connection.prepare(query.sql)
    if (!statement.reader || !statement.readonly) {
      return { name: query.name, value: null, passed: false, message: 'the query does not only read' }
    }
    return judge(query, presentable(statement.pluck().get()))
  } catch (error) {
    return { name: query.name, value: null, passed: false, message: messageOf(error) }
  }
}

function presentable(value: unknown): number | string | null {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (Buffer.isBuffer(value)) return value.toString('hex')
  return null
}

function judge({ name, min, max }: SmokeRequest['queries'][number], value: number | string | null): SmokeResult {
  const result = (passed: boolean, message: string): SmokeResult => ({ name, value, passed, message })
  if (min === undefined && max === undefined) return result(true, `answered ${value ?? 'nothing'}`)
  if (typeof value !== 'number') return result(false, `answered ${value ?? 'nothing'}, which is no number`)
  if (min !== undefined && value < min) return result(false, `answered ${value}, expected at least ${min}`)
  if (max !== undefined && value > max) return result(false, `answered ${value}, expected at most ${max}`)
  return result(true, `answered ${value}`)
}
