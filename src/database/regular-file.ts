/** Opens a file only if it is what it should be: a link or a pipe put in its place is refused, not followed. */

import { constants } from 'node:fs'
import { access, open, type FileHandle } from 'node:fs/promises'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { openUnmarked } from '../sandbox/unmarked.ts'

export function notRegular(path: string): RestoreError {
  return new RestoreError(`${path} is not a regular file`, {
    reason: 'PermissionDenied',
    hint: 'links, pipes and devices are never followed: put the file itself there',
  })
}

/**
 * Works with an open regular file and closes it.
 *
 * Never to be used on a database that this process has open in SQLite: closing drops its locks (fcntl(2)).
 *
 * @throws RestoreError `PermissionDenied` where the path is a link or no regular file; the system's error otherwise.
 */
export async function withRegularFile<T>(
  path: string,
  work: (file: FileHandle) => Promise<T>,
  flags: number = constants.O_RDONLY,
): Promise<T> {
  let file: FileHandle
  try {
    // O_NONBLOCK: opening a pipe without a writer must not wait for one.
    file = await openUnmarked(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw notRegular(path)
    throw error
  }
  try {
    if (!(await file.stat()).isFile()) throw notRegular(path)
    return await work(file)
  } finally {
    await file.close()
  }
}

/**
 * Makes a file that nobody else may read, and that nothing stood in the place of. What is done to it afterwards is done
 * through this handle: in a directory of somebody else's the name may lead elsewhere a moment later.
 *
 * @throws EEXIST where anything is at the path, a link that leads nowhere included.
 */
export async function createFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
}

/** The open file under a name of its own in /proc, since another file may stand at its path by now; null without /proc. */
export async function nameOfOpen(file: FileHandle): Promise<string | null> {
  const byDescriptor = `/proc/self/fd/${file.fd}`
  try {
    await access(byDescriptor)
    return byDescriptor
  } catch {
    return null
  }
}
