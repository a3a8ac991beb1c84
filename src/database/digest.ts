/** SHA-256 of a file, and the proof that it was one and the same file from the first byte to the last. */

import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { RestoreError } from '../domain/errors.ts'
import type { FileIdentity } from './contract.ts'
import type { Pace } from './pace.ts'
import { identityIn } from './place.ts'
import { withRegularFile } from './regular-file.ts'

/** Chunks of 64 KiB cost 1.7 times the time of these. */
const CHUNK_BYTES = 2 ** 20

export interface Digest {
  /** Lower-case hex. */
  readonly sha256: string
  readonly identity: FileIdentity
}

export async function identityOfOpen(file: FileHandle): Promise<FileIdentity> {
  return identityIn(await file.stat({ bigint: true }))
}

/** Hashes an open file from its first byte. Synchronous on purpose: one child, one core, no queue between reads. */
export function digestOpen(file: FileHandle): string {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let position = 0; ;) {
    const bytes = readSync(file.fd, chunk, 0, CHUNK_BYTES, position)
    if (bytes === 0) return hash.digest('hex')
    hash.update(bytes === CHUNK_BYTES ? chunk : chunk.subarray(0, bytes))
    position += bytes
  }
}

/** As `digestOpen`, held down to a rate. */
async function digestSlowly(file: FileHandle, pace: Pace): Promise<string> {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(chunk.subarray(0, bytesRead))
    position += bytesRead
    await pace.spent(bytesRead)
  }
}

/** Hashes while the disk writes. A failed fsync is an error even where the hash, read from memory, is right. */
export async function syncAndDigest(file: FileHandle, pace: Pace | null = null): Promise<string> {
  const hashing = (): Promise<string> => (pace === null ? Promise.resolve(digestOpen(file)) : digestSlowly(file, pace))
  const [, sha256] = await Promise.all([file.sync(), hashing()])
  return sha256
}

/**
 * Hashes a file.
 *
 * @throws RestoreError `FileChanged` when it was written to meanwhile; the system's error where it cannot be read.
 */
export async function digest(path: string, pace: Pace | null = null): Promise<Digest> {
  return withRegularFile(path, async (file) => {
    const before = await identityOfOpen(file)
    const sha256 = pace === null ? digestOpen(file) : await digestSlowly(file, pace)
    const after = await identityOfOpen(file)
    if (before.sizeBytes !== after.sizeBytes || before.mtimeNs !== after.mtimeNs) {
      throw new RestoreError(`${path} was written to while it was read`, {
        reason: 'FileChanged',
        disposition: 'retry',
      })
    }
    return { sha256, identity: after }
  })
}
