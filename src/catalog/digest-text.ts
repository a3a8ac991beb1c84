/** A checksum as people write it down: which algorithm it is of, by label and length, and its bytes where it is a SHA-256. */

export interface DigestText {
  /** As it is called: `SHA-256`, `MD5`; what cannot be any is said with its length. */
  readonly algorithm: string
  /** Lower-case hex; null where it is another algorithm's. */
  readonly sha256: string | null
}

const BY_BYTES: ReadonlyMap<number, string> = new Map([
  [16, 'MD5'],
  [20, 'SHA-1'],
  [28, 'SHA-224'],
  [32, 'SHA-256'],
  [48, 'SHA-384'],
  [64, 'SHA-512'],
])
const SHORTEST_HEX = 32

/** `sha256:HEX` of catalogs and registries, `sha256-BASE64` of subresource integrity. */
const LABELLED = /^([a-z][a-z0-9]*-?\d+)[:=-](?=[0-9a-z+/_=-]{22,}$)(.+)$/i
const IS_SHA_256 = /^sha-?(2-)?256$/i

/**
 * Reads one word as a checksum.
 *
 * @param label the algorithm that is named beside it.
 * @returns null for a word that is none.
 */
export function readDigest(word: string, label?: string): DigestText | null {
  const labelled = LABELLED.exec(word)
  const [, ownLabel, value = word] = labelled ?? []
  const name = label ?? ownLabel
  const bytes = bytesOf(value, ownLabel !== undefined)
  if (bytes === null) return hexLike(value) ? { algorithm: `something of ${value.length} digits`, sha256: null } : null
  if (name !== undefined && !IS_SHA_256.test(name)) return { algorithm: name.toUpperCase(), sha256: null }
  const algorithm = BY_BYTES.get(bytes.length) ?? `something of ${bytes.length} bytes`
  return { algorithm, sha256: algorithm === 'SHA-256' ? bytes.toString('hex') : null }
}

function bytesOf(value: string, isLabelled: boolean): Buffer | null {
  if (/^[0-9a-f]+$/i.test(value)) {
    return value.length % 2 === 0 && BY_BYTES.has(value.length / 2) ? Buffer.from(value, 'hex') : null
  }
  // Without its padding a word of 43 letters is no checksum, unless somebody says so.
  if (!/^[0-9a-z+/_-]{20,}={0,2}$/i.test(value) || !(value.endsWith('=') || isLabelled)) return null
  const bytes = Buffer.from(value, 'base64')
  return BY_BYTES.has(bytes.length) ? bytes : null
}

function hexLike(value: string): boolean {
  return value.length >= SHORTEST_HEX && /^[0-9a-f]+$/i.test(value)
}

/** Whether somewhere in a text there may be a checksum. */
export function holdsDigest(text: string): boolean {
  return /[0-9a-f]{32}/i.test(text) || /[0-9a-z+/]{22,}={1,2}(?![0-9a-z+/=])/i.test(text)
}
