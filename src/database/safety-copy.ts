/** The safety backup: everything committed to the present database, proven, before anything may replace it (manual 5). */

import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { RestoreError } from '../domain/errors.ts'
import { applyOwnership, ownershipOf } from './attributes.ts'
import { readSchema, withReader, type Connection } from './connection.ts'
import type { SafetyCopy } from './contract.ts'
import { backUpInto, type Destination } from './backup-destination.ts'
import { identityOfOpen, syncAndDigest } from './digest.ts'
import { requireAlone, withExclusive } from './exclusive.ts'
import { fingerprint } from './fingerprint.ts'
import { integrityOf, isSound, type Verdict } from './integrity.ts'
import { resolveLinks } from './links.ts'
import { partialPath, publish, removePartial, requireFree } from './partial.ts'
import { databaseError, inUse } from './reasons.ts'
import { recoveredCopy } from './recover.ts'
import { createFile } from './regular-file.ts'

/** How long somebody may lock the database before it counts as in use. */
const BUSY_MS = 10_000
const RETRY_MS = 50
const TIMEOUT_MS = 10_000

export interface SafetyCopyRequest {
  readonly database: string
  readonly to: string
}

/**
 * See `DatabaseOperations.safetyCopy`. Until the last step there is only a hidden partial file, which the next attempt
 * of that name removes; from then on the file is whole, durable and checked.
 */
export async function safetyCopy({ database: name, to }: SafetyCopyRequest): Promise<SafetyCopy> {
  const database = await resolveLinks(name)
  const partial = partialPath(to)
  await removePartial(to)
  await requireFree(to)
  const before = await fingerprint({ database })
  const copy = await copyContent(database, partial, withReader)
  try {
    const { unverifiable } = await proven(database, partial)
    await applyOwnership(copy, await ownershipOf(database))
    const sha256 = await syncAndDigest(copy)
    const identity = await identityOfOpen(copy)
    await publish(partial, to, identity)
    return { sha256, sizeBytes: identity.sizeBytes, fingerprint: before, unverifiable }
  } finally {
    await copy.close()
  }
}

/**
 * Copies what is committed.
 *
 * @param partial where nothing is.
 * @param read how the source is opened.
 * @returns the copy, open: what is done to it later is done to this very file, whatever bears its name by then.
 */
export async function copyContent(database: string, partial: string, read: typeof withReader): Promise<FileHandle> {
  // Made here, not by SQLite: nobody else may read it before it has its owner and mode.
  const copy = await createFile(partial)
  try {
    await backUp(database, { partial, copy }, read)
    return copy
  } catch (error) {
    await copy.close()
    if (databaseError(error, database).reason !== 'NeedsRecovery') throw error
    return recoveredCopy(database, partial)
  }
}

/** @throws RestoreError `DatabaseCorrupt` where the copy is not sound: SQLite copies damage without a word. */
export async function proven(database: string, partial: string): Promise<Verdict> {
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
async function backUp(database: string, destination: Destination, read: typeof withReader): Promise<void> {
  const expected = await read(database, async (source) => {
    readSchema(source)
    // A hot journal has a code of its own only when a statement meets it, not when the backup does.
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    const pageSize = Number(source.pragma('page_size', { simple: true }))
    return (await copyPages(source, database, destination)) * pageSize
  })
  const { size } = await destination.copy.stat()
  if (size !== expected) {
    throw new RestoreError(`the copy of ${database} has ${size} bytes instead of ${expected}`, {
      reason: 'IoError',
      disposition: 'retry',
    })
  }
}

/** A locked source copies no page, or not all of them: neither is taken for an answer. */
async function copyPages(source: Connection, database: string, destination: Destination): Promise<number> {
  const endMs = performance.now() + BUSY_MS
  for (;;) {
    const { totalPages, remainingPages } = await backUpInto(source, destination)
    if (totalPages > 0 && remainingPages === 0) return totalPages
    if (performance.now() > endMs) throw inUse(database, `it stayed locked for ${BUSY_MS / 1000} s`)
    await sleep(RETRY_MS)
  }
}
