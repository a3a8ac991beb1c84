/**
 * The names and the moves of the swap: everything that is done to directory entries beside an operator's database, and
 * nothing that opens one. Each move is made durable before the next one may rely on it.
 */

import { constants, type BigIntStats } from 'node:fs'
import { lstat, link, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

import { codeOf } from '../domain/errors.ts'
import type { IdentityNote } from '../domain/work.ts'
import { birthOf } from './birth-time.ts'

/** What SQLite keeps beside a database (https://sqlite.org/tempfiles.html). */
export const SIDE_SUFFIXES = ['-wal', '-shm', '-journal'] as const

export function sideFiles(database: string): string[] {
  return SIDE_SUFFIXES.map((suffix) => `${database}${suffix}`)
}

/** The staging file: in the database's own directory, since another one can be another mount (EXDEV). */
export function stagedPath(database: string, request: string): string {
  return `${database}.modosu-${request}.new`
}

/** Where a file of the old database is set aside during the swap. */
export function displacedPath(file: string, request: string): string {
  return `${file}.modosu-${request}.old`
}

/** The staging file of a rollback from the safety backup. */
export function rollbackStagedPath(database: string, request: string): string {
  return `${database}.modosu-${request}.back`
}

/** A file of our own, and a second name of the database, by which a preflight finds out what the file system allows. */
export function probePaths(database: string, request: string): { readonly file: string; readonly link: string } {
  return { file: `${database}.modosu-${request}.probe`, link: `${database}.modosu-${request}.probe-link` }
}

export function lockPath(database: string): string {
  return `${database}.modosu-lock`
}

/** The identity of what stands at a path now, or null where nothing does. Links are not followed. */
export async function identityOf(path: string): Promise<IdentityNote | null> {
  try {
    return identityIn(await lstat(path, { bigint: true }))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

export function identityIn(stats: BigIntStats): IdentityNote {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats
  const birthNs = birthOf(stats)
  return {
    dev: String(dev),
    ino: String(ino),
    sizeBytes: Number(size),
    mtimeNs: String(mtimeNs),
    ctimeNs: String(ctimeNs),
    ...(birthNs === null ? {} : { birthNs: String(birthNs) }),
  }
}

/**
 * Whether two notes speak of one file, whatever its content. Of files in one directory only: the inode tells them apart,
 * and the device's number, which the next boot may give to another disk, must not make a note of before a power cut void.
 * A number is given out again once its file is gone; the time of birth tells the two apart where both notes have it.
 */
export function sameFile(one: IdentityNote | null, other: IdentityNote | null): boolean {
  if (one === null || other === null || one.ino !== other.ino) return false
  return one.birthNs === undefined || other.birthNs === undefined || one.birthNs === other.birthNs
}

/** Whether two notes are of one file beyond doubt: by a time of birth, not by the inode's number alone. */
export function surelySameFile(one: IdentityNote | null, other: IdentityNote | null): boolean {
  return sameFile(one, other) && one?.birthNs !== undefined && other?.birthNs !== undefined
}

/** Whether a file is the one noted and was not written since. */
export function unchanged(one: IdentityNote | null, other: IdentityNote | null): boolean {
  return sameFile(one, other) && one?.sizeBytes === other?.sizeBytes && one?.mtimeNs === other?.mtimeNs
}

/**
 * Whether a file is the one noted, and nothing at all was done to it since: the change time, which nobody can set, moves with
 * every write and every set time, but with every new name, mode and owner too.
 */
export function untouched(one: IdentityNote | null, other: IdentityNote | null): boolean {
  return unchanged(one, other) && one?.ctimeNs !== undefined && one.ctimeNs === other?.ctimeNs
}

/** Makes the directory entries of a path's folder durable. A failed fsync is never retried: the caller starts over. */
export async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Removes a file; one that is not there is what was wanted, on a file system that refuses every removal too (EROFS). */
export async function removeIfPresent(path: string): Promise<boolean> {
  try {
    await unlink(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || (await identityOf(path)) === null) return false
    throw error
  }
}

/** Gives a file a second name; done already is done. Rejects with EEXIST where another file has that name. */
export async function linkBeside(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && sameFile(await identityOf(from), await identityOf(to))) return
    throw error
  }
}

/** The commit of a swap: one rename, made durable. */
export async function renameInto(from: string, to: string): Promise<void> {
  await rename(from, to)
  await syncFolderOf(to)
}

/**
 * The commit where no database stood: a link, which never overwrites one that came into being meanwhile.
 *
 * @throws EEXIST where something stands at `to` that is not `from`.
 */
export async function linkInto(from: string, to: string): Promise<void> {
  await linkBeside(from, to)
  await syncFolderOf(to)
  await removeIfPresent(from)
  await syncFolderOf(to)
}

/**
 * A staging file and what SQLite may have left beside it.
 *
 * @param made the file that the caller once made there: where another one stands by now, all of it is left alone. null: unknown.
 */
export async function discardStaged(path: string, made: IdentityNote | null = null): Promise<void> {
  const found = await identityOf(path)
  if (found !== null && made !== null && !sameFile(found, made)) return
  let removed = false
  for (const file of [path, ...sideFiles(path)]) removed = (await removeIfPresent(file)) || removed
  if (removed) await syncFolderOf(path)
}

/** Removes the side files of a database that hold nothing: an empty `-wal` or `-journal`, and any `-shm`. */
export async function removeEmptySides(database: string): Promise<boolean> {
  let removed = false
  for (const side of sideFiles(database)) {
    const identity = await identityOf(side)
    if (identity === null || (identity.sizeBytes > 0 && !side.endsWith('-shm'))) continue
    removed = (await removeIfPresent(side)) || removed
  }
  return removed
}

/** Side files of a database that hold something: an empty `-wal` and any `-shm` mean nothing by themselves. */
export async function sideFilesWithContent(database: string): Promise<string[]> {
  const found: string[] = []
  for (const suffix of ['-wal', '-journal']) {
    const identity = await identityOf(`${database}${suffix}`)
    if (identity !== null && identity.sizeBytes > 0) found.push(`${database}${suffix}`)
  }
  return found
}
