/** Which bytes a backup set holds, as far as a look at its directory entries can tell. */

import { lstat } from 'node:fs/promises'
import { codeOf } from '../domain/errors.ts'

/**
 * Inode, size and times of the files that a restore would use; two equal texts speak of the same bytes, for nobody sets the
 * time at which an inode changed. Opens nothing.
 *
 * @param paths null stands for a file that the set has not.
 */
export async function setIdentity(paths: readonly (string | null)[]): Promise<string> {
  return (await Promise.all(paths.map(identity))).join(' ')
}

async function identity(path: string | null): Promise<string> {
  if (path === null) return '-'
  try {
    const { ino, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true })
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '-'
    throw error
  }
}
