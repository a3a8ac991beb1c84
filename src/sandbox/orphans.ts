/**
 * Proof that no child of a killed daemon still runs. Every child holds a shared lock on one SQLite file for life, so
 * the exclusive lock can be had only when all of them are gone; the kernel frees the locks of a killed process.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'

const RETRY_MS = 50
/** For the instant in which a daemon that starts holds the exclusive lock. */
const SHARED_LOCK_WAIT_MS = 5000

/** Keeps the connection, and so the lock, from being collected. */
const held: Database.Database[] = []

/**
 * Takes a shared lock that lasts as long as this process. For children only.
 *
 * @throws SqliteError when the lock cannot be had within five seconds.
 */
export function holdSharedLock(lockFile: string): void {
  const connection = new Database(lockFile, { timeout: SHARED_LOCK_WAIT_MS })
  // A read transaction keeps SHARED from its first read to its end (sqlite.org/lockingv3.html, 5.0).
  connection.exec('BEGIN')
  connection.prepare('SELECT count(*) FROM sqlite_master').get()
  held.push(connection)
}

/** Takes the exclusive lock once and lets it go. False when somebody holds a lock. */
function nobodyHolds(lockFile: string): boolean {
  const connection = new Database(lockFile, { timeout: 0 })
  try {
    // An empty file is initialised inside the transaction; in memory, so that no -journal appears beside it.
    connection.pragma('journal_mode = MEMORY')
    connection.exec('BEGIN EXCLUSIVE')
    connection.exec('ROLLBACK')
    return true
  } catch (error) {
    if (codeOf(error)?.startsWith('SQLITE_BUSY') === true) return false
    throw error
  } finally {
    connection.close()
  }
}

/**
 * Waits until no child of an earlier daemon runs any more. Called at the daemon's start, before its first child.
 *
 * @param lockFile the file that the pools were given; created where it is missing.
 * @param timeoutMs how long to wait for them to notice that their parent is gone (they look every 100 ms).
 * @throws RestoreError `OrphansRunning` when one still runs after that, `IoError` when the file cannot be locked.
 */
export async function waitForOrphans(lockFile: string, timeoutMs: number): Promise<void> {
  const endMs = performance.now() + timeoutMs
  for (;;) {
    try {
      if (nobodyHolds(lockFile)) return
    } catch (error) {
      throw new RestoreError(`cannot lock ${lockFile}: ${error instanceof Error ? error.message : String(error)}`, {
        reason: 'IoError',
        hint: 'the state directory must be writable for the daemon and on a file system with POSIX locks',
        cause: error,
      })
    }
    if (performance.now() >= endMs) break
    await sleep(RETRY_MS)
  }
  throw new RestoreError('a process of an earlier daemon still works on a database', {
    reason: 'OrphansRunning',
    disposition: 'retry',
    hint: `see who it is with: fuser -v ${shellWord(lockFile)}`,
  })
}
