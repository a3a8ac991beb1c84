/** How often something may be tried, counted in bounded memory. */

import { RestoreError } from '../domain/errors.ts'

/** The answer is 429 in the application's own words, with Retry-After. */
export class TooManyRequests extends RestoreError {
  readonly retryAfterSeconds: number

  /** @param waitMs until it may be tried again. */
  constructor(waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000))
    super(`too many requests; try again in ${seconds} s`, { reason: 'TooManyRequests', hint: 'wait, then try again' })
    this.retryAfterSeconds = seconds
  }
}

interface Count {
  readonly sinceMs: number
  failures: number
}

export interface FailureLimitOptions {
  readonly most: number
  readonly windowMs: number
  /** Keys that are counted at once; the oldest is forgotten. */
  readonly keys: number
}

/** Counts tries of each key in windows that begin with the first of them; those that succeeded are given back. */
export class FailureLimit {
  readonly #options: FailureLimitOptions
  readonly #counts = new Map<string, Count>()

  constructor(options: FailureLimitOptions) {
    this.#options = options
  }

  /** @throws TooManyRequests where the key has failed too often. */
  refuse(key: string, nowMs: number): void {
    const count = this.#current(key, nowMs)
    if (count === undefined || count.failures < this.#options.most) return
    throw new TooManyRequests(count.sinceMs + this.#options.windowMs - nowMs)
  }

  /** Counts a try before its outcome is known, so that many at once are no way around. */
  take(key: string, nowMs: number): void {
    const count = this.#current(key, nowMs)
    if (count !== undefined) {
      count.failures += 1
      return
    }
    this.#counts.delete(key)
    this.#counts.set(key, { sinceMs: nowMs, failures: 1 })
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > this.#options.keys && oldest !== undefined) this.#counts.delete(oldest)
  }

  #current(key: string, nowMs: number): Count | undefined {
    const count = this.#counts.get(key)
    if (count === undefined || nowMs - count.sinceMs >= this.#options.windowMs) return undefined
    return count
  }

  giveBack(key: string): void {
    const count = this.#counts.get(key)
    if (count !== undefined && count.failures > 0) count.failures -= 1
  }

  forget(key: string): void {
    this.#counts.delete(key)
  }
}
