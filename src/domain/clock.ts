/** Time as an argument: nothing of the program reads the clock by itself. */

export interface Clock {
  /** The present, in milliseconds since the epoch. The daemon's does not step: see steady-clock.ts. */
  nowMs(): number
  /** The system's clock, which stamps files and may step; left out, it is the same. */
  wallMs?(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }

/**
 * How long ago a file was stamped, by whichever clock makes it the younger: what was written a moment ago is not taken for old
 * because a clock was set in between. Negative for a stamp in the future.
 */
export function ageOfFileMs(clock: Clock, stampMs: number): number {
  return Math.min(clock.nowMs(), clock.wallMs?.() ?? Infinity) - stampMs
}

/** Two looks at both clocks, taken one after the other. */
const LOOK_APART_MS = 100
/** How fast the daemon's clock follows the system's (steady-clock.ts), and a little more. */
const FOLLOWED = 0.011

/** A look at both clocks, for `clockWentBack`. */
export interface ClockLook {
  readonly atMs: number
  /** How far the system's clock is ahead. */
  readonly aheadMs: number
}

export function lookAtClocks(clock: Clock): ClockLook {
  const atMs = clock.nowMs()
  return { atMs, aheadMs: (clock.wallMs?.() ?? atMs) - atMs }
}

/**
 * Whether the system's clock was set back since that look, as far as the two clocks show it. What is written from then on can
 * bear a time that something else has borne before: equal times no longer mean that nothing was written.
 */
export function clockWentBack(clock: Clock, before: ClockLook): boolean {
  const now = lookAtClocks(clock)
  return before.aheadMs - now.aheadMs > LOOK_APART_MS + FOLLOWED * Math.max(0, now.atMs - before.atMs)
}

/** Two machines that keep their clocks agree to a second; five minutes are what Kerberos allows. */
export const CLOCK_SKEW_MS = 300_000

/** Whether a stamp says what cannot have been yet: some clock was wrong when it was made. */
export function isFuture(atMs: number, nowMs: number): boolean {
  return atMs > nowMs + CLOCK_SKEW_MS
}

/** RFC 3339 in UTC with milliseconds, as Kubernetes' MicroTime reads it. */
export function toRfc3339(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

/** `YYYYMMDDHHMMSS` in UTC: the digits of a safety backup's name (manual 5.3; D19: names are UTC). */
export function compactTimestamp(timeMs: number): string {
  return new Date(timeMs).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
}

/** `YYYYMMDD_HHMMSS` in UTC: the suffix of a `.broken.` file (manual 7.2, step 5). */
export function brokenTimestamp(timeMs: number): string {
  const digits = compactTimestamp(timeMs)
  return `${digits.slice(0, 8)}_${digits.slice(8)}`
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * Reads a duration such as `500ms`, `60s`, `15m`, `1h` or `14d`.
 *
 * @returns milliseconds, or undefined where the text is not one.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]
}
