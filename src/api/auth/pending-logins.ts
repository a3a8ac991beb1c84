/** Logins at the issuer that have begun here: each may come back once, to the browser that began it, for ten minutes. */

import { createHash, timingSafeEqual } from 'node:crypto'

import type { Clock } from '../../domain/clock.ts'

export const PENDING_MS = 600_000
/** A flood of beginnings must not fill the memory; the oldest is forgotten. */
const MOST = 1000

export interface PendingLogin {
  readonly nonce: string
  readonly codeVerifier: string
  /** A path of this origin. */
  readonly returnTo: string
  /** Who proves anew who they are before a restore; null: somebody logs in. */
  readonly reauthentication: { readonly user: string; readonly backupId: string } | null
  readonly startedMs: number
}

interface Kept extends PendingLogin {
  readonly browser: Buffer
}

export class PendingLogins {
  readonly #clock: Clock
  /** A restart forgets them: the person begins again. */
  readonly #kept = new Map<string, Kept>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param browserKey what only the browser has that began. */
  add(state: string, browserKey: string, login: Omit<PendingLogin, 'startedMs'>): void {
    this.#kept.set(hex(state), { ...login, browser: sha256(browserKey), startedMs: this.#clock.nowMs() })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest)
  }

  /** Takes it away, whatever comes of it. */
  take(state: string, browserKey: string): PendingLogin | undefined {
    const key = hex(state)
    const kept = this.#kept.get(key)
    this.#kept.delete(key)
    if (kept === undefined || !timingSafeEqual(kept.browser, sha256(browserKey))) return undefined
    return this.#clock.nowMs() - kept.startedMs < PENDING_MS ? kept : undefined
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function hex(text: string): string {
  return sha256(text).toString('hex')
}
