/**
 * SQLite's exclusive lock on a database, kept over the moment in which another file takes its place: whoever opened the old
 * file before that moment waits, and commits nothing into a file that nobody will read again.
 *
 * The file is opened by its second name. A connection that closes in WAL mode removes a `-wal` by name, and by then the
 * database's own name belongs to another database; the lock is the inode's, whatever the name.
 */

import { lstatSync } from 'node:fs'

import { openGuarded, requireContent, type Connection } from './connection.ts'

/** The application is down while this waits: a reader of a few moments may end. */
const TIMEOUT_MS = 2000

/** The file's own number, by which it is found when its names have changed or are gone. */
export interface HeldFile {
  readonly dev: string
  readonly ino: string
}

const held = new Map<string, { readonly connection: Connection; readonly file: HeldFile }>()

export interface HoldRequest {
  /** A name of the file that no application uses; its side files are the lock's own. */
  readonly database: string
}

/**
 * See `DatabaseOperations.hold`. Writes nothing. In WAL mode an empty `-wal` appears beside the second name; it goes with
 * the lock, or stays, empty, where the process is killed.
 */
export async function hold({ database }: HoldRequest): Promise<HeldFile> {
  const present = held.get(database)
  if (present !== undefined) return present.file
  await requireContent(database)
  const connection = openGuarded(database, { timeout: TIMEOUT_MS })
  try {
    // In WAL mode every connection holds a shared lock for life, which EXCLUSIVE locking mode collides with.
    connection.pragma('locking_mode = EXCLUSIVE')
    connection.exec('BEGIN EXCLUSIVE')
    connection.exec('COMMIT')
  } catch (error) {
    connection.close()
    throw error
  }
  const { dev, ino } = lstatSync(database, { bigint: true })
  const file = { dev: String(dev), ino: String(ino) }
  held.set(database, { connection, file })
  return file
}

/** Ends the hold, where there is one. */
export function letGo({ database }: HoldRequest): void {
  held.get(database)?.connection.close()
  held.delete(database)
}
