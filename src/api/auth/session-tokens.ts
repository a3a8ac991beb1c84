/** Sessions: a random token that is stored as its hash, ends by itself, and with the password or the issuer it was made by. */

import { createHash, randomBytes } from 'node:crypto'

import type { Clock } from '../../domain/clock.ts'
import type { SessionRecord, Sessions } from '../../store/sessions.ts'
import type { AuthSettings } from '../settings.ts'
import { idOf, type Identity } from './identity.ts'
import type { UserDirectory } from './user-directory.ts'
import type { User } from './users-file.ts'

/** How exactly the last use is remembered: each write is synced to the disk. */
const USE_GRAIN_MS = 60_000
const TOKEN = /^mds_[A-Za-z0-9_-]{43}$/

export interface NewSession {
  readonly token: string
  readonly expiresAtMs: number
}

type Times = Pick<AuthSettings, 'sessionIdleMs' | 'sessionLifetimeMs'>

export type SessionOwner = { readonly user: User } | { readonly identity: Identity }

export interface SessionTokensOptions {
  readonly sessions: Sessions
  readonly users: UserDirectory
  readonly clock: Clock
  /** Asked at each use: a reload may change them. */
  readonly settings: () => Times & Pick<AuthSettings, 'openidConnect'>
}

export class SessionTokens {
  readonly #options: SessionTokensOptions

  constructor(options: SessionTokensOptions) {
    this.#options = options
  }

  begin(user: User): NewSession {
    return this.#begin(user.name, sha256(user.password), null)
  }

  /** For somebody who has logged in at the issuer just now. */
  beginFor(identity: Identity): NewSession {
    return this.#begin(idOf(identity), this.#issuerCredential() ?? '', JSON.stringify(identity))
  }

  #begin(user: string, credential: string, identity: string | null): NewSession {
    const { sessions, clock, settings } = this.#options
    const token = `mds_${randomBytes(32).toString('base64url')}`
    const createdMs = clock.nowMs()
    const expiresMs = createdMs + settings().sessionLifetimeMs
    sessions.add({ tokenHash: sha256(token), user, credential, identity, createdMs, expiresMs })
    return { token, expiresAtMs: expiresMs }
  }

  /**
   * @returns undefined for a token that was never given, has ended, whose user may not log in with that password now, or whose
   *   issuer is not the configured one any more.
   */
  ownerOf(token: string): SessionOwner | undefined {
    if (!TOKEN.test(token)) return undefined
    const { sessions, clock, settings } = this.#options
    const session = sessions.find(sha256(token))
    if (session === undefined) return undefined
    const nowMs = clock.nowMs()
    const { sessionIdleMs } = settings()
    const ended = nowMs >= session.expiresMs || nowMs - session.usedMs >= sessionIdleMs
    const owner = ended ? undefined : this.#owner(session)
    if (owner === undefined) {
      sessions.remove(session.tokenHash)
      return undefined
    }
    const grainMs = Math.min(USE_GRAIN_MS, sessionIdleMs / 2)
    if (nowMs - session.usedMs >= grainMs) sessions.used(session.tokenHash, nowMs)
    return owner
  }

  #owner({ user: name, credential, identity }: SessionRecord): SessionOwner | undefined {
    if (identity !== null) {
      return credential === this.#issuerCredential() ? { identity: JSON.parse(identity) as Identity } : undefined
    }
    const user = this.#options.users.find(name)
    return user !== undefined && sha256(user.password) === credential ? { user } : undefined
  }

  #issuerCredential(): string | null {
    const { openidConnect } = this.#options.settings()
    return openidConnect === null ? null : sha256(`${openidConnect.issuer}\0${openidConnect.clientId}`)
  }

  end(token: string): void {
    this.#options.sessions.remove(sha256(token))
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
