/** One restore per database, against other daemons and commands too: a lock file beside the database, held by the process (R153). */

import { acquireFileLock, type FileLock } from '../sandbox/file-lock.ts'
import { lockPath } from '../database/place.ts'

export class TargetLocks {
  readonly #held = new Map<string, FileLock>()

  /** False where another process has the lock. Asked again by its holder, the answer is true. */
  acquire(database: string): boolean {
    if (this.#held.has(database)) return true
    const lock = acquireFileLock(lockPath(database))
    if (lock === null) return false
    this.#held.set(database, lock)
    return true
  }

  /** Leaves nothing beside the database. */
  release(database: string): void {
    this.#held.get(database)?.release({ remove: true })
    this.#held.delete(database)
  }

  releaseAll(): void {
    for (const database of [...this.#held.keys()]) this.release(database)
  }
}
