/** The real database operations in a real child process, one that stays: a process for each call would be most of a test's time. */

import type { CallOptions, DatabaseOperations } from '../../src/database/contract.ts'
import { removePartial } from '../../src/database/partial.ts'
import { ChildPool } from '../../src/sandbox/pool.ts'

export function keptOperations(lockFile: string): { operations: DatabaseOperations; close: () => Promise<void> } {
  const entry = new URL('../../src/database/child.js', import.meta.url)
  const pool = new ChildPool({ entry, memoryMb: 256, spare: false, lockFile, oneShot: false })
  const run = <T>(operation: string, argument: unknown, { signal, deadlineMs }: CallOptions): Promise<T> =>
    pool.run<T>(operation, argument, signal === undefined ? { deadlineMs } : { deadlineMs, signal })
  const tidily = async <T>(to: string | undefined, copy: Promise<T>): Promise<T> => {
    try {
      return await copy
    } catch (error) {
      if (to !== undefined) await removePartial(to)
      throw error
    }
  }
  const operations: DatabaseOperations = {
    inspect: (path, options) => run('inspect', { path }, options),
    readHeader: (path, options) => run('readHeader', { path }, options),
    holders: (paths, options) => run('holders', { paths }, options),
    fingerprint: (database, options) => run('fingerprint', { database }, options),
    safetyCopy: (database, to, options) => tidily(to, run('safetyCopy', { database, to }, options)),
    rawCopy: (files, options) => tidily(files[0]?.to, run('rawCopy', { files }, options)),
    stage: (request, options) => run('stage', request, options),
    check: (request, options) => run('check', request, options),
    hash: (path, options) => run('hash', { path }, options),
    rowCounts: (path, tables, budgetMs, options) => run('rowCounts', { path, tables, budgetMs }, options),
    quiesce: (database, options) => run('quiesce', { database }, options),
    smoke: (database, queries, options) => run('smoke', { database, queries }, options),
    catalogRows: (database, table, options) => run('catalogRows', { database, table }, options),
    mirror: (request, options) => run('mirror', request, options),
  }
  return { operations, close: () => pool.close() }
}
