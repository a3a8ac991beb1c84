/** Sessions of our own users: a random token that is stored as its hash, ends by itself, and with the password it was made by. */

import { createHash, randomBytes } from 'node:crypto'

import type { Clock } from '../../domain/clock.ts'
import type { Sessions } from '../../store/sessions.ts'
import type { AuthSettings } from '../settings.ts'
import type { UserDirectory } from './user-directory.ts'
import type { User } from './users-file.ts'

/** How exactly the last use is remembered: each write is synced to the disk. */
const USE_GRAIN_MS = 60_000
const TOKEN = /^mds_[A-Za-z0-9_-]{43}$/

export interface NewSession {
  readonly token: string
  readonly expiresAtMs: number
}

export class SessionTokens {
  readonly #sessions: Sessions
  readonly #users: UserDirectory
  readonly #settings: Pick<AuthSettings, 'sessionIdleMs' | 'sessionLifetimeMs'>
  readonly #clock: Clock

  constructor(
    sessions: Sessions,
    users: UserDirectory,
    settings: Pick<AuthSettings, 'sessionIdleMs' | 'sessionLifetimeMs'>,
    clock: Clock,
  ) {
    this.#sessions = sessions
    this.#users = users
    this.#settings = settings
    this.#clock = clock
  }

  begin(user: User): NewSession {
    const token = `mds_${randomBytes(32).toString('base64url')}`
    const createdMs = this.#clock.nowMs()
    const expiresMs = createdMs + this.#settings.sessionLifetimeMs
    this.#sessions.add({
      tokenHash: sha256(token),
      user: user.name,
      credential: sha256(user.password),
      createdMs,
      expiresMs,
    })
    return { token, expiresAtMs: expiresMs }
  }

  /** @returns undefined for a token that was never given, has ended, or whose user may not log in with that password now. */
  userOf(token: string): User | undefined {
    if (!TOKEN.test(token)) return undefined
    const session = this.#sessions.find(sha256(token))
    if (session === undefined) return undefined
    const nowMs = this.#clock.nowMs()
    const user = this.#users.find(session.user)
    const ended = nowMs >= session.expiresMs || nowMs - session.usedMs >= this.#settings.sessionIdleMs
    if (ended || user === undefined || sha256(user.password) !== session.credential) {
      this.#sessions.remove(session.tokenHash)
      return undefined
    }
    const grainMs = Math.min(USE_GRAIN_MS, this.#settings.sessionIdleMs / 2)
    if (nowMs - session.usedMs >= grainMs) this.#sessions.used(session.tokenHash, nowMs)
    return user
  }

  end(token: string): void {
    this.#sessions.remove(sha256(token))
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
