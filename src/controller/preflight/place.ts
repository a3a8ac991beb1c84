/** Where the database lies, and whether a swap by rename can be made there at all. */

import { constants } from 'node:fs'
import { access, lstat, readFile } from 'node:fs/promises'
import { dirname, join, basename } from 'node:path'

import { codeOf, messageOf, RestoreError } from '../../domain/errors.ts'
import type { Target } from '../../domain/target.ts'
import { explainLeftover, findLeftovers, type Leftover } from '../../database/leftovers.ts'
import { resolveLinks } from '../../database/links.ts'
import { displacedPath, probePaths } from '../../database/place.ts'
import { hasCapability } from '../../sandbox/capabilities.ts'
import type { PhaseContext } from '../context.ts'
import { requireNoFlags, requireNotSticky, tryReplacing } from './replaceable.ts'

/**
 * Resolves links and refuses what a rename would break: a mount point (EBUSY, or another file behind the mount), a file
 * with further hard links (the other names would keep the old database), anything but a regular file, a directory that
 * cannot be written.
 *
 * @returns the real path of the database, which need not exist.
 * @throws RestoreError `TargetNotReplaceable`, `LeftoversFound`.
 */
export async function requirePlace({ target, request, work }: PhaseContext): Promise<string> {
  const database = await resolvePath(target.database)
  if (request.spec.mode === 'Drill') return database
  const leftovers = findLeftovers(database)
  if (work.swap === undefined) refuseEarlierLife(target, database, leftovers, request.name)
  const found = await lstatOrNull(database)
  if (found !== null) {
    if (!found.isFile())
      throw refuse(database, 'it is not a regular file', 'name the database file itself in the configuration')
    const ours = found.nlink > 1 ? await namesOfOurs(database, request.name) : 0
    if (found.nlink - ours > 1) {
      throw refuse(database, `it has ${found.nlink} hard links`, linkHint(target, database, leftovers))
    }
    requireOwnership(database, found.uid, found.gid)
  }
  if (await isMountPoint(database)) {
    throw refuse(database, 'it is a mount point of its own', 'mount its directory instead of the file')
  }
  await requireNoFlags(database, request.spec.backupCurrent && found !== null ? target.backups.path : null)
  try {
    await access(dirname(database), constants.W_OK | constants.X_OK)
  } catch (error) {
    throw refuse(
      database,
      `its directory cannot be written (${codeOf(error) ?? messageOf(error)})`,
      'check the directory’s owner, mode and mount',
    )
  }
  if (found !== null) await requireNotSticky(database, found.uid)
  if (request.spec.mode === 'Restore') await tryReplacing(database, request.name)
  return database
}

/** Files under the names that this restore would use, of which its notes say nothing: they are evidence, not ours to overwrite. */
function refuseEarlierLife(target: Target, database: string, leftovers: readonly Leftover[], request: string): void {
  const own = leftovers.find((leftover) => leftover.request === request)
  const kept = own?.files.some(({ kind, sameFileAsDatabase }) => kind === 'old' && !sameFileAsDatabase) === true
  if (own === undefined || !kept) return
  const { message, commands } = explainLeftover(database, target, own)
  throw new RestoreError(message, { reason: 'LeftoversFound', hint: commands.join('; ') })
}

function linkHint(target: Target, database: string, leftovers: readonly Leftover[]): string {
  const ours = leftovers.find(({ files }) => files.some(({ sameFileAsDatabase }) => sameFileAsDatabase))
  if (ours === undefined) return `find the others (find / -xdev -samefile ${database}) and remove them`
  const { message, commands } = explainLeftover(database, target, ours)
  return `${message}: ${commands.join('; ')}`
}

async function resolvePath(configured: string): Promise<string> {
  try {
    return await resolveLinks(configured)
  } catch (error) {
    if (error instanceof RestoreError) throw refuse(configured, error.message, error.hint ?? '')
    if (codeOf(error) !== 'ENOENT') throw refuse(configured, messageOf(error), 'check the path in the configuration')
  }
  const dangling = await lstatOrNull(configured)
  if (dangling !== null)
    throw refuse(configured, 'it is a link that leads nowhere', 'mend the link, or configure the file itself')
  return join(await resolveFolder(configured), basename(configured))
}

async function resolveFolder(configured: string): Promise<string> {
  try {
    return await resolveLinks(dirname(configured))
  } catch (error) {
    if (error instanceof RestoreError) throw refuse(configured, error.message, error.hint ?? '')
    throw refuse(
      configured,
      'its directory does not exist',
      `mkdir -p ${dirname(configured)}, with the application's owner`,
    )
  }
}

/** An unfinished swap of this very request, or a preflight that was broken off, may have given the file a second name. */
async function namesOfOurs(database: string, request: string): Promise<number> {
  const main = await lstatOrNull(database)
  let names = 0
  for (const name of [displacedPath(database, request), probePaths(database, request).link]) {
    const ours = await lstatOrNull(name)
    if (ours !== null && ours.ino === main?.ino && ours.dev === main.dev) names += 1
  }
  return names
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
