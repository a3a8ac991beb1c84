/**
 * An exclusive lock that lasts as long as the process: the kernel frees it when the process dies, however it dies.
 * It is a SQLite lock, because Node has no fcntl(2) of its own. POSIX drops such locks when any descriptor of the file
 * is closed in the process, so nothing but this file may open it; stat(2) is harmless.
 */

import { closeSync, constants, lstatSync, openSync, realpathSync, unlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { openFiles, requireOpened } from './open-files.ts'

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

/**
 * Makes the file where none is. SQLite would make it too, but behind a link that somebody has put there. A new file is
 * closed without harm: nobody in this process can have a lock on it yet.
 */
function createMissing(path: string): string | undefined {
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unavailable(path, messageOf(error), error)
  }
  return identityOf(path)
}

/** Locks whatever file the path names at this moment, never one that a link leads to. Null when another connection holds it. */
function lockedConnection(path: string): Database.Database | null {
  const before = openFiles()
  const connection = new Database(path, { timeout: 0, fileMustExist: true })
  try {
    requireOpened(path, before)
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

/** The kernel's own name of the file, by which it is known once it is open. */
function realFolderOf(path: string): string {
  try {
    return realpathSync(dirname(path))
  } catch (error) {
    throw unavailable(path, messageOf(error), error)
  }
}

/** Its holder took it away, or somebody put another file in its place, while we tried: the next look tells which. */
function mayPass(error: unknown): boolean {
  if (error instanceof RestoreError) return error.disposition === 'retry'
  return codeOf(error)?.startsWith('SQLITE_CANTOPEN') === true
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
export function acquireFileLock(name: string): FileLock | null {
  const path = join(realFolderOf(name), basename(name))
  let trouble: unknown
  for (let tries = 0; tries < TRIES; tries++) {
    const before = identityOf(path) ?? createMissing(path)
    let connection: Database.Database | null
    try {
      connection = lockedConnection(path)
    } catch (error) {
      if (!mayPass(error)) throw unavailable(path, messageOf(error), error)
      trouble = error
      continue
    }
    if (connection === null) return null
    if (before !== undefined && identityOf(path) === before) return fileLock(path, before, connection)
    connection.close()
  }
  throw unavailable(path, trouble === undefined ? 'it is removed again and again' : messageOf(trouble), trouble)
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
