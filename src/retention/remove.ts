/**
 * Deletes the files of one set through its open folder: whatever becomes of the path meanwhile, a link put in its place
 * included, nothing outside the folder that was looked at can be reached.
 */

import { constants, lstatSync } from 'node:fs'
import { lstat, open, readlink, unlink, type FileHandle } from 'node:fs/promises'

import { codeOf, RestoreError } from '../domain/errors.ts'
import type { PrunableFile, PrunableSet, PrunePlan } from '../domain/retention.ts'

export interface Removal {
  readonly removed: readonly string[]
  /** Not there any more: deleted before a crash, or by somebody else. */
  readonly gone: readonly string[]
  /** Another file by now, or no regular one: not ours to delete. */
  readonly foreign: readonly string[]
}

/** Told after each file that is gone, with how many are. */
export type Progress = (count: number) => void

/**
 * Repeatable: what is gone already was wanted gone. When it returns, the folder is synced.
 *
 * @param folder a real path.
 * @throws RestoreError `FolderChanged`; the system's error, with some files gone, in their order.
 */
export async function removeFiles(folder: string, files: readonly PrunableFile[], told: Progress): Promise<Removal> {
  return inFolder(folder, async (handle) => {
    const removed: string[] = []
    const gone: string[] = []
    const foreign: string[] = []
    for (const file of files) {
      const path = `/proc/self/fd/${handle.fd}/${file.name}`
      const there = await look(path, file)
      if (there === 'foreign') foreign.push(file.name)
      else if (there === 'gone' || !(await removeOne(path))) gone.push(file.name)
      else {
        removed.push(file.name)
        told(removed.length)
      }
    }
    await handle.sync()
    return { removed, gone, foreign }
  })
}

/** Whether every file of the set is the one that was looked at, in the folder that was looked at. */
export async function isUnchanged(folder: string, files: readonly PrunableFile[]): Promise<boolean> {
  return inFolder(folder, async ({ fd }) => {
    for (const file of files) if ((await look(`/proc/self/fd/${fd}/${file.name}`, file)) !== 'same') return false
    return true
  })
}

/** The name of a set that the plan keeps in place of this one and that is no longer there, or null. */
export function lostKeeper(set: PrunableSet, { decisions }: PrunePlan): string | null {
  if (set.kind !== 'safety' && set.kind !== 'backups') return null
  for (const { set: kept, act, deletableAfterMs, pinnedBy } of decisions) {
    if (act !== 'keep' || (deletableAfterMs !== null && pinnedBy === null) || !kept.whole) continue
    if (kept.target !== set.target || kept.kind !== set.kind) continue
    const [main] = kept.files
    if (main !== undefined && lstatSync(`${kept.folder}/${main.name}`, { throwIfNoEntry: false }) === undefined) {
      return kept.name
    }
  }
  return null
}

async function inFolder<T>(folder: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    const real = await readlink(`/proc/self/fd/${handle.fd}`)
    if (real !== folder) {
      throw new RestoreError(`${folder} is another folder by now: ${real}`, {
        reason: 'FolderChanged',
        hint: 'look who moved it or put a link in its place; the next prune looks again',
      })
    }
    return await work(handle)
  } finally {
    await handle.close()
  }
}

async function look(path: string, file: PrunableFile): Promise<'same' | 'gone' | 'foreign'> {
  try {
    const found = await lstat(path, { bigint: true })
    if (!found.isFile() || Number(found.size) !== file.sizeBytes) return 'foreign'
    // Not the device: its number may be another one after a restart of the machine.
    const { ino, mtimeNs } = found
    return String(ino) === file.ino && String(mtimeNs) === file.mtimeNs ? 'same' : 'foreign'
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'gone'
    throw error
  }
}

async function removeOne(path: string): Promise<boolean> {
  try {
    await unlink(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}
