/** Passwords as scrypt hashes (RFC 7914) with the parameters that OWASP asks for, written as PHC strings. */

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

import { TooManyRequests } from '../limits.ts'

const LN = 17
const R = 8
const P = 1
const SALT_BYTES = 16
const HASH_BYTES = 32
/** scrypt takes 128 * N * r bytes, 128 MiB, and a little more. */
const MEMORY_BYTES = 128 * 2 ** LN * R + 8 * 1024 * 1024
/** One hash takes a processor and 128 MiB for a third of a second: one at a time, and no longer queue than people wait. */
const LONGEST_QUEUE = 8
const RETRY_MS = 3000

export const SHORTEST_PASSWORD = 10
export const LONGEST_PASSWORD = 1024

const PHC = /^\$scrypt\$ln=17,r=8,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

/** What `modosu user` writes; nothing weaker is read. */
export const PASSWORD_HASH_PATTERN = PHC.source

/** @param password any text; two ways to type the same characters are the same password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt)
  return `$scrypt$ln=${LN},r=${R},p=${P}$${unpadded(salt)}$${unpadded(hash)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: 2 ** LN, r: R, p: P, maxmem: MEMORY_BYTES }
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })
}

/** Checks passwords one after the other, in bounded memory, whoever asks how often. */
export class PasswordChecker {
  /** Of nobody: a user who does not exist takes as long as one who does. */
  readonly #nobody = { salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) }
  #waiting = 0
  #turn: Promise<unknown> = Promise.resolve()

  /**
   * @param hash the PHC string of the user; null where there is no such user.
   * @throws TooManyRequests where too many wait already.
   */
  async matches(password: string, hash: string | null): Promise<boolean> {
    if (this.#waiting >= LONGEST_QUEUE) throw new TooManyRequests(RETRY_MS)
    const stored = hash === null ? null : parse(hash)
    const { salt, hash: expected } = stored ?? this.#nobody
    this.#waiting += 1
    const result = this.#turn.then(() => derive(password, salt))
    this.#turn = result.catch(() => undefined)
    try {
      const same = timingSafeEqual(await result, expected)
      return same && stored !== null
    } finally {
      this.#waiting -= 1
    }
  }
}

function parse(text: string): { readonly salt: Buffer; readonly hash: Buffer } | null {
  const match = PHC.exec(text)
  if (match === null) return null
  return { salt: Buffer.from(match[1] ?? '', 'base64'), hash: Buffer.from(match[2] ?? '', 'base64') }
}
