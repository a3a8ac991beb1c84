/** From a request's `source` to one backup set, whichever of its forms was used. */

import { basename } from 'node:path'

import type { Clock } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import type { RestoreStatus } from '../domain/resource.ts'
import type { BackupNote } from '../domain/work.ts'
import type { BackupSet } from '../catalog/contract.ts'
import { findBackup, latestCandidates, requireRestorable, resolveFile } from '../catalog/resolve.ts'
import { scanBackups } from '../catalog/scan.ts'
import { assertSettled } from '../catalog/settled.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'
import { resolveKept } from './kept.ts'
import { requireStillNewest, UNDOES } from './undo.ts'
import { identityOfSet, verifiedSets } from './verdicts.ts'

export interface ResolvedSource {
  readonly kind: BackupNote['kind']
  readonly set: BackupSet
  /** A checksum that the request itself states. */
  readonly stated: string | null
  /** What a person must know of the set before it is restored. */
  readonly warning?: string | null
  /** Newer sets that are known to be bad, the newest first. */
  readonly passedOver?: NonNullable<RestoreStatus['passedOver']>
}

/**
 * Finds the set; whether it can be restored is another question (`requireSound`).
 *
 * A set whose deletion has begun is no backup any more, whatever of it still lies there. Its record is looked for before
 * the disk is: what is recorded later was decided with this request in sight, and spares what this request needs.
 *
 * @throws RestoreError `BackupNotFound`, with the id as it was written.
 */
export async function resolveSource(context: PhaseContext): Promise<ResolvedSource> {
  const deletions = context.deps.reader.upkeep.deletions(context.target.name)
  const going = new Set(deletions.flatMap(({ files }) => files.map(({ name }) => name)))
  const resolved = await findSource(context, going)
  if (!isGoing(resolved.set, going)) return resolved
  throw new RestoreError(ERRORS.backupNotFound(resolved.set.id), {
    reason: 'BackupNotFound',
    hint: `retention is deleting it (modosu get audit); choose another: modosu get backups --target ${context.target.name}`,
  })
}

function isGoing({ db, wal, sqlGz }: BackupSet, going: ReadonlySet<string>): boolean {
  return [db, wal, sqlGz].some((path) => path !== null && going.has(basename(path)))
}

async function findSource(context: PhaseContext, going: ReadonlySet<string>): Promise<ResolvedSource> {
  const { request, target } = context
  const { source } = request.spec
  if (source.file !== undefined) {
    const set = await resolveFile(target, source.file.path, await catalogRows(context))
    return { kind: 'file', set, stated: source.file.sha256 ?? null }
  }
  if (source.safetyBackup !== undefined) {
    const { name } = source.safetyBackup
    const undoes = request.annotations[UNDOES]
    if (undoes !== undefined) requireStillNewest(context.deps.reader, target, undoes)
    return { kind: 'safetyBackup', ...(await resolveKept(context.deps.reader, target, name)) }
  }
  const listing = await scanBackups(target, await catalogRows(context))
  if (source.backupId !== undefined) {
    return { kind: 'backupId', set: findBackup(listing, source.backupId), stated: null }
  }
  const rejected = context.work.rejectedCandidates ?? []
  const candidates = latestCandidates(listing, source.latest ?? {}, context.deps.clock.nowMs()).filter(
    (set) => !isGoing(set, going),
  )
  const known = await verifiedSets(context.deps.reader, target.name, candidates)
  const isBad = ({ id }: BackupSet): boolean => rejected.includes(id) || known.get(id)?.passed === false
  const newest = candidates.find((set) => !isBad(set))
  if (newest === undefined)
    throw nothingLeft(
      target.name,
      candidates.filter(isBad).map(({ id }) => id),
    )
  const passedOver = candidates
    .slice(0, candidates.indexOf(newest))
    .map(({ id }) => ({ backupId: id, message: known.get(id)?.message ?? 'a check failed' }))
  return { kind: 'latest', set: newest, stated: null, passedOver }
}

function nothingLeft(target: string, rejected: readonly string[]): RestoreError {
  const hint = `modosu get backups --target ${target}; if none is left, see section 8.2 of the manual (SQL dump)`
  if (rejected.length === 0)
    return new RestoreError(ERRORS.backupNotFound('latest'), { reason: 'BackupNotFound', hint })
  return new RestoreError(`every candidate failed its checks: ${rejected.join(', ')}`, {
    reason: 'NoRestorableBackup',
    hint,
  })
}

/**
 * Proves that the set is complete and no longer being written, and notes which bytes are expected.
 *
 * @throws RestoreError with the manual's texts (section 8.1), the first problem first.
 */
export async function requireSound(
  { deps, signal }: { readonly deps: { readonly clock: Clock }; readonly signal: AbortSignal },
  resolved: ResolvedSource,
): Promise<BackupNote> {
  const { set, stated, kind } = resolved
  requireRestorable(set)
  await assertSettled(set, { waitMs: 1000, clock: deps.clock, signal })
  if (set.db === null) throw new RestoreError(`${set.id} has no database file`, { reason: 'BackupFileNotFound' })
  const members = [set.db, set.wal].filter((path) => path !== null)
  const recorded = set.checksums.filter((checksum) => members.includes(checksum.file))
  const others = set.checksums.filter((checksum) => !members.includes(checksum.file) && isHashedInPlace(checksum.file))
  return {
    id: set.id,
    kind,
    db: set.db,
    wal: set.wal,
    checksumFile: set.checksumFile,
    identity: await identityOfSet(set),
    ...(set.absorbed == null ? {} : { absorbed: set.absorbed }),
    expectedDb: stated ?? agreed(recorded, set.db),
    expectedWal: set.wal === null ? null : agreed(recorded, set.wal),
    others: others.map(({ file, sha256 }) => ({ path: file, expected: sha256 })),
    sizeBytes: set.sizeBytes,
    createdAtMs: set.createdAtMs,
  }
}

const OF_A_HEADER: ReadonlySet<string> = new Set(['DatabaseCorrupt', 'DatabaseEncrypted', 'NotADatabase'])

/**
 * Has the first page of the backup looked at, before anything is copied.
 *
 * @throws RestoreError what the header says, with a hint that fits a backup: no disk and no application of this machine is at fault.
 */
export async function requireReadableHeader(
  { deps, signal, target }: PhaseContext,
  { db, id }: Pick<BackupNote, 'db' | 'id'>,
): Promise<void> {
  try {
    await deps.database.readHeader(db, { deadlineMs: QUICK_MS, signal })
  } catch (error) {
    if (!(error instanceof RestoreError) || !OF_A_HEADER.has(error.reason)) throw error
    const key =
      error.reason === 'DatabaseEncrypted' ? ', or restore it with the application’s own means, which have its key' : ''
    throw new RestoreError(`the backup ${id} cannot be restored: ${error.message}`, {
      reason: error.reason,
      hint: `take the next older backup: modosu get backups --target ${target.name}${key}`,
      cause: error,
    })
  }
}

/** The `-shm` is never copied and the dump is no part of this restore: neither decides about it. */
function isHashedInPlace(file: string): boolean {
  return !file.endsWith('-shm') && !file.endsWith('.sql.gz')
}

/** The one recorded checksum of a file. Two records that contradict each other prove nothing, so they refuse the set. */
function agreed(recorded: BackupSet['checksums'], file: string): string | null {
  const values = new Set(recorded.filter((checksum) => checksum.file === file).map(({ sha256 }) => sha256))
  if (values.size > 1) {
    throw new RestoreError(`the recorded checksums of ${file} contradict each other`, {
      reason: 'ChecksumMismatch',
      hint: 'compare the .sha256 file with the catalog row, or choose another backup: modosu get backups',
    })
  }
  return [...values][0] ?? null
}

/** The application's own catalog, where it can still be read; a wrecked database has none to offer. */
async function catalogRows({ target, deps, log, signal }: PhaseContext) {
  if (target.backups.catalogTable === null) return []
  try {
    return await deps.database.catalogRows(target.database, target.backups.catalogTable, {
      deadlineMs: QUICK_MS,
      signal,
    })
  } catch (error) {
    log.debug('the application catalog cannot be read, the directory tree alone is used', { err: error })
    return []
  }
}
