/** Tells a finished backup from one that is still being written (R158). */

import { lstat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ageOfFileMs, type Clock } from '../domain/clock.ts'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import type { BackupSet } from './contract.ts'

/** A set that nothing has written to for this long is taken as finished at once. */
const QUIET_MS = 10_000

interface SettleOptions {
  /** Between the two looks. */
  readonly waitMs: number
  /** Given, a set left alone for ten seconds is not waited for. */
  readonly clock?: Clock
  readonly signal?: AbortSignal
}

interface Look {
  readonly text: string
  /** When any of the files was last changed; the change time, which no writer can set. */
  readonly changedMs: number
}

/**
 * Looks at the set's files twice and lets it pass when nothing has changed, neither between the looks nor since the set
 * was scanned.
 *
 * @throws RestoreError `BackupInProgress`; `Interrupted` where the signal is raised
 */
export async function assertSettled(set: BackupSet, options: SettleOptions): Promise<void> {
  const paths = pathsOf(set)
  const first = await look(paths)
  const appeared = set.db !== null && set.wal === null && (await exists(`${set.db}-wal`))
  if (appeared) throw inProgress()
  const { clock } = options
  if (clock !== undefined && ageOfFileMs(clock, first.changedMs) >= QUIET_MS) return
  try {
    await sleep(options.waitMs, undefined, { signal: options.signal })
  } catch (error) {
    throw new RestoreError('interrupted while waiting for the backup to settle', {
      reason: 'Interrupted',
      cause: error,
    })
  }
  if ((await look(paths)).text !== first.text) throw inProgress()
}

/**
 * For how long, in milliseconds, nothing has been written to the set's files.
 *
 * @returns null where one of them has gone.
 */
export async function quietForMs(set: BackupSet, clock: Clock): Promise<number | null> {
  try {
    return ageOfFileMs(clock, (await look(pathsOf(set))).changedMs)
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'BackupInProgress') return null
    throw error
  }
}

function inProgress(): RestoreError {
  return new RestoreError(ERRORS.backupNotAvailable('in_progress'), {
    reason: 'BackupInProgress',
    hint: 'its files are still being written: wait until the backup has finished and ask again',
  })
}

function pathsOf(set: BackupSet): string[] {
  return [set.db, set.wal, set.sqlGz, set.checksumFile].filter((path) => path !== null)
}

async function look(paths: readonly string[]): Promise<Look> {
  const parts: string[] = []
  let changedMs = 0
  for (const path of paths) {
    try {
      const { ino, size, mtimeNs, ctimeMs } = await lstat(path, { bigint: true })
      parts.push(`${ino}:${size}:${mtimeNs}`)
      changedMs = Math.max(changedMs, Number(ctimeMs))
    } catch (error) {
      // gone since the scan: a backup that is being replaced
      if (codeOf(error) === 'ENOENT') throw inProgress()
      throw error
    }
  }
  return { text: parts.join(' '), changedMs }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).size > 0
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}
