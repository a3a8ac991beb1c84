/**
 * SQLite's backup API, into a file that was made before. SQLite opens it by name, follows links, and makes it where it
 * is missing: a link that somebody puts in its place at that moment would have any file of the machine overwritten. So what
 * was opened is looked at before the first step. better-sqlite3's own `backup()` leaves no moment for that, and where it
 * fails it deletes by name what it took for a new file: its native part is driven here, in the same way, one call at a time.
 */

import { lstatSync, unlinkSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { RestoreError } from '../domain/errors.ts'
import type { Connection } from './connection.ts'
import { openFiles, strangeOpening } from '../sandbox/open-files.ts'

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
  const startedNs = BigInt(Date.now()) * 1_000_000n
  const before = openFiles()
  const backup = openBackup(source, partial)
  try {
    const found = strangeOpening(partial, ours, before)
    if (found !== null) {
      backup.close()
      removeIfJustMade(found.strange, startedNs)
      throw found.error
    }
    return backup.transfer(ALL_PAGES)
  } finally {
    backup.close()
  }
}

/** The last argument says that the file was there before: it is never deleted on the way out. */
function openBackup(source: Connection, partial: string): NativeBackup {
  for (const key of Object.getOwnPropertySymbols(source)) {
    const native: unknown = Reflect.get(source, key)
    if (!hasBackup(native)) continue
    return native.backup(source, 'main', partial, false)
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

/** The path is the kernel's own, without a link in it; an empty file that is no older than this attempt is SQLite's making. */
function removeIfJustMade(path: string, startedNs: bigint): void {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (found?.isFile() === true && found.size === 0n && found.birthtimeNs >= startedNs) unlinkSync(path)
}
