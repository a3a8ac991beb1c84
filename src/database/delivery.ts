/** A checked file that is put where somebody wants it: whole and durable under its name, or not there at all. */

import { realpathSync } from 'node:fs'
import { lstat, rename } from 'node:fs/promises'
import { sep } from 'node:path'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import type { Target } from '../domain/target.ts'
import type { FileIdentity } from './contract.ts'
import { publish, requireFree } from './partial.ts'
import { identityOf, sideFiles, syncFolderOf } from './place.ts'

/**
 * Whose place a file would take: a database in use is replaced by a restore alone, and what lies among the backups is taken
 * for one.
 *
 * @param to links in its folder resolved.
 */
export function placeTaken(to: string, { database, backups }: Target): 'database' | 'backups' | null {
  const databases = [real(database), database].flatMap((path) => [path, ...sideFiles(path)])
  if (databases.includes(to)) return 'database'
  return to.startsWith(`${real(backups.path)}${sep}`) ? 'backups' : null
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/**
 * Whether a file may be put there; asked before the work, and answered again by `deliver`.
 *
 * @param replace another regular file may be replaced.
 * @throws RestoreError `FileExists`.
 */
export async function requireDeliverable(to: string, replace: boolean): Promise<void> {
  for (const side of sideFiles(to)) {
    if ((await identityOf(side)) === null) continue
    throw new RestoreError(`${side} lies there: SQLite would read it into the extracted file`, {
      reason: 'FileExists',
      hint: `choose another name, or move it away: ls -l ${shellWord(to)}*`,
    })
  }
  if (!replace) {
    await requireFree(to)
    return
  }
  if (!(await isRegularOrNothing(to))) {
    throw new RestoreError(`${to} is not a regular file, and is not replaced`, {
      reason: 'FileExists',
      hint: `see what it is: ls -ld ${shellWord(to)}`,
    })
  }
}

/**
 * Gives the file its name, by a link that takes no other file's place, or with `replace` by a rename.
 *
 * Dies the process at any line, the name leads to the whole file, to what was there before, or to nothing.
 *
 * @param made a synced file on the same file system, in a folder of the caller's own.
 * @throws RestoreError `FileExists`.
 */
export async function deliver(made: string, to: string, identity: FileIdentity, replace: boolean): Promise<void> {
  await requireDeliverable(to, replace)
  if (!replace) {
    await publish(made, to, identity)
    return
  }
  await rename(made, to)
  await syncFolderOf(to)
}

async function isRegularOrNothing(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true
    throw error
  }
}
