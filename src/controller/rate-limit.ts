/** The rate limit of the manual's Q6: three restores an hour, counted from what the state store remembers. */

import { CLOCK_SKEW_MS } from '../domain/clock.ts'
import type { Target } from '../domain/target.ts'
import type { StateReader } from '../store/reader.ts'

export interface RateVerdict {
  readonly remaining: number
  /** When the next restore may run, in milliseconds since the epoch; null where it may now. */
  readonly allowedAtMs: number | null
}

/** A sliding window: a restore counts until exactly `windowMs` after it interrupted the target. */
export function rateVerdict(reader: StateReader, target: Target, nowMs: number): RateVerdict {
  const { restores, windowMs } = target.rateLimit
  const recent = reader.interruptions(target.name, nowMs - windowMs + 1, nowMs + CLOCK_SKEW_MS)
  const remaining = Math.max(0, restores - recent.length)
  if (remaining > 0) return { remaining, allowedAtMs: null }
  const blocking = recent[recent.length - restores] ?? nowMs
  return { remaining: 0, allowedAtMs: blocking + windowMs }
}
