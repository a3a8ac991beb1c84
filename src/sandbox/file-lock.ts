/**
 * An exclusive lock that lasts as long as the process: the kernel frees it when the process dies, however it dies.
 * It is a SQLite lock, because Node has no fcntl(2) of its own. POSIX drops such locks when any descriptor of the file
 * is closed in the process, so nothing but this file may open it; stat(2) is harmless.
 */

import { lstatSync, unlinkSync } from 'node:fs'
import Database from 'better-sqlite3'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'

export interface FileLock {
  /**
   * Lets go. Idempotent.
   *
   * @param remove also removes the lock file, without a moment in which two processes could both hold "the" lock.
   */
  release(options: { readonly remove: boolean }): void
}

/** Other processes may remove the file again and again while we try; each try loses only to another's progress. */
const TRIES = 100

function unavailable(path: string, why: string, cause?: unknown): RestoreError {
  return new RestoreError(`cannot lock ${path}: ${why}`, { reason: 'LockUnavailable', cause })
}

/** Which file stands at the path now; birth time besides the number, which a new file may inherit. Undefined: none. */
function identityOf(path: string): string | undefined {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (!stat.isFile()) throw unavailable(path, 'not a regular file')
  return `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`
}

/** Locks whatever file the path names at this moment. Null when another connection holds it. */
function lockedConnection(path: string): Database.Database | null {
  const connection = new Database(path, { timeout: 0 })
  try {
    // The transaction initialises an empty file; in memory, so that no -journal appears, and it never commits.
    connection.pragma('journal_mode = MEMORY')
    connection.exec('BEGIN EXCLUSIVE')
    return connection
  } catch (error) {
    connection.close()
    if (codeOf(error)?.startsWith('SQLITE_BUSY') === true) return null
    throw error
  }
}

/**
 * Takes the lock, creating its file where it is missing.
 *
 * Between opening and locking the holder may have removed the file: a lock on a nameless file excludes nobody, so the
 * file at the path must be the same before opening and after locking, or all begins again.
 *
 * @returns null when another process (or another part of this one) holds it.
 * @throws RestoreError `LockUnavailable` when the file cannot be locked at all.
 */
export function acquireFileLock(path: string): FileLock | null {
  for (let tries = 0; tries < TRIES; tries++) {
    const before = identityOf(path)
    let connection: Database.Database | null
    try {
      connection = lockedConnection(path)
    } catch (error) {
      throw unavailable(path, messageOf(error), error)
    }
    if (connection === null) return null
    if (before !== undefined && identityOf(path) === before) return fileLock(path, before, connection)
    connection.close()
  }
  throw unavailable(path, 'it is removed again and again')
}

function fileLock(path: string, identity: string, connection: Database.Database): FileLock {
  return {
    release({ remove }) {
      if (!connection.open) return
      // Unlinked while held: whoever opens the path from now on opens another file, and whoever has this one open
      // finds after locking it that the path no longer names it.
      try {
        if (remove && identityOf(path) === identity) unlinkSync(path)
      } finally {
        connection.close()
      }
    },
  }
}
