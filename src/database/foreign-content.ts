/** What a file is that does not begin like a SQLite database, as far as its first bytes tell. */

const SIGNATURES: readonly (readonly [hex: string, name: string])[] = [
  ['1f8b', 'a gzip file'],
  ['28b52ffd', 'a Zstandard file'],
  ['fd377a585a00', 'an xz file'],
  ['425a68', 'a bzip2 file'],
  ['04224d18', 'an LZ4 file'],
  ['504b0304', 'a ZIP file'],
  ['377abcaf271c', 'a 7z file'],
  ['6167652d656e6372797074696f6e', 'an age-encrypted file'],
]

const SMALLEST_PAGE = 512
export const SAMPLE_BYTES = 4096

export function signatureOf(sample: Buffer): string | null {
  const found = SIGNATURES.find(([hex]) => sample.toString('hex', 0, hex.length / 2) === hex)
  if (found !== undefined) return found[1]
  return /^(PRAGMA|BEGIN|CREATE|INSERT|--)/i.test(sample.toString('latin1', 0, 16)) ? 'an SQL dump' : null
}

/**
 * Whether this may be a database that was encrypted page by page (SQLCipher, SEE): whole pages, and the first one
 * indistinguishable from noise. A file of noise looks the same.
 */
export function looksEncrypted(sample: Buffer, sizeBytes: number): boolean {
  return sample.length >= SAMPLE_BYTES && sizeBytes % SMALLEST_PAGE === 0 && isNoise(sample)
}

/** The header and what SQLCipher may leave plain of the first page (`cipher_plaintext_header_size`, a multiple of 16). */
const PLAIN_BYTES = 128

/**
 * Whether this may be a database that was encrypted behind a header that is left plain, as SQLCipher does for iOS. The first
 * page holds the schema, which is text: behind the header no database has noise there.
 */
export function looksEncryptedBehindHeader(sample: Buffer, pageSize: number, sizeBytes: number): boolean {
  const page = sample.subarray(PLAIN_BYTES, pageSize)
  return page.length >= SMALLEST_PAGE - PLAIN_BYTES && sizeBytes % pageSize === 0 && isNoise(page)
}

/**
 * Noise of n bytes has on average 255 / (2 n ln 2) bits a byte less than 8, and strays from that the more the fewer they are.
 * A page of a database, text or a program is far below.
 */
function isNoise(bytes: Buffer): boolean {
  const average = 8 - 255 / (2 * bytes.length * Math.LN2)
  return bitsPerByte(bytes) >= average - 0.1 - 80 / bytes.length
}

function bitsPerByte(sample: Buffer): number {
  const counts = new Map<number, number>()
  for (const byte of sample) counts.set(byte, (counts.get(byte) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / sample.length) * Math.log2(count / sample.length)
  return bits
}
