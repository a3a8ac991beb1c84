/** Files in the making: they get their name when they are whole and durable, and never take another file's. */

import { link, lstat, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { identityOf, removeIfPresent, sideFiles, syncFolderOf } from './place.ts'

/** Hidden, so that no scan of the directory takes it for a backup. */
export function partialPath(to: string): string {
  return join(dirname(to), `.${basename(to)}.partial`)
}

/** Removes what an attempt that died left, SQLite's own files included. */
export async function removePartial(to: string): Promise<void> {
  const partial = partialPath(to)
  for (const path of [partial, ...sideFiles(partial)]) await removeIfPresent(path)
}

/** @throws RestoreError `FileExists`. */
export async function requireFree(to: string): Promise<void> {
  if ((await identityOf(to)) === null) return
  throw new RestoreError(`${to} exists already`, {
    reason: 'FileExists',
    hint: 'nothing is ever overwritten: move it away',
  })
}

/**
 * Gives a whole, synced file its name. Dies the process between the two calls, the file has both names and is whole.
 *
 * @throws RestoreError `FileExists`.
 */
export async function publish(partial: string, to: string): Promise<void> {
  try {
    await link(partial, to)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') await requireFree(to)
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(codeOf(error) ?? '')) throw error
    // A file system without hard links: the name was free, and a rename is as atomic.
    await requireFree(to)
    await rename(partial, to)
    await syncFolderOf(to)
    return
  }
  await syncFolderOf(to)
  await removeIfPresent(partial)
  await syncFolderOf(to)
}

/** The permission bits of a file, 0o7777. */
export async function modeOf(path: string): Promise<number> {
  return (await lstat(path)).mode & 0o7777
}
