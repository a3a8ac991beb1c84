/** The first hundred bytes of a database file, judged without SQLite (https://sqlite.org/fileformat2.html, 1.3). */

import type { FileHandle } from 'node:fs/promises'
import type { RestoreError } from '../domain/errors.ts'
import type { Inspection } from './contract.ts'
import { looksEncrypted, looksEncryptedBehindHeader, SAMPLE_BYTES, signatureOf } from './foreign-content.ts'
import { corrupt, encrypted, notADatabase } from './reasons.ts'
import { withRegularFile } from './regular-file.ts'

export type Header = Pick<Inspection, 'sizeBytes' | 'pageSize' | 'applicationId' | 'userVersion' | 'walMode'>

const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'
const WAL_VERSION = 2
const LAST_SCHEMA_FORMAT = 4

/**
 * Reads and judges a header. Opens the file, so it must not be open in SQLite in this process.
 *
 * @throws RestoreError `NotADatabase` where the file is empty, too short or something else, `DatabaseEncrypted` where it
 *   looks like noise, its header aside, `DatabaseCorrupt` where it says what no SQLite writes.
 */
export async function readHeader(path: string): Promise<Header> {
  return withRegularFile(path, async (file) => {
    const { size } = await file.stat()
    if (size === 0) throw notADatabase(path, 'the file is empty')
    const bytes = Buffer.alloc(HEADER_BYTES)
    const { bytesRead } = await file.read(bytes, 0, HEADER_BYTES, 0)
    if (bytesRead < HEADER_BYTES) throw notADatabase(path, `it has only ${bytesRead} bytes`)
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw await something(path, file, size)
    const pageSize = pageSizeOf(bytes.readUInt16BE(16))
    if (pageSize !== null && (await isBehindHeader(file, pageSize, size))) {
      throw encrypted(path, 'its header is plain and what follows it looks random')
    }
    const fault = versionFault(bytes)
    if (fault !== null) throw corrupt(path, fault)
    if (pageSize === null) throw notADatabase(path, 'its page size is impossible')
    return {
      sizeBytes: size,
      pageSize,
      applicationId: bytes.readInt32BE(68),
      userVersion: bytes.readInt32BE(60),
      walMode: bytes[19] === WAL_VERSION,
    }
  })
}

async function sampleOf(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0)
  return buffer.subarray(0, bytesRead)
}

async function isBehindHeader(file: FileHandle, pageSize: number, sizeBytes: number): Promise<boolean> {
  return looksEncryptedBehindHeader(await sampleOf(file), pageSize, sizeBytes)
}

async function something(path: string, file: FileHandle, sizeBytes: number): Promise<RestoreError> {
  const sample = await sampleOf(file)
  const name = signatureOf(sample)
  if (name !== null) return notADatabase(path, `it is ${name}`)
  return looksEncrypted(sample, sizeBytes) ? encrypted(path) : notADatabase(path, 'it does not begin like one')
}

/** SQLite opens such a file read-only, or not at all, and says that it lacks the right or that its statement is wrong. */
function versionFault(bytes: Buffer): string | null {
  const [write = 0, read = 0] = bytes.subarray(18, 20)
  if (write > WAL_VERSION || read > WAL_VERSION)
    return `its header asks for file format ${write}/${read}, known are 1 and 2`
  const schemaFormat = bytes.readUInt32BE(44)
  return schemaFormat > LAST_SCHEMA_FORMAT
    ? `its header asks for schema format ${schemaFormat}, known are 1 to 4`
    : null
}

/** A power of two from 512 to 32768, or 1 for 65536, which two bytes cannot hold. */
function pageSizeOf(written: number): number | null {
  if (written === 1) return 65_536
  const isPowerOfTwo = written >= 512 && (written & (written - 1)) === 0
  return isPowerOfTwo ? written : null
}
