/** A copy of a database whose last writer died in a transaction: the copy is recovered, the original stays as it is. */

import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import { ownershipOf } from './attributes.ts'
import { copyRegularFile } from './copy.ts'
import { requireAlone, withExclusive } from './exclusive.ts'
import { fingerprint } from './fingerprint.ts'
import { removeIfPresent, sideFiles } from './place.ts'
import { createFile } from './regular-file.ts'

const TRIES = 3
/** Longer than a time stamp is wide: after it, equal stamps mean that nothing was written. */
const SETTLE_MS = 60
const TIMEOUT_MS = 10_000

/**
 * Copies the main file with its journal or `-wal` and lets SQLite roll the copy back to the last commit.
 *
 * No lock can be held on files that are copied by the same process, so the copy counts only when nobody wrote meanwhile.
 *
 * @param to where nothing is; side files come and go beside it.
 * @returns the copy, open: it is closed only after SQLite has closed it, or SQLite would lose its locks.
 * @throws RestoreError `DatabaseInUse` when somebody keeps writing; SQLite's errors where it cannot recover the copy.
 */
export async function recoveredCopy(database: string, to: string): Promise<FileHandle> {
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await fingerprint({ database })
    const copy = before.racy ? null : await copyUnwritten(database, to, before.text)
    if (copy !== null) return copy
    await sleep(SETTLE_MS)
  }
  throw new RestoreError(`${database} needs recovery and is written to at the same time`, {
    reason: 'DatabaseInUse',
    disposition: 'retry',
    hint: `see who has it open: fuser -v ${shellWord(database)}`,
  })
}

/**
 * Copies the files as they lie there and has SQLite recover the copy.
 *
 * @param before the database's fingerprint, not racy.
 * @returns the copy, open; null where the database was written to meanwhile.
 */
export async function copyUnwritten(database: string, to: string, before: string): Promise<FileHandle | null> {
  const copy = await copyTogether(database, to)
  try {
    if ((await fingerprint({ database })).text === before) {
      await withExclusive(to, TIMEOUT_MS, () => undefined)
      await requireAlone(to)
      return copy
    }
  } catch (error) {
    await copy.close()
    throw error
  }
  await copy.close()
  return null
}

/** The side files first: a main file without its journal would look whole to whoever opened it. */
async function copyTogether(database: string, to: string): Promise<FileHandle> {
  const { mode } = await ownershipOf(database)
  for (const path of [to, ...sideFiles(to)]) await removeIfPresent(path)
  for (const suffix of ['-journal', '-wal']) {
    try {
      await (await copyOne(`${database}${suffix}`, `${to}${suffix}`, mode)).close()
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
  }
  return copyOne(database, to, mode)
}

async function copyOne(from: string, to: string, mode: number): Promise<FileHandle> {
  const file = await createFile(to)
  try {
    await copyRegularFile(from, file, mode)
    return file
  } catch (error) {
    await file.close()
    await removeIfPresent(to)
    throw error
  }
}
