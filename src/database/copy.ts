/** Copies of single files, byte for byte, that are at no moment readable for more people than they will be. */

import { constants } from 'node:fs'
import { access, copyFile, open, type FileHandle } from 'node:fs/promises'
import { codeOf } from '../domain/errors.ts'
import type { FileIdentity } from './contract.ts'
import { identityOfOpen } from './digest.ts'
import type { Pace } from './pace.ts'
import { withRegularFile } from './regular-file.ts'

/** Of about a megabyte: larger ones make the page cache's writeback slower. */
const CHUNK_BYTES = 2 ** 20
const EXCLUSIVE = constants.COPYFILE_EXCL
const OTHERS_READ = 0o004
const SHARED = 0o077
const SHARED_WRITE = 0o022

export interface Copied {
  readonly before: FileIdentity
  readonly after: FileIdentity
}

/**
 * Copies a regular file to a path where nothing is; the copy is not synced.
 *
 * `copyFile` shares the blocks where the file system can, but gives the copy the source's mode from the start: where
 * that would show more than the final mode will, the bytes go into a file that is the owner's alone.
 *
 * @param finalMode what the copy will have in the end.
 * @param pace holds the copying down to a rate; shared blocks cost nothing and need none.
 * @returns the source's identity at both ends, for the caller to judge whether it was written to meanwhile.
 * @throws EEXIST where something is at `to`; RestoreError `PermissionDenied` where the source is no regular file.
 */
export async function copyRegularFile(
  from: string,
  to: string,
  finalMode: number,
  pace: Pace | null = null,
): Promise<Copied> {
  return withRegularFile(from, async (source) => {
    const before = await identityOfOpen(source)
    const { mode } = await source.stat()
    if (showsTooMuch(mode, finalMode)) await copyPrivately(source, to, pace)
    else if (pace === null) await copyFile(await nameOfOpen(source, from), to, EXCLUSIVE | constants.COPYFILE_FICLONE)
    else if (!(await shareBlocks(await nameOfOpen(source, from), to))) await copyPrivately(source, to, pace)
    return { before, after: await identityOfOpen(source) }
  })
}

function showsTooMuch(sourceMode: number, finalMode: number): boolean {
  if ((sourceMode & SHARED) === 0) return false
  return (sourceMode & SHARED_WRITE) !== 0 || (finalMode & OTHERS_READ) === 0
}

/** The open file by descriptor, since another file may stand at its path by now. */
async function nameOfOpen(file: FileHandle, path: string): Promise<string> {
  const byDescriptor = `/proc/self/fd/${file.fd}`
  try {
    await access(byDescriptor)
    return byDescriptor
  } catch {
    return path
  }
}

/** @returns false, with nothing at `to`, where the file system cannot, or the two are on different ones. */
async function shareBlocks(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, EXCLUSIVE | constants.COPYFILE_FICLONE_FORCE)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error
    return false
  }
}

async function copyPrivately(source: FileHandle, to: string, pace: Pace | null): Promise<void> {
  const target = await open(to, 'wx', 0o600)
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    for (let position = 0; ;) {
      const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES, position)
      if (bytesRead === 0) return
      await writeAll(target, chunk.subarray(0, bytesRead), position)
      position += bytesRead
      if (pace !== null) await pace.spent(bytesRead)
    }
  } finally {
    await target.close()
  }
}

async function writeAll(target: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await target.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
