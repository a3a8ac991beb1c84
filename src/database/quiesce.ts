/** The last thing that happens to the old database before the swap: proof that nobody uses it, and one whole file. */

import { readSchema, withReader } from './connection.ts'
import type { QuiesceResult } from './contract.ts'
import { withExclusive } from './exclusive.ts'
import { identityOf, sideFilesWithContent, syncFolderOf } from './place.ts'
import { databaseError, inUse } from './reasons.ts'
import { withRegularFile } from './regular-file.ts'

/** The application is down while this waits, so it does not wait long: a reader of a few moments may end. */
const TIMEOUT_MS = 2000

/**
 * See `DatabaseOperations.quiesce`. Nothing is undone when it fails or the process dies: what it does, SQLite does for
 * the next opener anyway, and no committed transaction is lost at any point.
 */
export async function quiesce({ database }: { readonly database: string }): Promise<QuiesceResult> {
  await requireReadable(database)
  const { before, whole } = await withExclusive(database, TIMEOUT_MS, (_, underLock) => underLock)
  const [side] = await sideFilesWithContent(database)
  if (side !== undefined || (await identityOf(`${database}-journal`)) !== null) {
    throw inUse(database, `${side ?? `${database}-journal`} came back`)
  }
  await withRegularFile(database, (file) => file.sync())
  await syncFolderOf(database)
  return { before, identity: whole }
}

/**
 * A writable connection that finds no database still moves the `-wal` into the wreck and deletes it as it closes: what is
 * wrecked must keep all of its files. A reader cannot do that, so it looks first. What only needs recovery passes.
 *
 * @throws SQLite's error where it cannot read the schema.
 */
async function requireReadable(database: string): Promise<void> {
  try {
    await withReader(database, (connection) => {
      readSchema(connection)
      connection.prepare('SELECT count(*) FROM sqlite_schema').get()
    })
  } catch (error) {
    if (databaseError(error, database).reason !== 'NeedsRecovery') throw error
  }
}
