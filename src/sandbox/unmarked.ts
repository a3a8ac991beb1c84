/** Files that are read and show no sign of it: no new time of the last access, where the caller may ask for that. */

import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { codeOf } from '../domain/errors.ts'

/** Absent where the system has no such flag. */
const NOT_MARKED = (constants as Partial<typeof constants>).O_NOATIME ?? 0

/** As `open`; the file's owner and root leave its time of access alone (open(2), O_NOATIME). */
export async function openUnmarked(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags | NOT_MARKED)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error
    return open(path, flags)
  }
}
