/**
 * Connections to files that nobody writes to: SQLite is told so (`immutable=1`), takes no lock, makes no side file and
 * changes no byte and no time (https://sqlite.org/uri.html). Of a file that somebody does write to, it may read nonsense.
 */

import Database from 'better-sqlite3'
import { RestoreError } from '../domain/errors.ts'
import { openFiles, requireOpened } from '../sandbox/open-files.ts'
import { guard, requireContent, type Connection } from './connection.ts'
import { resolveLinks } from './links.ts'
import { sideFilesWithContent } from './place.ts'
import { uriOf } from './uri.ts'

/** Of each of the two databases. Negative: in KiB (https://sqlite.org/pragma.html#pragma_cache_size). */
const CACHE = -32_000

/**
 * Works with a connection that cannot write and closes it.
 *
 * @throws RestoreError `NeedsRecovery` where a `-wal` or `-journal` with content lies beside the file.
 */
export async function withStill<T>(name: string, work: (connection: Connection) => T | Promise<T>): Promise<T> {
  const path = await whole(name)
  const before = openFiles()
  const connection = new Database(stillUri(path), { readonly: true, fileMustExist: true })
  try {
    requireOpened(path, before)
    guard(connection)
    connection.pragma('query_only = ON')
    return await work(connection)
  } finally {
    connection.close()
  }
}

/**
 * The same with two files: `main` is the first, `other` the second.
 *
 * @throws RestoreError `NeedsRecovery`; SQLite's error where the two have not the same text encoding.
 */
export async function withStillPair<T>(first: string, second: string, work: (connection: Connection) => T): Promise<T> {
  const path = await whole(second)
  return withStill(first, (connection) => {
    const before = openFiles()
    connection.prepare('ATTACH ? AS other').run(stillUri(path))
    requireOpened(path, before)
    connection.pragma(`main.cache_size = ${CACHE}`)
    connection.pragma(`other.cache_size = ${CACHE}`)
    return work(connection)
  })
}

async function whole(name: string): Promise<string> {
  const path = await resolveLinks(name)
  await requireContent(path)
  const [side] = await sideFilesWithContent(path)
  if (side === undefined) return path
  throw new RestoreError(`${path} is not whole without ${side}`, {
    reason: 'NeedsRecovery',
    hint: 'whoever opens the database next for writing, its application too, takes in what lies beside it',
  })
}

function stillUri(path: string): string {
  return uriOf(path, 'mode=ro&immutable=1')
}
