/** Files in the making: they get their name when they are whole and durable, and never take another file's. */

import { link, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import type { FileIdentity } from './contract.ts'
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
 * @param made the file that was made under the partial name; what gets the name must be that one.
 * @throws RestoreError `FileExists`; `FileChanged` where somebody has put another file in its place.
 */
export async function publish(partial: string, to: string, made: FileIdentity): Promise<void> {
  try {
    await link(partial, to)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') await requireFree(to)
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(codeOf(error) ?? '')) throw error
    // A file system without hard links: the name was free, and a rename is as atomic.
    await requireFree(to)
    await rename(partial, to)
    await requireMade(to, made)
    await syncFolderOf(to)
    return
  }
  await requireMade(to, made)
  await syncFolderOf(to)
  await removeIfPresent(partial)
  await syncFolderOf(to)
}

/** What is not ours loses the name again: nobody may take it for a safety backup. */
async function requireMade(to: string, made: FileIdentity): Promise<void> {
  const found = await identityOf(to)
  if (found?.ino === made.ino) return
  await removeIfPresent(to)
  throw new RestoreError(`${to} is not the file that was made: somebody has put another one in its place`, {
    reason: 'FileChanged',
    disposition: 'retry',
    hint: `find out who writes to its directory: ls -ld ${shellWord(dirname(to))}`,
  })
}
