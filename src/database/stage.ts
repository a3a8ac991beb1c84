/** Puts a backup set beside the database and proves by checksum that what lies there now is what was recorded. */

import type { FileHandle } from 'node:fs/promises'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import { ownershipOf, preserveAttributes, setOwnership } from './attributes.ts'
import type { FileHash, StageRequest, StageResult, WalFit } from './contract.ts'
import { copyRegularFile } from './copy.ts'
import { digest, identityOfOpen, syncAndDigest } from './digest.ts'
import { Pace } from './pace.ts'
import { discardStaged, removeIfPresent } from './place.ts'
import { createFile } from './regular-file.ts'
import { judgeWal } from './wal-fit.ts'

const OWNER_ONLY = 0o600

interface Copy {
  readonly path: string
  readonly expected: string | null
  /** Open from the making of the copy to its last attribute: its name is never trusted again. */
  readonly file: FileHandle
  readonly sizeBytes: number
}

/**
 * See `DatabaseOperations.stage`. Hashed are the bytes of the copy, read back. Dies the process at any line, there are
 * files under the staged name only, and the next attempt removes them first.
 *
 * @throws RestoreError `BackupFileNotFound`, `BackupInProgress` (written to while it was copied),
 *   `OwnershipNotPreserved`.
 */
export async function stage(request: StageRequest): Promise<StageResult> {
  const { db, wal, staged, attributesOf, ownership } = request
  const pace = request.bytesPerSecond == null ? null : new Pace(request.bytesPerSecond)
  await discardStaged(staged)
  const finalMode = attributesOf === null ? (ownership?.mode ?? OWNER_ONLY) : (await ownershipOf(attributesOf)).mode
  const copies: Copy[] = []
  try {
    const main = await copyMember({ path: db, to: staged, expected: request.expectedDb }, finalMode, pace)
    copies.push(main)
    if (wal !== null) {
      copies.push(await copyMember({ path: wal, to: `${staged}-wal`, expected: request.expectedWal }, finalMode, pace))
    }
    const hashes = [...(await hashCopies(copies, pace)), ...(await hashOthers(request.others, pace))]
    if (attributesOf !== null) await preserveAttributes(attributesOf, main.file, staged)
    else if (ownership !== null) await setOwnership(main.file, ownership, staged)
    return {
      hashes,
      wal: await fitOfWal(staged, copies),
      mismatches: hashes.filter(differs).map(({ path }) => path),
      bytesCopied: copies.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      identity: await identityOfOpen(main.file),
    }
  } finally {
    for (const { file } of copies) await file.close()
  }
}

async function hashCopies(copies: readonly Copy[], pace: Pace | null): Promise<FileHash[]> {
  const hashes: FileHash[] = []
  for (const { path, expected, file } of copies) {
    hashes.push({ path, sha256: await syncAndDigest(file, pace), expected })
  }
  return hashes
}

async function hashOthers(others: StageRequest['others'], pace: Pace | null): Promise<FileHash[]> {
  const hashes: FileHash[] = []
  for (const { path, expected } of others) {
    const { sha256 } = await namingTheMissing(path, () => digest(path, pace))
    hashes.push({ path, sha256, expected })
  }
  return hashes
}

/** SQLite takes an empty `-wal` beside a database in rollback mode for a sign of life, and never removes it. */
async function fitOfWal(staged: string, [main, wal]: readonly Copy[]): Promise<WalFit | null> {
  if (main === undefined || wal === undefined) return null
  const fit = await judgeWal(main.file, wal.file)
  if (fit.verdict === 'nothing') await removeIfPresent(`${staged}-wal`)
  return fit
}

function differs({ sha256, expected }: FileHash): boolean {
  return expected !== null && expected.toLowerCase() !== sha256
}

interface Member {
  readonly path: string
  readonly to: string
  readonly expected: string | null
}

/** Copies one file of the set and leaves the copy to its owner alone. */
async function copyMember({ path, to, expected }: Member, finalMode: number, pace: Pace | null): Promise<Copy> {
  const file = await createFile(to)
  try {
    const { before, after } = await namingTheMissing(path, () => copyRegularFile(path, file, finalMode, pace))
    const sizeBytes = (await file.stat()).size
    const unchanged = before.sizeBytes === after.sizeBytes && before.mtimeNs === after.mtimeNs
    if (unchanged && sizeBytes === before.sizeBytes) return { path, expected, file, sizeBytes }
  } catch (error) {
    await file.close()
    throw error
  }
  await file.close()
  throw new RestoreError(ERRORS.backupNotAvailable('in_progress'), {
    reason: 'BackupInProgress',
    disposition: 'retry',
    hint: `${path} is being written; wait until the backup has ended`,
  })
}

async function namingTheMissing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    throw new RestoreError(ERRORS.backupFileNotFound(path), {
      reason: 'BackupFileNotFound',
      hint: 'choose another backup: modosu get backups',
      cause: error,
    })
  }
}
