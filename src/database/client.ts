/** The daemon's side of `DatabaseOperations`: every call runs in a child process, and nothing is opened here. */

import { RestoreError } from '../domain/errors.ts'
import { ChildPool } from '../sandbox/pool.ts'
import type { CallOptions, DatabaseOperations, HoldersResult } from './contract.ts'
import { createHolds } from './holds.ts'
import { removePartial } from './partial.ts'
import { tooMuch } from './question.ts'

/** Of JavaScript; SQLite's own memory comes on top and is bounded by the pool. */
const MEMORY_MB = 256
/** At most a handful of targets are worked on at a time, and a stopped application must not wait behind another's check. */
const CONCURRENCY = 8
/** A restore is a dozen of them, one after the other, and starting Node would be most of its work on a small database. */
const CALLS_PER_CHILD = 16
/** Somebody's own statement gets a process of its own with little memory; in MiB, of JavaScript and in all. */
const QUESTION = { memoryMb: 128, residentLimitMb: 512, callsPerChild: 1, concurrency: 2 } as const

export interface DatabaseClient extends DatabaseOperations {
  /** Starts a child ahead of the first operation. */
  warm(): void
  /** Interrupts what runs and resolves when every child is gone. */
  close(): Promise<void>
}

/**
 * @param lockFile SQLite file in the state directory on which every child holds a shared lock, for `waitForOrphans`; null: none,
 *   for a reader beside the daemon, for whom no daemon should have to wait.
 */
export function createDatabaseOperations({ lockFile }: { readonly lockFile: string | null }): DatabaseClient {
  const pool = new ChildPool({
    entry: new URL('./child.js', import.meta.url),
    memoryMb: MEMORY_MB,
    spare: false,
    lockFile,
    callsPerChild: CALLS_PER_CHILD,
    concurrency: CONCURRENCY,
  })
  // What only looks (stat, /proc, a header) opens no database with SQLite and cannot be held up by one: it shares a child
  // that stays, because these looks are most of the time for which an application is stopped.
  const looks = new ChildPool({
    entry: new URL('./child.js', import.meta.url),
    memoryMb: MEMORY_MB,
    spare: false,
    lockFile,
    callsPerChild: Infinity,
  })
  const questions = new ChildPool({
    entry: new URL('./child.js', import.meta.url),
    spare: false,
    lockFile,
    ...QUESTION,
  })
  const look = <T>(operation: string, argument: unknown, { signal, deadlineMs }: CallOptions): Promise<T> =>
    looks.run<T>(operation, argument, signal === undefined ? { deadlineMs } : { deadlineMs, signal })
  const run = <T>(operation: string, argument: unknown, { signal, deadlineMs }: CallOptions): Promise<T> =>
    pool.run<T>(operation, argument, signal === undefined ? { deadlineMs } : { deadlineMs, signal })
  /** A copy that failed or was killed leaves nothing: what fills a disk must not stay on it. */
  const tidily = async <T>(to: string | undefined, copy: Promise<T>): Promise<T> => {
    try {
      return await copy
    } catch (error) {
      if (to !== undefined) await removePartial(to).catch(() => undefined)
      throw error
    }
  }
  const holders: DatabaseOperations['holders'] = async (paths, options) => {
    const { holders: found, complete } = await look<HoldersResult>('holders', { paths }, options)
    return { holders: found.filter(({ pid }) => !holds.has(pid)), complete }
  }
  const holds = createHolds(pool, holders)
  return {
    inspect: (path, options) => run('inspect', { path }, options),
    readHeader: (path, options) => look('readHeader', { path }, options),
    holders,
    fingerprint: (database, options) => look('fingerprint', { database }, options),
    safetyCopy: (database, to, options) => tidily(to, run('safetyCopy', { database, to }, options)),
    snapshot: (database, to, options) => tidily(to, run('snapshot', { database, to }, options)),
    rawCopy: (files, options) => tidily(files[0]?.to, run('rawCopy', { files }, options)),
    stage: (request, options) => run('stage', request, options),
    check: (request, options) => run('check', request, options),
    compareWithDump: (database, dump, options) => run('compareWithDump', { database, dump }, options),
    hash: (path, options) => run('hash', { path }, options),
    compare: (request, options) => run('compare', request, options),
    query: (request, options) => asked(questions.run('query', request, options)),
    rowCounts: (path, tables, budgetMs, options) => run('rowCounts', { path, tables, budgetMs }, options),
    quiesce: (database, options) => run('quiesce', { database }, options),
    hold: holds.hold,
    letGo: holds.letGo,
    letGoWhenUnused: holds.letGoWhenUnused,
    isHeld: holds.isHeld,
    smoke: (database, queries, options) => run('smoke', { database, queries }, options),
    catalogRows: (database, table, options) => run('catalogRows', { database, table }, options),
    revokedTokens: (request, options) => run('revokedTokens', request, options),
    mirror: (request, options) => run('mirror', request, options),
    warm: () => {
      pool.warm()
      looks.warm()
    },
    close: async () => {
      holds.close()
      await Promise.all([pool.close(), looks.close(), questions.close()])
    },
  }
}

/** A deadline or the end of the process is the statement's own doing. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error
    if (error.reason === 'CheckTimedOut') throw tooMuch(error.message, error)
    if (error.reason === 'Unverifiable') throw tooMuch(`it took too much memory: ${error.message}`, error)
    throw error
  }
}
