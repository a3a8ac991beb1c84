/**
 * A connection that nobody shares, and a database that is one file when it closes: SQLite recovers what a dead writer
 * left, moves the `-wal` into the main file and removes what lay beside it.
 */

import { lstat } from 'node:fs/promises'

import { RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import { openGuarded, readSchema, requireContent, saysWal, type Connection } from './connection.ts'
import type { Fingerprint, WholeFile } from './contract.ts'
import { fingerprint, wasJustWritten } from './fingerprint.ts'
import { identityOf, identityIn, sideFiles } from './place.ts'
import { inUse } from './reasons.ts'

interface CheckpointRow {
  readonly busy: number
}

/** What the files said while nobody else could commit. */
export interface UnderLock {
  /** Before SQLite moved anything into the main file. */
  readonly before: Fingerprint
  /** The main file, from when it was the whole database. */
  readonly whole: WholeFile
}

/**
 * Takes over a database, works with it and closes it.
 *
 * If the process dies at any line, SQLite's own journal still stands: the next opener finds every committed transaction.
 *
 * @param timeoutMs how long to wait for others to let go.
 * @throws RestoreError `DatabaseInUse` when they do not; SQLite's errors where it cannot open or recover the database.
 */
export async function withExclusive<T>(
  path: string,
  timeoutMs: number,
  work: (connection: Connection, underLock: UnderLock) => T | Promise<T>,
): Promise<T> {
  await requireContent(path)
  if (!(await saysWal(path))) awaitTransactions(path, timeoutMs)
  const connection = openGuarded(path, { timeout: timeoutMs })
  let result: T
  try {
    result = await work(connection, await takeOver(connection, path))
  } finally {
    connection.close()
  }
  await sweep(path, timeoutMs)
  return result
}

/**
 * In rollback mode, lets others end what they have begun. In EXCLUSIVE locking mode a connection that waits keeps its
 * shared lock, which is what a writer's COMMIT waits for: the two would stand in each other's way until one gave up.
 */
function awaitTransactions(path: string, timeoutMs: number): void {
  const connection = openGuarded(path, { timeout: timeoutMs })
  try {
    connection.exec('BEGIN EXCLUSIVE')
    connection.exec('COMMIT')
  } finally {
    connection.close()
  }
}

/**
 * In WAL mode every connection holds a shared lock on the main file for life, which EXCLUSIVE locking mode collides with
 * even when it is idle; `BEGIN EXCLUSIVE` by itself would not (https://sqlite.org/wal.html, 6). In rollback mode it is
 * the other way round, and an idle connection shows nowhere but in /proc.
 */
async function takeOver(connection: Connection, path: string): Promise<UnderLock> {
  readSchema(connection)
  connection.pragma('synchronous = FULL')
  connection.pragma('locking_mode = EXCLUSIVE')
  connection.exec('BEGIN EXCLUSIVE')
  connection.exec('COMMIT')
  const before = await fingerprint({ database: path })
  if (connection.pragma('journal_mode', { simple: true }) === 'wal') {
    const [row] = connection.pragma('wal_checkpoint(TRUNCATE)') as CheckpointRow[]
    if (row?.busy !== 0) throw inUse(path, 'its -wal cannot be checkpointed')
    return { before, whole: await wholeFile(path) }
  }
  const whole = await wholeFile(path)
  // A journal of PERSIST or TRUNCATE mode goes only when that mode is left, and not while the lock is kept.
  connection.pragma('locking_mode = NORMAL')
  connection.pragma('journal_mode = PERSIST')
  connection.pragma('journal_mode = DELETE')
  return { before, whole }
}

/** Looks at the file by name: closing a descriptor of it would drop this process's locks. */
async function wholeFile(path: string): Promise<WholeFile> {
  const stat = await lstat(path, { bigint: true })
  return { ...identityIn(stat), racy: wasJustWritten(stat.mtimeNs) }
}

/** An exclusive connection never touched the `-shm` that a crashed one left: an ordinary one takes it along. */
async function sweep(path: string, timeoutMs: number): Promise<void> {
  const left = await Promise.all(sideFiles(path).map((side) => identityOf(side)))
  if (left.every((identity) => identity === null)) return
  const connection = openGuarded(path, { timeout: timeoutMs })
  try {
    readSchema(connection)
    connection.prepare('SELECT count(*) FROM sqlite_schema').get()
  } finally {
    connection.close()
  }
}

/**
 * The main file alone is the database.
 *
 * @throws RestoreError `DatabaseInUse`: something beside it means that somebody has opened it meanwhile.
 */
export async function requireAlone(path: string): Promise<void> {
  for (const side of sideFiles(path)) {
    if ((await identityOf(side)) === null) continue
    throw new RestoreError(`${side} appeared: somebody has opened the database meanwhile`, {
      reason: 'DatabaseInUse',
      disposition: 'retry',
      hint: `see who it is: fuser -v ${shellWord(path)}`,
    })
  }
}
