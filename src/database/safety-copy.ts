/** The safety backup: everything committed to the present database, proven, before anything may replace it (manual 5). */

import { lstat, open, realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { RestoreError } from '../domain/errors.ts'
import { applyOwnership, ownershipIn } from './attributes.ts'
import { withReader, type Connection } from './connection.ts'
import type { SafetyCopy } from './contract.ts'
import { syncAndDigest } from './digest.ts'
import { requireAlone, withExclusive } from './exclusive.ts'
import { fingerprint } from './fingerprint.ts'
import { integrityOf, isSound, type Verdict } from './integrity.ts'
import { partialPath, publish, removePartial, requireFree } from './partial.ts'
import { databaseError, inUse } from './reasons.ts'
import { recoveredCopy } from './recover.ts'
import { withRegularFile } from './regular-file.ts'

/** How long somebody may lock the database before it counts as in use. */
const BUSY_MS = 10_000
const RETRY_MS = 50
const TIMEOUT_MS = 10_000
const ALL_PAGES = 0x7fffffff

export interface SafetyCopyRequest {
  readonly database: string
  readonly to: string
}

/**
 * See `DatabaseOperations.safetyCopy`. Until the last step there is only a hidden partial file, which the next attempt
 * of that name removes; from then on the file is whole, durable and checked.
 */
export async function safetyCopy({ database: name, to }: SafetyCopyRequest): Promise<SafetyCopy> {
  const database = await realpath(name)
  const partial = partialPath(to)
  await removePartial(to)
  await requireFree(to)
  const before = await fingerprint({ database })
  await copyContent(database, partial)
  const { unverifiable } = await proven(database, partial)
  const ownership = ownershipIn(await lstat(database))
  const sealed = await withRegularFile(partial, async (file) => {
    await applyOwnership(file, ownership)
    return { sha256: await syncAndDigest(file), sizeBytes: (await file.stat()).size }
  })
  await publish(partial, to)
  return { ...sealed, fingerprint: before, unverifiable }
}

async function copyContent(database: string, partial: string): Promise<void> {
  try {
    await backUp(database, partial)
  } catch (error) {
    if (databaseError(error, database).reason !== 'NeedsRecovery') throw error
    await recoveredCopy(database, partial)
  }
}

/** @throws RestoreError `DatabaseCorrupt` where the copy is not sound: SQLite copies damage without a word. */
async function proven(database: string, partial: string): Promise<Verdict> {
  const verdict = await withExclusive(partial, TIMEOUT_MS, integrityOf)
  await requireAlone(partial)
  if (isSound(verdict) || verdict.unverifiable !== null) return verdict
  throw new RestoreError(`${database} is damaged: ${verdict.integrity.join('; ')}`, {
    reason: 'DatabaseCorrupt',
    hint: 'its files can be kept as they are; the disk may be failing: dmesg',
  })
}

/**
 * One step, so that a steady writer cannot make it begin again and again: the pages come from one read transaction.
 *
 * @throws RestoreError `DatabaseInUse` when no lock is to be had; `IoError` when less arrived than was announced.
 */
async function backUp(database: string, partial: string): Promise<void> {
  // Made here, not by SQLite: nobody else may read it before it has its owner and mode.
  await (await open(partial, 'wx', 0o600)).close()
  const expected = await withReader(database, async (source) => {
    // A hot journal has a code of its own only when a statement meets it, not when the backup does.
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    const pageSize = Number(source.pragma('page_size', { simple: true }))
    return (await copyPages(source, database, partial)) * pageSize
  })
  const { size } = await lstat(partial)
  if (size !== expected) {
    throw new RestoreError(`the copy of ${database} has ${size} bytes instead of ${expected}`, {
      reason: 'IoError',
      disposition: 'retry',
    })
  }
}

/**
 * A locked source makes better-sqlite3's `backup` resolve with no pages copied, or try again for ever: neither is taken
 * for an answer.
 */
async function copyPages(source: Connection, database: string, partial: string): Promise<number> {
  const endMs = performance.now() + BUSY_MS
  const locked = (): RestoreError => inUse(database, `it stayed locked for ${BUSY_MS / 1000} s`)
  for (;;) {
    let steps = 0
    const { totalPages } = await source.backup(partial, {
      progress: () => {
        if (steps++ > 0 && performance.now() > endMs) throw locked()
        return ALL_PAGES
      },
    })
    if (totalPages > 0) return totalPages
    if (performance.now() > endMs) throw locked()
    await sleep(RETRY_MS)
  }
}
