/** Copies of single files, byte for byte, that are at no moment readable for more people than they will be. */

import { constants } from 'node:fs'
import { copyFile, type FileHandle } from 'node:fs/promises'
import type { FileIdentity } from './contract.ts'
import { identityOfOpen } from './digest.ts'
import type { Pace } from './pace.ts'
import { nameOfOpen, withRegularFile } from './regular-file.ts'

/** Of about a megabyte: larger ones make the page cache's writeback slower. */
const CHUNK_BYTES = 2 ** 20
const OWNER_ONLY = 0o600
const OTHERS_READ = 0o004
const SHARED = 0o077
const SHARED_WRITE = 0o022

export interface Copied {
  readonly before: FileIdentity
  readonly after: FileIdentity
}

/**
 * Copies a regular file into one that was just made (`createFile`); the copy is not synced.
 *
 * The blocks are shared where the file system can, but then the copy has the source's mode from the start: where that would
 * show more than the final mode will, the bytes go into a file that is the owner's alone. The kernel's own copying is not
 * used: it opens the source anew, which sets its time of access.
 *
 * @param finalMode what the copy will have in the end.
 * @param pace holds the copying down to a rate; shared blocks cost nothing and need none.
 * @returns the source's identity at both ends, for the caller to judge whether it was written to meanwhile.
 * @throws RestoreError `PermissionDenied` where the source is no regular file.
 */
export async function copyRegularFile(
  from: string,
  to: FileHandle,
  finalMode: number,
  pace: Pace | null = null,
): Promise<Copied> {
  return withRegularFile(from, async (source) => {
    const before = await identityOfOpen(source)
    const { mode } = await source.stat()
    if (showsTooMuch(mode, finalMode) || !(await shareBlocks(source, to))) await copyPrivately(source, to, pace)
    await to.chmod(OWNER_ONLY)
    return { before, after: await identityOfOpen(source) }
  })
}

function showsTooMuch(sourceMode: number, finalMode: number): boolean {
  if ((sourceMode & SHARED) === 0) return false
  return (sourceMode & SHARED_WRITE) !== 0 || (finalMode & OTHERS_READ) === 0
}

/**
 * From descriptor to descriptor; reads nothing.
 *
 * @returns false where the file system cannot, or there is no /proc to name the two by.
 */
async function shareBlocks(source: FileHandle, to: FileHandle): Promise<boolean> {
  const [from, into] = [await nameOfOpen(source), await nameOfOpen(to)]
  if (from === null || into === null) return false
  try {
    await copyFile(from, into, constants.COPYFILE_FICLONE_FORCE)
    return true
  } catch {
    return false
  }
}

async function copyPrivately(source: FileHandle, to: FileHandle, pace: Pace | null): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let position = 0; ;) {
    const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES, position)
    if (bytesRead === 0) return
    await writeAll(to, chunk.subarray(0, bytesRead), position)
    position += bytesRead
    if (pace !== null) await pace.spent(bytesRead)
  }
}

async function writeAll(target: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await target.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
