/** What the tests of the database operations stand on: a folder, other processes, files to compare, and the operations. */

import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { createDatabaseOperations, type DatabaseClient } from '../../src/database/client.ts'
import type { CallOptions } from '../../src/database/contract.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { scratchDirectory } from '../sandbox/scratch.ts'
import type { Session } from './session.ts'

export const SOON: CallOptions = { deadlineMs: 60_000 }

/** No test may wait for ever on another process. */
const SESSION_START_MS = 20_000

export interface World {
  readonly operations: DatabaseClient
  /** A new empty folder. */
  readonly folder: () => string
  /** Another process that has done its statements; resolves when it is in the state that was asked for. */
  readonly session: (session: Session) => Promise<ChildProcess>
}

export function world(label: string): World {
  const directory = scratchDirectory(label)
  const operations = createDatabaseOperations({ lockFile: join(directory, 'children.lock') })
  const processes: ChildProcess[] = []
  after(async () => {
    for (const process of processes) process.kill('SIGKILL')
    await operations.close()
  })
  let folders = 0
  return {
    operations,
    folder: () => {
      const path = join(directory, String(folders++))
      mkdirSync(path)
      return path
    },
    session: async (session) => {
      const file = fileURLToPath(new URL('./session.js', import.meta.url))
      const child = spawn(process.execPath, [file, JSON.stringify(session)], { stdio: ['ignore', 'pipe', 'inherit'] })
      processes.push(child)
      const ended = once(child, 'exit')
      const late = AbortSignal.timeout(SESSION_START_MS)
      const [line] = (await Promise.race([once(child.stdout, 'data', { signal: late }), ended])) as [unknown]
      assert.equal(String(line), 'ready\n')
      if (session.then === 'crash') await ended
      return child
    },
  }
}

/** Makes a database in this process, closed cleanly. */
export function database(path: string, ...statements: string[]): void {
  const connection = new Database(path)
  for (const statement of statements) connection.exec(statement)
  connection.close()
}

/** Asks a file that nobody has open one question. For files that may be written beside. */
export function answer(path: string, sql: string): unknown {
  const connection = new Database(path, { fileMustExist: true })
  try {
    return connection.prepare(sql).pluck().get()
  } finally {
    connection.close()
  }
}

/** Overwrites most of a page, numbered from 1, as a failing disk does; the file header stays. */
export function flipPage(path: string, page: number): void {
  const file = openSync(path, 'r+')
  try {
    writeSync(file, Buffer.alloc(2000, 0xa5), 0, 2000, (page - 1) * 4096 + 100)
  } finally {
    closeSync(file)
  }
}

/** A sound database with an index in an order that only its application knows. */
export function lackingCollation(path: string): void {
  const connection = new Database(path)
  connection.exec('CREATE TABLE items (id INTEGER PRIMARY KEY, note TEXT COLLATE NOCASE)')
  connection.exec("CREATE INDEX by_note ON items (note); INSERT INTO items (note) VALUES ('a'), ('b'), ('c')")
  connection.unsafeMode(true)
  connection.pragma('writable_schema = ON')
  connection.exec("UPDATE sqlite_schema SET sql = replace(sql, 'NOCASE', 'app_order') WHERE name = 'items'")
  connection.close()
}

/** Everything in a folder by name: size and content; time as well, for what must not even be rewritten. */
export function snapshot(folder: string, except: RegExp = /^$/): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !except.test(name))
  return Object.fromEntries(
    names.sort().map((name) => {
      const path = join(folder, name)
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
      return [name, `${hash} ${statSync(path, { bigint: true }).mtimeNs}`]
    }),
  )
}

export function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

export function rejection(reason: string, message = /./): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RestoreError, String(error))
    assert.equal(error.reason, reason, error.message)
    assert.match(error.message, message)
    return true
  }
}

/** A table of `rows` rows that fill about 60 bytes each. */
export function filled(table: string, rows: number): string {
  return (
    `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, note TEXT);` +
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) ` +
    `INSERT INTO ${table} SELECT i, hex(randomblob(25)) FROM n;`
  )
}

export const WAL = 'PRAGMA journal_mode = WAL'
/** Leaves a hot journal when the process dies after it: pages of an open transaction are in the main file already. */
export const HALF_A_TRANSACTION = [
  'PRAGMA cache_size = 2',
  filled('items', 2000),
  "BEGIN; UPDATE items SET note = 'half'",
]
