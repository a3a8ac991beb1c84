/** The application's own JSON Web Tokens (RFC 7519): one algorithm, one key, an end, and none from before a restore. */

import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'

import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  type KeyObject,
} from 'jose'

import type { Clock } from '../../domain/clock.ts'
import { messageOf, RestoreError } from '../../domain/errors.ts'
import type { StateReader } from '../../store/reader.ts'
import { Unauthorized, type Role } from '../caller.ts'
import type { ApplicationTokenSettings } from '../settings.ts'
import { boundedFetch } from './bounded-fetch.ts'
import type { RevokedTokens } from './revoked-tokens.ts'

const LEAST_SECRET_BYTES = 32
const LEAST_RSA_BITS = 2048
/** A secret of fewer different bytes was typed, not drawn. */
const LEAST_DIFFERENT_BYTES = 10
const CLOCK_TOLERANCE_SECONDS = 5
/** An iat further ahead is no time of issue. */
const FUTURE_MS = 60_000
const JWKS_TIMEOUT_MS = 3000

export interface ApplicationUser {
  readonly name: string
  /** As the application calls it. */
  readonly roleName: string
  readonly role: Role | null
  readonly issuedAtMs: number
}

export type Revocations = Pick<RevokedTokens, 'isRevoked'>

type Key = Uint8Array | KeyObject | JWTVerifyGetKey

export class ApplicationTokens {
  readonly #settings: ApplicationTokenSettings
  readonly #clock: Clock
  readonly #restores: LastRestores
  readonly #revoked: Revocations | null
  readonly #key: Key

  /**
   * @param revoked null: nobody can be asked which tokens the application has revoked.
   * @throws RestoreError `WeakKey`, `InvalidKey`.
   */
  constructor(
    settings: ApplicationTokenSettings,
    reader: Pick<StateReader, 'outcomesAfter'>,
    clock: Clock,
    revoked: Revocations | null = null,
  ) {
    this.#settings = settings
    this.#clock = clock
    this.#restores = new LastRestores(reader)
    this.#revoked = revoked
    this.#key = loadKey(settings)
  }

  get targets(): readonly string[] {
    return this.#settings.targets
  }

  /** @throws Unauthorized */
  async verify(token: string): Promise<ApplicationUser> {
    const { algorithm, issuer, audience, nameClaim, roleClaim, roles, targets } = this.#settings
    const nowMs = this.#clock.nowMs()
    const options = {
      algorithms: [algorithm],
      requiredClaims: ['exp', 'iat'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
      ...(issuer === null ? {} : { issuer }),
      ...(audience === null ? {} : { audience }),
    }
    const key = this.#key
    const { payload } = await (
      typeof key === 'function' ? jwtVerify(token, key, options) : jwtVerify(token, key, options)
    ).catch((error: unknown) => {
      if (isOfTheKeys(error)) throw keysUnreachable(error)
      throw new Unauthorized(true)
    })
    const issuedAtMs = (payload.iat ?? 0) * 1000
    const name = payload[nameClaim]
    if (issuedAtMs > nowMs + FUTURE_MS || !isName(name)) throw new Unauthorized(true)
    // The restored database has the old passwords, and has forgotten which tokens were revoked.
    if (targets.some((target) => issuedAtMs <= this.#restores.endOfLastMs(target))) {
      throw new Unauthorized(
        true,
        'the database was restored since the token was issued: log in to the application again',
      )
    }
    if (typeof payload.jti === 'string' && (await this.#isRevoked(payload.jti))) throw new Unauthorized(true)
    const roleName = typeof payload[roleClaim] === 'string' ? payload[roleClaim] : ''
    const role = Object.hasOwn(roles, roleName) ? (roles[roleName] ?? null) : null
    return { name, roleName, role, issuedAtMs }
  }

  async #isRevoked(token: string): Promise<boolean> {
    const { targets, revokedTable } = this.#settings
    if (revokedTable === null || this.#revoked === null) return false
    for (const target of targets) if (await this.#revoked.isRevoked(target, revokedTable, token)) return true
    return false
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 128 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value)
}

/** Late, not JSON, no set of keys, not 200, or whatever `fetch` says: the token may be right. */
const OF_THE_KEYS: readonly unknown[] = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']

function isOfTheKeys(error: unknown): error is Error {
  return (
    error instanceof Error && (error instanceof KeysNotFetched || ('code' in error && OF_THE_KEYS.includes(error.code)))
  )
}

class KeysNotFetched extends Error {}

async function fetchKeys(url: string, options: RequestInit): Promise<Response> {
  try {
    return await boundedFetch(url, options)
  } catch (error) {
    throw new KeysNotFetched(messageOf(error), { cause: error })
  }
}

function keysUnreachable(cause: Error): RestoreError {
  return new RestoreError('the keys of the application cannot be fetched', {
    reason: 'IdentityProviderUnavailable',
    hint: 'a user of Modosu itself can log in without them: modosu user add NAME --role admin',
    cause,
  })
}

function loadKey({ algorithm, key: { kind, from } }: ApplicationTokenSettings): Key {
  try {
    if (kind === 'jwks-url') return remoteSet(from)
    const bytes = readFileSync(from)
    if (kind === 'secret') return secretOf(bytes, from)
    if (kind === 'jwks-file') return localSet(bytes)
    return publicKeyOf(bytes, algorithm, from)
  } catch (error) {
    if (error instanceof RestoreError) throw error
    throw new RestoreError(`no usable key in ${from}: ${messageOf(error)}`, {
      reason: 'InvalidKey',
      hint: 'auth.jwt: secretFile holds the secret alone, publicKeyFile a PEM, jwksFile a JSON Web Key Set',
      cause: error,
    })
  }
}

/** A line end at the end of the file is the editor's. */
function secretOf(bytes: Buffer, from: string): Uint8Array {
  const secret = Buffer.from(bytes.toString('latin1').replace(/\r?\n$/, ''), 'latin1')
  if (secret.length < LEAST_SECRET_BYTES) {
    throw weak(`the secret in ${from} has ${secret.length * 8} bits, and ${LEAST_SECRET_BYTES * 8} is the least`)
  }
  if (new Set(secret).size < LEAST_DIFFERENT_BYTES) throw weak(`the secret in ${from} repeats itself`)
  return new Uint8Array(secret)
}

function publicKeyOf(bytes: Buffer, algorithm: string, from: string): KeyObject {
  const key = createPublicKey(bytes)
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (algorithm === 'RS256') {
    if (key.asymmetricKeyType !== 'rsa') throw new Error('RS256 takes an RSA key')
    if (modulusLength < LEAST_RSA_BITS)
      throw weak(`the key in ${from} has ${modulusLength} bits, and ${LEAST_RSA_BITS} is the least`)
  } else if (namedCurve !== 'prime256v1') throw new Error('ES256 takes a key on the curve P-256')
  return key
}

function remoteSet(from: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(from), { timeoutDuration: JWKS_TIMEOUT_MS, [customFetch]: fetchKeys })
}

function localSet(bytes: Buffer): JWTVerifyGetKey {
  const { keys } = JSON.parse(bytes.toString('utf8')) as JSONWebKeySet
  // Nothing but public keys: a secret in a set that is read by everybody is none.
  return createLocalJWKSet({ keys: keys.filter(({ kty }) => kty !== 'oct') })
}

function weak(message: string): RestoreError {
  return new RestoreError(message, {
    reason: 'WeakKey',
    hint: 'a secret that can be guessed lets anybody be the admin: openssl rand -base64 48',
  })
}

/** When the last restore of each target ended, read on from where the last look ended. */
class LastRestores {
  readonly #reader: Pick<StateReader, 'outcomesAfter'>
  readonly #ends = new Map<string, number>()
  #seen = 0

  constructor(reader: Pick<StateReader, 'outcomesAfter'>) {
    this.#reader = reader
  }

  /** In ms since 1970; -1 where there was none. */
  endOfLastMs(target: string): number {
    for (const { rowid, target: restored, mode, result, downtimeMs, at } of this.#reader.outcomesAfter(this.#seen)) {
      this.#seen = rowid
      // One that failed after it had stopped the application may have left the database changed.
      const changed =
        result === 'Succeeded' || result === 'RollbackFailed' || (result === 'Failed' && downtimeMs !== null)
      if (mode === 'Restore' && changed)
        this.#ends.set(restored, Math.max(Date.parse(at), this.#ends.get(restored) ?? 0))
    }
    return this.#ends.get(target) ?? -1
  }
}
