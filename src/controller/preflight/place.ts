/** Where the database lies, and whether a swap by rename can be made there at all. */

import { constants } from 'node:fs'
import { access, lstat, readFile, realpath } from 'node:fs/promises'
import { dirname, join, basename } from 'node:path'

import { codeOf, messageOf, RestoreError } from '../../domain/errors.ts'
import { hasCapability } from '../../sandbox/capabilities.ts'
import type { PhaseContext } from '../context.ts'

/**
 * Resolves links and refuses what a rename would break: a mount point (EBUSY, or another file behind the mount), a file
 * with further hard links (the other names would keep the old database), anything but a regular file, a directory that
 * cannot be written.
 *
 * @returns the real path of the database, which need not exist.
 * @throws RestoreError `TargetNotReplaceable`.
 */
export async function requirePlace({ target, request }: PhaseContext): Promise<string> {
  const database = await resolvePath(target.database)
  if (request.spec.mode === 'Drill') return database
  const found = await lstatOrNull(database)
  if (found !== null) {
    if (!found.isFile())
      throw refuse(database, 'it is not a regular file', 'name the database file itself in the configuration')
    const ours = found.nlink > 1 ? await namesOfOurs(database, request.name) : 0
    if (found.nlink - ours > 1) {
      throw refuse(
        database,
        `it has ${found.nlink} hard links`,
        `find the others (find / -xdev -samefile ${database}) and remove them`,
      )
    }
    requireOwnership(database, found.uid, found.gid)
  }
  if (await isMountPoint(database)) {
    throw refuse(database, 'it is a mount point of its own', 'mount its directory instead of the file')
  }
  try {
    await access(dirname(database), constants.W_OK | constants.X_OK)
  } catch (error) {
    throw refuse(
      database,
      `its directory cannot be written (${codeOf(error) ?? messageOf(error)})`,
      'check the directory’s owner, mode and mount',
    )
  }
  return database
}

async function resolvePath(configured: string): Promise<string> {
  try {
    return await realpath(configured)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw refuse(configured, messageOf(error), 'check the path in the configuration')
  }
  const dangling = await lstatOrNull(configured)
  if (dangling !== null)
    throw refuse(configured, 'it is a link that leads nowhere', 'mend the link, or configure the file itself')
  try {
    return join(await realpath(dirname(configured)), basename(configured))
  } catch {
    throw refuse(
      configured,
      'its directory does not exist',
      `mkdir -p ${dirname(configured)}, with the application's owner`,
    )
  }
}

/** An unfinished swap of this very request may have given the file a second name. */
async function namesOfOurs(database: string, request: string): Promise<number> {
  const ours = await lstatOrNull(`${database}.modosu-${request}.old`)
  const main = await lstatOrNull(database)
  return ours !== null && ours.ino === main?.ino && ours.dev === main.dev ? 1 : 0
}

/** Not everybody can give the restored file another owner; better said now than found out half way. */
function requireOwnership(database: string, uid: number, gid: number): void {
  const us = process.geteuid?.()
  if (us === undefined || (hasCapability('CAP_CHOWN') && hasCapability('CAP_FOWNER'))) return
  const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])]
  if (us === uid && groups.includes(gid)) return
  throw new RestoreError(`the restored file could not be given its owner back: ${database} belongs to ${uid}:${gid}`, {
    reason: 'OwnershipNotPreserved',
    hint: 'run the daemon as root, as that user, or with CAP_CHOWN and CAP_FOWNER',
  })
}

async function isMountPoint(path: string): Promise<boolean> {
  try {
    const mounts = await readFile('/proc/self/mountinfo', 'utf8')
    return mounts.split('\n').some((line) => unescape(line.split(' ')[4] ?? '') === path)
  } catch {
    // No /proc: rename itself answers EBUSY, and the swap ends untouched.
    return false
  }
}

/** mountinfo writes blanks as octal (proc(5)). */
function unescape(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

async function lstatOrNull(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function refuse(path: string, why: string, hint: string): RestoreError {
  return new RestoreError(`the database ${path} cannot be replaced: ${why}`, { reason: 'TargetNotReplaceable', hint })
}
