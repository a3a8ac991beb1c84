/** Puts a backup set beside the database and proves by checksum that what lies there now is what was recorded. */

import { open } from 'node:fs/promises'
import { codeOf, RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import { preserveAttributes, setOwnership } from './attributes.ts'
import type { FileHash, StageRequest, StageResult, WalFit } from './contract.ts'
import { copyRegularFile } from './copy.ts'
import { digest, syncAndDigest } from './digest.ts'
import { modeOf } from './partial.ts'
import { Pace } from './pace.ts'
import { discardStaged, removeIfPresent } from './place.ts'
import { withRegularFile } from './regular-file.ts'
import { judgeWal } from './wal-fit.ts'

const OWNER_ONLY = 0o600

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
  const finalMode = attributesOf === null ? (ownership?.mode ?? OWNER_ONLY) : await modeOf(attributesOf)
  const parts = [{ path: db, copy: staged, expected: request.expectedDb }]
  if (wal !== null) parts.push({ path: wal, copy: `${staged}-wal`, expected: request.expectedWal })
  let bytesCopied = 0
  for (const { path, copy } of parts) bytesCopied += await copyMember(path, copy, finalMode, pace)
  const hashes: FileHash[] = []
  for (const { path, copy, expected } of parts) {
    const sha256 = await withRegularFile(copy, (file) => syncAndDigest(file, pace))
    hashes.push({ path, sha256, expected })
  }
  for (const { path, expected } of request.others) {
    const { sha256 } = await namingTheMissing(path, () => digest(path, pace))
    hashes.push({ path, sha256, expected })
  }
  if (attributesOf !== null) await preserveAttributes(attributesOf, staged)
  else if (ownership !== null) await setOwnership(staged, ownership)
  const fit = wal === null ? null : await fitOfWal(staged)
  return { hashes, wal: fit, mismatches: hashes.filter(differs).map(({ path }) => path), bytesCopied }
}

/** SQLite takes an empty `-wal` beside a database in rollback mode for a sign of life, and never removes it. */
async function fitOfWal(staged: string): Promise<WalFit> {
  const wal = `${staged}-wal`
  const fit = await withRegularFile(staged, (main) => withRegularFile(wal, (file) => judgeWal(main, file)))
  if (fit.verdict === 'nothing') await removeIfPresent(wal)
  return fit
}

function differs({ sha256, expected }: FileHash): boolean {
  return expected !== null && expected.toLowerCase() !== sha256
}

/** Copies one file of the set and leaves the copy to its owner alone. Returns its size in bytes. */
async function copyMember(path: string, copy: string, finalMode: number, pace: Pace | null): Promise<number> {
  const { before, after } = await namingTheMissing(path, () => copyRegularFile(path, copy, finalMode, pace))
  const file = await open(copy, 'r')
  let sizeBytes: number
  try {
    await file.chmod(OWNER_ONLY)
    sizeBytes = (await file.stat()).size
  } finally {
    await file.close()
  }
  const unchanged = before.sizeBytes === after.sizeBytes && before.mtimeNs === after.mtimeNs
  if (unchanged && sizeBytes === before.sizeBytes) return sizeBytes
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
