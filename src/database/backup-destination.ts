/**
 * SQLite's backup API, into a file that was made before. SQLite opens it by name and follows links: a link that somebody
 * puts in its place at that moment would have any file of the machine overwritten, or one made where none was. So it is
 * told to make none, and what was opened is looked at before the first step. better-sqlite3's own `backup()` leaves no moment
 * for that, and where it fails it deletes by name what it took for a new file: its native part is driven here, in the same
 * way, one call at a time.
 */

import type { FileHandle } from 'node:fs/promises'
import { RestoreError } from '../domain/errors.ts'
import type { Connection } from './connection.ts'
import { openFiles, requireOurs } from '../sandbox/open-files.ts'
import { uriOf } from './uri.ts'

/** All in one step, so that a steady writer cannot make it begin again and again. */
const ALL_PAGES = 0x7fffffff

export interface Destination {
  readonly partial: string
  /** The file that was made under that name. */
  readonly copy: FileHandle
}

export interface Progress {
  readonly totalPages: number
  readonly remainingPages: number
}

/** better-sqlite3's native backup object. */
interface NativeBackup {
  transfer(pages: number): Progress
  close(): void
}

/**
 * One step over all pages. A locked source or destination is no error: then pages remain, or there are none.
 *
 * @throws RestoreError `PermissionDenied` where another file than the one that was made stood at its name.
 */
export async function backUpInto(source: Connection, { partial, copy }: Destination): Promise<Progress> {
  const ours = await copy.stat({ bigint: true })
  const before = openFiles()
  // Only a URI can say: open, never make.
  const backup = openBackup(source, uriOf(partial, 'mode=rw'))
  try {
    requireOurs(partial, ours, before)
    return backup.transfer(ALL_PAGES)
  } finally {
    backup.close()
  }
}

/** The last argument says that the file was there before: it is never deleted on the way out. */
function openBackup(source: Connection, uri: string): NativeBackup {
  for (const key of Object.getOwnPropertySymbols(source)) {
    const native: unknown = Reflect.get(source, key)
    if (!hasBackup(native)) continue
    return native.backup(source, 'main', uri, false)
  }
  throw new RestoreError('this build of better-sqlite3 has no backup object of the known kind', {
    reason: 'InternalError',
    hint: 'install the version that package-lock.json names: npm ci',
  })
}

interface Native {
  backup(source: Connection, attached: string, file: string, unlink: boolean): NativeBackup
}

function hasBackup(value: unknown): value is Native {
  return typeof value === 'object' && value !== null && 'backup' in value && typeof value.backup === 'function'
}
