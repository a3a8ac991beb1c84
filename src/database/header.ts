/** The first hundred bytes of a database file, judged without SQLite (https://sqlite.org/fileformat2.html, 1.3). */

import type { Inspection } from './contract.ts'
import { notADatabase } from './reasons.ts'
import { withRegularFile } from './regular-file.ts'

export type Header = Pick<Inspection, 'sizeBytes' | 'pageSize' | 'applicationId' | 'userVersion' | 'walMode'>

const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'
const WAL_VERSION = 2

/**
 * Reads and judges a header. Opens the file, so it must not be open in SQLite in this process.
 *
 * @throws RestoreError `NotADatabase` where the file is empty, too short or something else.
 */
export async function readHeader(path: string): Promise<Header> {
  return withRegularFile(path, async (file) => {
    const { size } = await file.stat()
    if (size === 0) throw notADatabase(path, 'the file is empty')
    const bytes = Buffer.alloc(HEADER_BYTES)
    const { bytesRead } = await file.read(bytes, 0, HEADER_BYTES, 0)
    if (bytesRead < HEADER_BYTES) throw notADatabase(path, `it has only ${bytesRead} bytes`)
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw notADatabase(path, 'it does not begin like one')
    const pageSize = pageSizeOf(bytes.readUInt16BE(16))
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

/** A power of two from 512 to 32768, or 1 for 65536, which two bytes cannot hold. */
function pageSizeOf(written: number): number | null {
  if (written === 1) return 65_536
  const isPowerOfTwo = written >= 512 && (written & (written - 1)) === 0
  return isPowerOfTwo ? written : null
}
