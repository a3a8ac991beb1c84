/**
 * Connections that leave no trace of their own beside a database, whether its application runs or not. `withReader` keeps
 * the bytes of the database too, but may write into the `-shm`, or make one and take it away again, which shows in the
 * times of the file and of its directory.
 */

import Database from 'better-sqlite3'
import { RestoreError } from '../domain/errors.ts'
import { openFiles, requireOpened } from '../sandbox/open-files.ts'
import { guard, readSchema, requireContent, saysWal, withReader, type Connection } from './connection.ts'
import { fingerprint } from './fingerprint.ts'
import { resolveLinks } from './links.ts'
import { identityOf, sideFilesWithContent } from './place.ts'
import { databaseError } from './reasons.ts'
import { uriOf } from './uri.ts'

/** How long a reader waits for a writer of the application, in milliseconds. */
const TIMEOUT_MS = 5000
/** Each while somebody writes; then it is somebody whose own side files are there. */
const TRIES = 3

/** What SQLite says where it cannot look without writing, or what lies there is not what was expected. */
const NOT_SO: ReadonlySet<string> = new Set(['PermissionDenied', 'NeedsRecovery', 'DatabaseInUse', 'DatabaseCorrupt'])

/**
 * Does something with a connection that only reads, and closes it.
 *
 * In rollback mode a reader takes locks and changes nothing. In WAL mode an empty `-wal` means that the main file is the
 * whole database: SQLite is told that nobody writes to it, and the answer counts where nobody did. A `-wal` with content is
 * read with the `-shm` that is there, which SQLite is told not to write to (https://sqlite.org/walformat.html, 2.3).
 * Where none of this works, `withReader` does.
 *
 * @param work may be called again.
 */
export async function withObserver<T>(name: string, work: (connection: Connection) => T | Promise<T>): Promise<T> {
  const path = await resolveLinks(name)
  await requireContent(path)
  if (!(await saysWal(path)) || (await identityOf(`${path}-journal`)) !== null) return withReader(path, work)
  for (let tries = 0; tries < TRIES; tries++) {
    const [side] = await sideFilesWithContent(path)
    if (side !== undefined) break
    const before = await fingerprint({ database: path })
    const answer = await attempt(path, 'immutable=1', work)
    const after = await fingerprint({ database: path })
    if (answer !== null && !before.racy && before.text === after.text) return answer.value
  }
  const answer = (await identityOf(`${path}-shm`)) === null ? null : await attempt(path, 'readonly_shm=1', work)
  return answer === null ? withReader(path, work) : answer.value
}

async function attempt<T>(path: string, how: string, work: (connection: Connection) => T | Promise<T>) {
  try {
    const before = openFiles()
    const connection = new Database(uriOf(path, `mode=ro&${how}`), {
      readonly: true,
      fileMustExist: true,
      timeout: TIMEOUT_MS,
    })
    try {
      requireOpened(path, before)
      guard(connection)
      connection.pragma('query_only = ON')
      readSchema(connection)
      return { value: await work(connection) }
    } finally {
      connection.close()
    }
  } catch (error) {
    const found = databaseError(error, path)
    if (error instanceof RestoreError || !NOT_SO.has(found.reason)) throw error
    return null
  }
}
