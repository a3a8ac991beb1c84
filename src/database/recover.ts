/** A copy of a database whose last writer died in a transaction: the copy is recovered, the original stays as it is. */

import { setTimeout as sleep } from 'node:timers/promises'
import { RestoreError } from '../domain/errors.ts'
import { codeOf } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import { copyRegularFile } from './copy.ts'
import { requireAlone, withExclusive } from './exclusive.ts'
import { fingerprint } from './fingerprint.ts'
import { modeOf } from './partial.ts'
import { removeIfPresent, sideFiles } from './place.ts'

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
 * @throws RestoreError `DatabaseInUse` when somebody keeps writing; SQLite's errors where it cannot recover the copy.
 */
export async function recoveredCopy(database: string, to: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await fingerprint({ database })
    if (!before.racy) {
      await copyTogether(database, to)
      if ((await fingerprint({ database })).text === before.text) {
        await withExclusive(to, TIMEOUT_MS, () => undefined)
        return requireAlone(to)
      }
    }
    await sleep(SETTLE_MS)
  }
  throw new RestoreError(`${database} needs recovery and is written to at the same time`, {
    reason: 'DatabaseInUse',
    disposition: 'retry',
    hint: `see who has it open: fuser -v ${shellWord(database)}`,
  })
}

async function copyTogether(database: string, to: string): Promise<void> {
  const mode = await modeOf(database)
  for (const path of [to, ...sideFiles(to)]) await removeIfPresent(path)
  // The side files first: a main file without its journal would look whole to whoever opened it.
  for (const suffix of ['-journal', '-wal', '']) {
    try {
      await copyRegularFile(`${database}${suffix}`, `${to}${suffix}`, mode)
    } catch (error) {
      if (suffix === '' || codeOf(error) !== 'ENOENT') throw error
    }
  }
}
