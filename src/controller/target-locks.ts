/** One restore per database, against other daemons and commands too: a lock file beside the database, held by the process (R153). */

import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { acquireFileLock, type FileLock } from '../sandbox/file-lock.ts'
import { lockPath } from '../database/place.ts'

export class TargetLocks {
  readonly #held = new Map<string, FileLock>()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  /** False where another process has the lock. Asked again by its holder, the answer is true. */
  acquire(database: string): boolean {
    if (this.#held.has(database)) return true
    const lock = acquireFileLock(lockPath(database))
    if (lock === null) return false
    this.#held.set(database, lock)
    return true
  }

  /**
   * Leaves nothing beside the database. A lock file that cannot be removed is let go all the same: it is empty, locks
   * nothing, and the next restore takes it over. A restore that has ended does not fail by it.
   */
  release(database: string): void {
    try {
      this.#held.get(database)?.release({ remove: true })
    } catch (error) {
      const said = `the lock file ${lockPath(database)} could not be removed, and locks nothing: ${messageOf(error)}`
      this.#log.warn(said, { err: error })
    }
    this.#held.delete(database)
  }

  releaseAll(): void {
    for (const database of [...this.#held.keys()]) this.release(database)
  }
}
