/** Logins at the issuer that have begun here: each may come back once, to the browser that began it, for ten minutes. */

import { createHash, timingSafeEqual } from 'node:crypto'

import type { Clock } from '../../domain/clock.ts'
import { networkOf } from '../../domain/network.ts'

export const PENDING_MS = 600_000
/** A flood of beginnings must not fill the memory, nor push out those of others. */
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
  readonly network: string
}

export class PendingLogins {
  readonly #clock: Clock
  /** A restart forgets them: the person begins again. */
  readonly #kept = new Map<string, Kept>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Anybody may begin without a credential. Where there are too many, the oldest of the address with the most is forgotten.
   *
   * @param browserKey what only the browser has that began.
   * @param address where that browser is.
   */
  add(state: string, browserKey: string, address: string, login: Omit<PendingLogin, 'startedMs'>): void {
    const [browser, network] = [sha256(browserKey), networkOf(address)]
    this.#kept.set(hex(state), { ...login, browser, network, startedMs: this.#clock.nowMs() })
    if (this.#kept.size > MOST) this.#makeRoom()
  }

  #makeRoom(): void {
    const counts = new Map<string, number>()
    for (const { network } of this.#kept.values()) counts.set(network, (counts.get(network) ?? 0) + 1)
    const most = Math.max(...counts.values())
    const [oldest] = Array.from(this.#kept).find(([, { network }]) => counts.get(network) === most) ?? []
    if (oldest !== undefined) this.#kept.delete(oldest)
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
