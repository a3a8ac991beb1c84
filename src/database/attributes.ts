/** Owner, mode, ACL and extended attributes: what a restore must leave as it was (manual 7.2, step 7; Q3). */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { FileHandle } from 'node:fs/promises'
import { codeOf, RestoreError } from '../domain/errors.ts'
import type { FileOwnership } from './contract.ts'
import { withRegularFile } from './regular-file.ts'

export function ownershipIn({ uid, gid, mode }: { uid: number; gid: number; mode: number }): FileOwnership {
  return { uid, gid, mode: mode & 0o7777 }
}

/**
 * Gives an open file the attributes of another.
 *
 * @param name of the file, for the message.
 * @throws RestoreError `OwnershipNotPreserved` when owner, group or mode differ afterwards.
 */
export async function preserveAttributes(of: string, file: FileHandle, name: string): Promise<void> {
  await withRegularFile(of, async (model) => {
    const wanted = ownershipIn(await model.stat())
    if (!(await copyAttributes(model, file))) await applyOwnership(file, wanted)
    await requireOwnership(file, wanted, name)
  })
}

/** Gives an open file an owner and a mode. @throws RestoreError `OwnershipNotPreserved`. */
export async function setOwnership(file: FileHandle, wanted: FileOwnership, name: string): Promise<void> {
  await applyOwnership(file, wanted)
  await requireOwnership(file, wanted, name)
}

/** Owner and mode of a file that may be another one a moment later: of the one that was opened. */
export async function ownershipOf(path: string): Promise<FileOwnership> {
  return withRegularFile(path, async (file) => ownershipIn(await file.stat()))
}

/** Owner first: chown(2) clears the set-id bits. A daemon that may not give files away keeps the file, with that mode. */
export async function applyOwnership(file: FileHandle, { uid, gid, mode }: FileOwnership): Promise<void> {
  try {
    await file.chown(uid, gid)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error
  }
  await file.chmod(mode)
}

/**
 * ACLs and extended attributes have no call in Node; coreutils knows all that the system has. By descriptor: in a
 * directory that is not ours, a name may lead elsewhere by now. False where it is missing or cannot.
 */
async function copyAttributes(model: FileHandle, file: FileHandle): Promise<boolean> {
  const preserve = ['--attributes-only', '--preserve=all', '--no-preserve=timestamps', '--']
  const child = spawn('cp', [...preserve, '/dev/fd/3', '/dev/fd/4'], {
    stdio: ['ignore', 'ignore', 'ignore', model.fd, file.fd],
  })
  try {
    const [status] = (await once(child, 'exit')) as [number | null]
    return status === 0
  } catch {
    return false
  }
}

async function requireOwnership(file: FileHandle, wanted: FileOwnership, path: string): Promise<void> {
  const found = ownershipIn(await file.stat())
  if (found.uid === wanted.uid && found.gid === wanted.gid && found.mode === wanted.mode) return
  const show = ({ uid, gid, mode }: FileOwnership): string => `${uid}:${gid} ${mode.toString(8)}`
  throw new RestoreError(`${path} cannot be given the owner and mode ${show(wanted)}: it has ${show(found)}`, {
    reason: 'OwnershipNotPreserved',
    hint: 'run the daemon as the owner of the database, or with CAP_CHOWN and CAP_FOWNER',
  })
}
