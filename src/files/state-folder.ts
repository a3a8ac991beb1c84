/** Folders inside the state directory, which commands of root's and the daemon's user share. */

import { closeSync, constants, fchownSync, fstatSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { codeOf } from '../domain/errors.ts'

/**
 * Makes the folder where it is missing. One that root made, now or before, is given to the owner of the state directory: the
 * daemon's user could not enter it otherwise, and every verification and drill would fail.
 *
 * Dies the process between the two calls, the next one gives it away.
 *
 * @param mode permission bits of a new folder.
 * @returns its path, links resolved: SQLite is told the name that the kernel gives back.
 * @throws the system's error where it is missing and cannot be made.
 */
export function ensureStateFolder(stateDir: string, name: string, mode: number): string {
  const path = join(stateDir, name)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  if (process.geteuid?.() === 0) giveToOwner(path, stateDir)
  return realpathSync(path)
}

/** Never follows a link, and gives away nothing but a directory of root's: the folder around it may be another user's. */
function giveToOwner(path: string, stateDir: string): void {
  const { uid, gid } = statSync(stateDir)
  if (uid === 0) return
  let folder: number
  try {
    folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch (error) {
    // A link that somebody has put there on purpose.
    if (codeOf(error) === 'ELOOP' || codeOf(error) === 'ENOTDIR') return
    throw error
  }
  try {
    if (fstatSync(folder).uid === 0) fchownSync(folder, uid, gid)
  } finally {
    closeSync(folder)
  }
}
