/** What a database is, from its header and its schema. */

import { stat } from 'node:fs/promises'
import type { Inspection } from './contract.ts'
import { readSchema, withReader, type Connection } from './connection.ts'

/**
 * Inspects through an open connection.
 *
 * @returns `sizeBytes` of the database, so frames of a `-wal` that its main file does not have yet are counted.
 */
export async function inspectOpen(connection: Connection, path: string): Promise<Inspection> {
  readSchema(connection)
  const number = (pragma: string): number => Number(connection.pragma(pragma, { simple: true }))
  const tables = connection
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1",
    )
    .pluck()
    .all()
  const pageSize = number('page_size')
  return {
    sizeBytes: Math.max((await stat(path)).size, number('page_count') * pageSize),
    pageSize,
    applicationId: number('application_id'),
    userVersion: number('user_version'),
    walMode: connection.pragma('journal_mode', { simple: true }) === 'wal',
    tables: tables.map(String),
    schemaObjects: Number(connection.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()),
  }
}

/** See `DatabaseOperations.inspect`. */
export async function inspect({ path }: { readonly path: string }): Promise<Inspection> {
  return withReader(path, (connection) => inspectOpen(connection, path))
}
