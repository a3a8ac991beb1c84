/** Connections to files that nobody vouches for, opened so that looking at one changes and triggers as little as can be. */

import { lstat } from 'node:fs/promises'
import Database from 'better-sqlite3'
import { messageOf, RestoreError } from '../domain/errors.ts'
import { readHeader } from './header.ts'
import { resolveLinks } from './links.ts'
import { openFiles, requireOpened } from '../sandbox/open-files.ts'
import { identityOf, sideFilesWithContent } from './place.ts'
import { isUnparsable, notADatabase } from './reasons.ts'
import { notRegular } from './regular-file.ts'

export type Connection = Database.Database

/** How long a reader waits for a writer of the application, in milliseconds. */
const READER_TIMEOUT_MS = 5000

/**
 * SQLite's own precautions for untrusted files (https://sqlite.org/security.html, 2): no application-defined code from
 * the schema, cells checked when pages are read, no mapping that a truncation by somebody else would turn into SIGBUS.
 * Its heap limits need memory accounting, which this build lacks: the sandbox bounds the memory of the process.
 */
export function guard(connection: Connection): void {
  connection.pragma('trusted_schema = OFF')
  connection.pragma('cell_size_check = ON')
  connection.pragma('mmap_size = 0')
}

/**
 * @param path links resolved.
 * @throws RestoreError `PermissionDenied` where the path led elsewhere at that moment.
 */
export function openGuarded(path: string, options: { readonly?: boolean; timeout: number }): Connection {
  const before = openFiles()
  const connection = new Database(path, { ...options, fileMustExist: true })
  try {
    requireOpened(path, before)
    guard(connection)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/**
 * Does something with a connection that only reads, and closes it. The main file and the `-wal` keep their bytes, and no
 * side file is left that was not there.
 *
 * In WAL mode a read-only connection leaves the empty `-wal` and the `-shm` that it had to create, because it may not
 * remove them; where there is nothing in a `-wal` that could be checkpointed, a writable connection that is told to
 * write nothing takes both with it when it closes. In rollback mode only a read-only one is sure to recover nothing.
 */
export async function withReader<T>(name: string, work: (connection: Connection) => T | Promise<T>): Promise<T> {
  // SQLite, too, looks for the side files beside the file itself, not beside a link to it.
  const path = await resolveLinks(name)
  await requireContent(path)
  const readonly = !(await leavesNothingWhenWritable(path))
  const connection = openGuarded(path, { readonly, timeout: READER_TIMEOUT_MS })
  try {
    connection.pragma('query_only = ON')
    return await work(connection)
  } finally {
    connection.close()
  }
}

async function leavesNothingWhenWritable(path: string): Promise<boolean> {
  if (!(await saysWal(path)) || (await identityOf(`${path}-journal`)) !== null) return false
  const wal = await identityOf(`${path}-wal`)
  if (wal === null) return true
  return wal.sizeBytes === 0 && (await identityOf(`${path}-shm`)) === null
}

/** Whether the header says WAL mode. False for one that makes no sense: a journal may hold the right one, which is for SQLite to find out. */
export async function saysWal(path: string): Promise<boolean> {
  try {
    return (await readHeader(path)).walMode
  } catch (error) {
    if (error instanceof RestoreError && OF_THE_HEADER.has(error.reason)) return false
    throw error
  }
}

const OF_THE_HEADER: ReadonlySet<string> = new Set(['NotADatabase', 'DatabaseEncrypted', 'DatabaseCorrupt'])

/**
 * SQLite takes an empty file for a new database, calls it sound, and deletes the `-wal` beside it. What the header says
 * that no SQLite writes, it tells as a lack of rights. A side file with content may hold another header: then it is for
 * SQLite to find out, except of a file that looks encrypted, which SQLite could only call damaged.
 *
 * @throws RestoreError `NotADatabase`, `DatabaseEncrypted`, `DatabaseCorrupt`; `PermissionDenied` for what is no regular file.
 */
export async function requireContent(path: string): Promise<void> {
  const found = await lstat(path)
  if (!found.isFile()) throw notRegular(path)
  if (found.size === 0) throw notADatabase(path, 'the file is empty')
  const alone = (await sideFilesWithContent(path)).length === 0
  try {
    await readHeader(path)
  } catch (error) {
    if (alone || (error instanceof RestoreError && error.reason === 'DatabaseEncrypted')) throw error
  }
}

const unparsed = new WeakMap<Connection, string>()

/**
 * Reads the schema. Where this SQLite cannot parse a part of it, the connection goes on without that part, so that the rest
 * of the database can be read and checked: SQLite refuses every statement otherwise
 * (https://sqlite.org/pragma.html#pragma_writable_schema). Only for connections on which no SQL but the program's own runs.
 *
 * @returns what SQLite says of the part that is left out; null where it reads all of it.
 * @throws SQLite's error for anything else.
 */
export function readSchema(connection: Connection): string | null {
  const known = unparsed.get(connection)
  if (known !== undefined) return known
  try {
    connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 0')
    return null
  } catch (error) {
    const message = messageOf(error)
    if (!isUnparsable(message)) throw error
    connection.unsafeMode(true)
    connection.pragma('writable_schema = ON')
    unparsed.set(connection, message)
    return message
  }
}

/** An identifier of the schema as SQL: SQLite doubles the quote inside it. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}
