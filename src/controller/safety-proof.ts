/**
 * Whether a safety backup still is what was proven. Between its making and the moment when something relies on it lie
 * minutes, or a night with the daemon down, in which a hook, a clean-up job or a disk may have had it.
 */

import { lstat } from 'node:fs/promises'

import { codeOf, messageOf } from '../domain/errors.ts'
import type { SafetyNote } from '../domain/work.ts'
import { identityOf, sideFilesWithContent } from '../database/place.ts'
import type { PhaseContext } from './context.ts'
import { deadlineFor } from './deadlines.ts'

/**
 * Reads all of it: neither size nor times prove bytes.
 *
 * @returns null where it is the proven file, whole and alone; else what is wrong with it, in words.
 */
export async function flawOf(
  { deps, target }: Pick<PhaseContext, 'deps' | 'target'>,
  safety: SafetyNote,
): Promise<string | null> {
  try {
    const what = await lstat(safety.path)
    if (!what.isFile()) return 'is no longer a regular file'
    const { sha256 } = await deps.database.hash(safety.path, { deadlineMs: deadlineFor(target, what.size) })
    if (sha256 !== safety.sha256) return 'no longer has the bytes that were proven'
    const [side] = safety.raw ? [] : await sideFilesWithContent(safety.path)
    return side === undefined ? null : `would be opened together with ${side}`
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'is gone' : `cannot be read: ${messageOf(error)}`
  }
}

/** Whether a file may take the name by a rename: nothing stands there, or a file or link of no worth, and no side file. */
export async function mayBeReplaced(path: string): Promise<boolean> {
  if ((await sideFilesWithContent(path)).length > 0) return false
  if ((await identityOf(path)) === null) return true
  const what = await lstat(path)
  return what.isFile() || what.isSymbolicLink()
}
