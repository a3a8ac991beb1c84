/**
 * A file is written whole or not at all: what is new is written beside it and takes its name with one rename. Whoever reads
 * sees the old content or the new one, and after a crash it is one of the two.
 *
 * Killed before the rename: the old file stands, and a temporary file stays behind for `removeTemporaries`. Killed after it:
 * the new file stands; without the sync of the folder a power failure may bring the old one back.
 */

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchownSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A name that cannot be guessed and that exists nowhere: nobody can put a link there, and two writers never share it. */
const EXCLUSIVE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
const TEMPORARY = /^\.modosu-[0-9a-f]{24}\.tmp$/

export interface ReplaceOptions {
  /** Permission bits, less those of the umask. A file that others may not read is never readable for an instant. */
  readonly mode: number
  /** Only root can give a file away; for everybody else it is left out. */
  readonly owner?: { readonly uid: number; readonly gid: number }
  /** False: atomic for a reader, and nothing is promised about a power failure. True by default. */
  readonly durable?: boolean
}

/**
 * Writes the file in place of the one that has the name, or as a new one.
 *
 * @param path its folder exists. A link that has the name is replaced, not followed.
 * @throws the file system's error; the file is then what it was, and nothing is left beside it.
 */
export function replaceFileSync(path: string, content: string | Uint8Array, options: ReplaceOptions): void {
  const { mode, owner, durable = true } = options
  const folder = dirname(path)
  const temporary = temporaryIn(folder)
  const file = openSync(temporary, EXCLUSIVE, mode)
  try {
    try {
      if (owner !== undefined && isRoot()) fchownSync(file, owner.uid, owner.gid)
      writeFileSync(file, content)
      if (durable) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  if (durable) syncFolderSync(folder)
}

/** `replaceFileSync` for a folder that may be slow to answer, such as one of another machine: the process goes on meanwhile. */
export async function replaceFile(path: string, content: string | Uint8Array, options: ReplaceOptions): Promise<void> {
  const { mode, owner, durable = true } = options
  const folder = dirname(path)
  const temporary = temporaryIn(folder)
  const file = await open(temporary, EXCLUSIVE, mode)
  try {
    try {
      if (owner !== undefined && isRoot()) await file.chown(owner.uid, owner.gid)
      await file.writeFile(content)
      if (durable) await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  if (durable) await syncFolder(folder)
}

/** Removes the temporary files that killed processes left in a folder. For the only process that writes there. Never throws. */
export function removeTemporaries(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (TEMPORARY.test(name)) rmSync(join(folder, name), { force: true })
  } catch {
    // One that stays harms nothing, and the next start tries again.
  }
}

/** A name of its own length: that of the file may be as long as a name can be. */
function temporaryIn(folder: string): string {
  return join(folder, `.modosu-${randomBytes(12).toString('hex')}.tmp`)
}

function isRoot(): boolean {
  return process.geteuid?.() === 0
}

function syncFolderSync(folder: string): void {
  const file = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

async function syncFolder(folder: string): Promise<void> {
  const file = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
