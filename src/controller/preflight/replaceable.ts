/**
 * Whether the file system and the flags of the files allow a swap: found out before the application is stopped. What
 * cannot be seen is tried, with a file of our own and with a second name of the database.
 */

import { link, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

import { codeOf, messageOf, RestoreError } from '../../domain/errors.ts'
import { shellWord } from '../../domain/shell-word.ts'
import { identityOf, probePaths, removeIfPresent, sideFiles } from '../../database/place.ts'
import { createFile } from '../../database/regular-file.ts'
import { hasCapability } from '../../sandbox/capabilities.ts'
import { flagOf } from './file-flags.ts'

const NAMES = { i: 'immutable', a: 'append-only' } as const
const STICKY = 0o1000

/**
 * Looks only. First of all: in an append-only directory not even a file of our own could be removed again.
 *
 * @param backups where the safety backup is going to be; null: there will be none.
 * @throws RestoreError `TargetNotReplaceable`.
 */
export async function requireNoFlags(database: string, backups: string | null): Promise<void> {
  const paths = [dirname(database), database, ...sideFiles(database), ...(backups === null ? [] : [backups])]
  for (const path of paths) {
    if ((await identityOf(path)) === null) continue
    const flag = await flagOf(path)
    if (flag === null) continue
    throw refuse(database, `${path} is ${NAMES[flag]}`, `chattr -${flag} ${shellWord(path)}; see lsattr -d`)
  }
}

/** In a sticky directory a file is renamed over by its owner, the directory's owner, or with CAP_FOWNER (inode(7)). */
export async function requireNotSticky(database: string, owner: number): Promise<void> {
  const folder = await stat(dirname(database))
  const us = process.geteuid?.()
  if ((folder.mode & STICKY) === 0 || us === owner || us === folder.uid || hasCapability('CAP_FOWNER')) return
  const where = dirname(database)
  throw refuse(database, `${where} is sticky and the file belongs to user ${owner}`, `chmod -t ${shellWord(where)}`)
}

/**
 * Makes a file beside the database, links, renames and removes it, and gives the database a second name for a moment.
 * Dies the process in between, the same names are removed first by the next preflight of the request.
 *
 * @throws RestoreError `TargetNotReplaceable`.
 */
export async function tryReplacing(database: string, request: string): Promise<void> {
  const probe = probePaths(database, request)
  try {
    await removeProbes(database, request)
    await (await createFile(probe.file)).close()
    await attempt(database, 'a hard link', () => link(probe.file, probe.link))
    await unlink(probe.link)
    await attempt(database, 'a rename', () => rename(probe.file, probe.link))
    await attempt(database, 'the removal of a file', () => unlink(probe.link))
    if ((await identityOf(database)) === null) return
    await attempt(database, 'a second name of the database', () => link(database, probe.link))
  } finally {
    // A second name that stays would have the next restore refused. A removal that fails once is tried once more.
    await removeProbes(database, request)
      .catch(() => removeProbes(database, request))
      .catch((error: unknown) => {
        throw refuse(
          database,
          `${probe.link} cannot be removed again: ${messageOf(error)}`,
          `rm -f ${shellWord(probe.link)}`,
        )
      })
  }
}

export async function removeProbes(database: string, request: string): Promise<void> {
  const { file, link: second } = probePaths(database, request)
  for (const path of [file, second]) await removeIfPresent(path)
}

async function attempt(database: string, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (['ENOSPC', 'EDQUOT', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error
    const where = shellWord(dirname(database))
    throw refuse(
      database,
      `its directory does not allow ${what} (${codeOf(error) ?? messageOf(error)})`,
      `look at the file system (exFAT and FAT have no hard links) and at the flags: findmnt -T ${where}; lsattr -d ${where} ${shellWord(database)}`,
    )
  }
}

function refuse(path: string, why: string, hint: string): RestoreError {
  return new RestoreError(`the database ${path} cannot be replaced: ${why}`, { reason: 'TargetNotReplaceable', hint })
}
