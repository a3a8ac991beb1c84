/**
 * The daemon's time: reads the system's clock against the uptime of the machine, keeps what it believes in `STATE/clock.json` for
 * the next run, and says when the clock is not believed. A clock that is wrong at the first start of all is found out by the
 * files: nothing of the target has been touched for a month, or the state store has records of later.
 */

import { execFile } from 'node:child_process'
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { dirname, join } from 'node:path'

import { CLOCK_SKEW_MS, isFuture, toRfc3339, type Clock } from '../domain/clock.ts'
import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { SteadyClock, TRUST_HINT, type ClockAnchor, type ClockReading } from '../domain/steady-clock.ts'
import type { Target } from '../domain/target.ts'

const EVERY_MS = 60_000
const QUIET_MS = 30 * 86_400_000
const SYNCHRONIZED_MS = 5000

export interface TimeKeeperOptions {
  readonly stateDir: string
  readonly log: Log
}

export class TimeKeeper {
  readonly #file: string
  readonly #log: Log
  readonly #steady: SteadyClock
  readonly #system = new SystemReader()
  readonly #first: boolean
  #timer: NodeJS.Timeout | undefined
  /** The file system's clock is not that of this process. */
  #foreign: string | null = null
  /** undefined: nothing has been said yet. */
  #said: string | null | undefined
  #tellOthers: (doubt: string | null) => void = () => undefined

  constructor({ stateDir, log }: TimeKeeperOptions) {
    this.#file = join(stateDir, 'clock.json')
    this.#log = log
    const anchor = readAnchor(stateDir)
    this.#first = anchor === null
    this.#steady = new SteadyClock(this.#system.read(), anchor)
    this.#keep()
  }

  readonly clock: Clock = { nowMs: () => Math.round(this.#steady.read(this.#system.read())), wallMs: () => Date.now() }

  /** Why nothing may be deleted for its age; null: the clock is believed. */
  doubt(): string | null {
    this.#steady.read(this.#system.read())
    return this.#steady.doubt() ?? this.#foreign
  }

  /** A person has looked at the clock and says that it is right. */
  trust(): void {
    this.#steady.trust(this.#system.read())
    this.#foreign = null
    this.#keep()
    this.#tell()
  }

  /**
   * Of the first start, at which no earlier run speaks for the clock or against it.
   *
   * @param newestRecordMs of the state store; null: it has none.
   */
  weigh(targets: readonly Target[], newestRecordMs: number | null): void {
    if (!this.#first) return
    const nowMs = this.clock.nowMs()
    if (newestRecordMs !== null && isFuture(newestRecordMs, nowMs)) {
      this.#steady.suspect(`the state store has a record of ${toRfc3339(newestRecordMs)}`)
    }
    const touched = targets.flatMap(({ database, backups }) =>
      [database, `${database}-wal`, backups.path, ...FOLDERS.map((name) => join(backups.path, name))].map(touchedAt),
    )
    const newestMs = Math.max(0, ...touched)
    if (newestMs > 0 && nowMs - newestMs > QUIET_MS) {
      this.#steady.suspect(`no database and no backup was touched since ${toRfc3339(newestMs)}`)
    }
    this.#keep()
  }

  /** @param tell called with each change, and now. */
  start(tell: (doubt: string | null) => void): void {
    this.#tellOthers = tell
    this.#tell()
    this.#timer = setInterval(() => void this.#look(), EVERY_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#keep()
  }

  async #look(): Promise<void> {
    this.#steady.read(this.#system.read())
    this.#keep()
    if (this.#steady.doubt() !== null && this.#foreign === null && (await isSynchronized())) {
      this.#log.info('a time server vouches for the system clock')
      this.trust()
    }
    this.#tell()
  }

  /** Never throws: without its file the next start has less to go by. */
  #keep(): void {
    try {
      const draft = `${this.#file}.new`
      writeFileSync(draft, JSON.stringify(this.#steady.anchor()), { mode: 0o640 })
      const offMs = Date.now() - statSync(draft).mtimeMs
      this.#foreign =
        Math.abs(offMs) > CLOCK_SKEW_MS
          ? `files in ${dirname(this.#file)} are stamped by another clock than this process has`
          : null
      renameSync(draft, this.#file)
    } catch (error) {
      this.#log.debug(`the time could not be kept: ${messageOf(error)}`, { err: error })
    }
  }

  /** Each doubt once. */
  #tell(): void {
    const doubt = this.#steady.doubt() ?? this.#foreign
    if (doubt === this.#said) return
    const first = this.#said === undefined
    this.#said = doubt
    this.#tellOthers(doubt)
    if (doubt === null) {
      if (!first) this.#log.info('the system clock is believed again')
    } else {
      this.#log.error(`the system clock is not believed: ${doubt}; nothing is deleted for its age`, {
        reason: 'ClockImplausible',
        time: toRfc3339(this.clock.nowMs()),
        hint: TRUST_HINT,
      })
    }
  }
}

const FOLDERS = ['daily', 'weekly', 'monthly', 'manual'] as const

/** How far the time that the daemon believes in is from the system's clock, for another process: the daemon's record, carried on. */
export function timeBeside(stateDir: string): { readonly shiftMs: number; readonly doubt: string | null } {
  const anchor = readAnchor(stateDir)
  const seen = new SystemReader().read()
  // A daemon that cannot read the id of the boot says none: the machine's uptime alone then tells whether it is the same one.
  const reading = anchor?.bootId === UNKNOWN_BOOT ? { ...seen, bootId: UNKNOWN_BOOT } : seen
  const steady = new SteadyClock(reading, anchor)
  return { shiftMs: Math.round(steady.read(reading) - reading.wallMs), doubt: steady.doubt() }
}

function readAnchor(stateDir: string): ClockAnchor | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(stateDir, 'clock.json'), 'utf8'))
    return isAnchor(value) ? value : null
  } catch {
    return null
  }
}

function isAnchor(value: unknown): value is ClockAnchor {
  if (typeof value !== 'object' || value === null) return false
  const { bootId, uptimeMs, timeMs, doubt } = value as Partial<Record<keyof ClockAnchor, unknown>>
  const numbers = Number.isFinite(uptimeMs) && Number.isFinite(timeMs)
  return typeof bootId === 'string' && numbers && (doubt === null || typeof doubt === 'string')
}

/** What a process says that may not read /proc/sys. */
const UNKNOWN_BOOT = 'unknown'

/** The kernel counts hundredths; the process's own clock fills them in, as long as both tell the same. */
const UPTIME_STEP_MS = 30

class SystemReader {
  readonly #bootId = textOf('/proc/sys/kernel/random/boot_id') ?? UNKNOWN_BOOT
  #base: { readonly uptimeMs: number; readonly ownMs: number } | null = null

  read(): ClockReading {
    const ownMs = performance.now()
    // Without /proc/uptime (ProcSubset=pid of the daemon's unit) the kernel's own clock tells (clock_gettime(2), CLOCK_BOOTTIME).
    const uptimeMs = Number.parseFloat(textOf('/proc/uptime') ?? String(uptime())) * 1000
    const guessMs = this.#base === null ? -Infinity : this.#base.uptimeMs + ownMs - this.#base.ownMs
    if (this.#base === null || Math.abs(uptimeMs - guessMs) > UPTIME_STEP_MS) this.#base = { uptimeMs, ownMs }
    return { wallMs: Date.now(), uptimeMs: this.#base.uptimeMs + ownMs - this.#base.ownMs, bootId: this.#bootId }
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

/** The change time counts too: no writer can set it. 0 where nothing is there. */
function touchedAt(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? 0 : Math.max(stats.mtimeMs, stats.ctimeMs)
}

/** Whether the kernel's clock is kept by a time server, as whichever program does it has told the kernel. */
function isSynchronized(): Promise<boolean> {
  return new Promise((resolve) => {
    const words = ['show', '--property=NTPSynchronized', '--value']
    execFile('timedatectl', words, { timeout: SYNCHRONIZED_MS }, (error, stdout) => {
      resolve(error === null && stdout.trim() === 'yes')
    })
  })
}
