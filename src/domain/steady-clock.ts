/**
 * A clock that does not step. Between two looks time has passed by as much as the machine has been up longer, whatever the
 * system's clock says; what the clock says beyond that is followed in small steps, or not believed until something vouches for
 * it. Pure: the readings come in.
 */

import { CLOCK_SKEW_MS } from './clock.ts'

const HOUR_MS = 3_600_000
/** A weekend switched off, or a machine that was paused: the most that is taken for time gone by without anybody vouching for it. */
const ABSENCE_MS = 72 * HOUR_MS
/** A step of no more than that is followed when the clock has kept to it for so long. */
const STANDS_MS = HOUR_MS
/** A small deviation is made up for by a hundredth of the time that passes, so that nothing measured is off by more. */
const SLEW = 0.01

export interface ClockReading {
  /** What the system's clock says, in milliseconds since the epoch. */
  readonly wallMs: number
  /** How long the machine is up, time asleep included. */
  readonly uptimeMs: number
  /** Another one after each boot. */
  readonly bootId: string
}

/** What is kept from one run of the daemon to the next. */
export interface ClockAnchor {
  readonly bootId: string
  readonly uptimeMs: number
  /** What was taken for the time then. */
  readonly timeMs: number
  /** Why that may be wrong; null: it is vouched for. */
  readonly doubt: string | null
}

export class SteadyClock {
  #timeMs: number
  #last: ClockReading
  /** Why the time itself may be wrong, though the clock keeps to it. */
  #doubt: string | null = null
  /** The time is but a lower bound: the clock lies before what the last run has seen. */
  #bound = false
  /** Since when the system's clock keeps to another time; null: it does not. */
  #stepped: { readonly deviationMs: number; readonly sinceUptimeMs: number } | null = null

  /** @param anchor of the last run; null: there was none, and the clock is all that is known. */
  constructor(first: ClockReading, anchor: ClockAnchor | null) {
    this.#last = first
    this.#timeMs = first.wallMs
    if (anchor === null) return
    const sameBoot = anchor.bootId === first.bootId && first.uptimeMs >= anchor.uptimeMs
    this.#doubt = anchor.doubt
    this.#timeMs = anchor.timeMs + first.uptimeMs - (sameBoot ? anchor.uptimeMs : 0)
    if (sameBoot && anchor.doubt !== BEFORE_LAST_RUN) this.#keepTo(first)
    else this.#afterAbsence(first)
  }

  /** Takes a reading in. @returns the time, in milliseconds since the epoch; never earlier by a step of the system's clock. */
  read(reading: ClockReading): number {
    const elapsedMs = Math.max(0, reading.uptimeMs - this.#last.uptimeMs)
    this.#last = reading
    this.#timeMs += elapsedMs
    const deviationMs = reading.wallMs - this.#timeMs
    if (this.#bound) this.#afterAbsence(reading)
    else if (Math.abs(deviationMs) <= CLOCK_SKEW_MS) {
      this.#stepped = null
      this.#timeMs += Math.sign(deviationMs) * Math.min(Math.abs(deviationMs), elapsedMs * SLEW)
    } else this.#keepTo(reading)
    return this.#timeMs
  }

  /** Why nothing may be deleted by its age now; null: the clock is what the machine's uptime and the last run make of it. */
  doubt(): string | null {
    if (this.#bound) return BEFORE_LAST_RUN
    const deviationMs = this.#last.wallMs - this.#timeMs
    if (Math.abs(deviationMs) <= CLOCK_SKEW_MS) return this.#doubt
    const way = deviationMs > 0 ? 'ahead of' : 'behind'
    return `the system clock is ${inWords(deviationMs)} ${way} the time that has passed`
  }

  /** How far the system's clock is from the time that is believed, in milliseconds. */
  deviationMs(): number {
    return this.#last.wallMs - this.#timeMs
  }

  /** A person, or a time server, vouches for the system's clock. */
  trust(reading: ClockReading): void {
    this.#last = reading
    this.#timeMs = reading.wallMs
    this.#doubt = null
    this.#bound = false
    this.#stepped = null
  }

  /** Something speaks against the clock that only somebody who vouches for it can set right. */
  suspect(why: string): void {
    this.#doubt ??= why
  }

  anchor(): ClockAnchor {
    const { bootId, uptimeMs } = this.#last
    return { bootId, uptimeMs, timeMs: this.#timeMs, doubt: this.#doubt }
  }

  /** The machine was off: the clock is all that tells for how long, and it cannot be earlier than what was seen before. */
  #afterAbsence({ wallMs }: ClockReading): void {
    const absentMs = wallMs - this.#timeMs
    this.#bound = absentMs < -CLOCK_SKEW_MS
    if (this.#bound) {
      this.#doubt = BEFORE_LAST_RUN
      return
    }
    this.#timeMs = wallMs
    const long = absentMs > ABSENCE_MS
    if (long) this.#doubt = `the system clock says that ${inWords(absentMs)} have passed since the last run`
    else if (this.#doubt === BEFORE_LAST_RUN) this.#doubt = null
  }

  #keepTo({ wallMs, uptimeMs }: ClockReading): void {
    const deviationMs = wallMs - this.#timeMs
    if (Math.abs(deviationMs) <= CLOCK_SKEW_MS) return
    if (this.#stepped === null || Math.abs(this.#stepped.deviationMs - deviationMs) > CLOCK_SKEW_MS) {
      this.#stepped = { deviationMs, sinceUptimeMs: uptimeMs }
    }
    if (Math.abs(deviationMs) > ABSENCE_MS || uptimeMs - this.#stepped.sinceUptimeMs < STANDS_MS) return
    // followed, so that a machine that was paused comes back to the right time; deleting still waits for somebody who vouches
    this.#timeMs = wallMs
    this.#stepped = null
    this.#doubt = `the system clock was set by ${inWords(deviationMs)} while the daemon ran`
  }
}

/** What a person does about a clock that is not believed. */
export const TRUST_HINT = 'look at `date -u` and `timedatectl`; where the clock is right: modosu prune --trust-clock'

const BEFORE_LAST_RUN = 'the system clock is earlier than the end of the last run'

function inWords(ms: number): string {
  const hours = Math.abs(ms) / HOUR_MS
  if (hours >= 48) return `${Math.round(hours / 24)} days`
  return hours >= 2 ? `${Math.round(hours)} hours` : `${Math.round(hours * 60)} minutes`
}
