/** The files of a set as they lie on disk: regular files in a folder that is proven to lie in the backup directory (R155). */

import type { Stats } from 'node:fs'
import { lstat, readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import type { Target } from '../domain/target.ts'
import { MEMBER_SUFFIXES, memberName, splitMemberName, type MemberKind } from './file-name.ts'

/** What the catalog needs to know of a target. */
export type CatalogTarget = Pick<Target, 'name' | 'backups'> & Partial<Pick<Target, 'database'>>

export interface MemberFile {
  readonly path: string
  readonly sizeBytes: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  readonly ino: number
}

export type Members = Partial<Record<MemberKind, MemberFile>>

/** Something that has a member's name and is no file. */
export interface IrregularMember {
  readonly path: string
  /** As in `it is a symbolic link`. */
  readonly what: string
}

export interface SetFiles {
  readonly members: Members
  readonly irregular: readonly IrregularMember[]
}

interface FolderContent {
  /** By the base that the files share. */
  readonly sets: ReadonlyMap<string, SetFiles>
  /** Names without a member's suffix. */
  readonly ignored: readonly string[]
}

/**
 * A regular file, something else, or undefined where there is nothing. lstat: a symbolic link is something else, so that
 * a proven folder proves its files.
 */
export async function statMember(path: string): Promise<MemberFile | IrregularMember | undefined> {
  try {
    const stats = await lstat(path)
    return stats.isFile() ? memberOf(path, stats) : { path, what: nameOfKind(stats) }
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw unreadable(path, error)
  }
}

function memberOf(path: string, { size: sizeBytes, mtimeMs, ctimeMs, ino }: Stats): MemberFile {
  return { path, sizeBytes, mtimeMs, ctimeMs, ino }
}

function nameOfKind(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

/** The members of one set by the names that they must have. */
export async function readMembers(folder: string, base: string): Promise<SetFiles> {
  const members: Members = {}
  const irregular: IrregularMember[] = []
  for (const kind of MEMBER_SUFFIXES.keys()) {
    const file = await statMember(join(folder, memberName(base, kind)))
    if (file === undefined) continue
    if ('what' in file) irregular.push(file)
    else members[kind] = file
  }
  return { members, irregular }
}

/** Looked at side by side: each look waits for the disk, and a folder has thousands of files. */
const BATCH = 64

/** Every member in one folder. A file that goes away meanwhile is passed over: another program may be pruning. */
export async function readFolder(folder: string): Promise<FolderContent> {
  const sets = new Map<string, { members: Members; irregular: IrregularMember[] }>()
  const ignored: string[] = []
  const names = await readNames(folder)
  for (let start = 0; start < names.length; start += BATCH) {
    const looked = names.slice(start, start + BATCH).map(async (name) => {
      const split = splitMemberName(name)
      return { name, split, file: split === undefined ? undefined : await statMember(join(folder, name)) }
    })
    for (const { name, split, file } of await Promise.all(looked)) {
      if (split === undefined || file === undefined) {
        ignored.push(name)
        continue
      }
      const set = sets.get(split.base) ?? { members: {}, irregular: [] }
      if ('what' in file) set.irregular.push(file)
      else set.members[split.kind] = file
      sets.set(split.base, set)
    }
  }
  return { sets, ignored }
}

/**
 * The real path of the backup directory.
 *
 * @throws RestoreError `BackupDirectoryUnreadable`: an empty list would let a restore choose from what is not there.
 */
export async function realBackupRoot(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** The folder's real path, or undefined where it is missing, is no folder or leads out of `realRoot`. */
export async function provenFolder(realRoot: string, folder: string): Promise<string | undefined> {
  try {
    const real = await realpath(folder)
    const inside = real === realRoot || real.startsWith(realRoot === sep ? sep : `${realRoot}${sep}`)
    return inside && (await lstat(real)).isDirectory() ? real : undefined
  } catch (error) {
    if (isAbsent(error) || codeOf(error) === 'ELOOP') return undefined
    throw unreadable(folder, error)
  }
}

/** The file that a set cannot do without: its `.db`, or its dump where it has none. */
export function mainFile({ db, sqlGz }: Members): MemberFile | undefined {
  return db ?? sqlGz
}

/** Whether anything has this name, whatever it is and wherever it leads. */
export async function isPresent(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw unreadable(path, error)
  }
}

async function readNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    throw unreadable(folder, error)
  }
}

function isAbsent(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG'
}

function unreadable(path: string, error: unknown): RestoreError {
  return new RestoreError(`backup directory cannot be read: ${messageOf(error)}`, {
    reason: 'BackupDirectoryUnreadable',
    hint: `check that ${path} is mounted and that the daemon's user may read it`,
    cause: error,
  })
}
