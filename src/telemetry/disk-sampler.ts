/**
 * Looks at the disk now and then, beside the scrapes: a scrape shows the last look and never waits for a disk. Files are
 * only asked for their size (stat, statfs), never opened, which would drop SQLite's locks on them (fcntl(2)).
 */

import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Clock } from '../domain/clock.ts'
import type { Target } from '../domain/target.ts'
import type { DiskSample } from './disk-metrics.ts'
import type { SafetyBackupSource } from './state-source.ts'

/** How long the start waits for the first look. */
const FIRST_LOOK_MS = 2000

interface Look {
  sample: DiskSample | null
  atMs: number
  looking: boolean
}

export class DiskSampler {
  #targets: readonly Target[] = []
  readonly #stateDir: string
  readonly #source: SafetyBackupSource
  readonly #clock: Clock
  readonly #looks = new Map<string, Look>()
  #timer: NodeJS.Timeout | undefined

  constructor(targets: readonly Target[], stateDir: string, source: SafetyBackupSource, clock: Clock) {
    this.#stateDir = stateDir
    this.#source = source
    this.#clock = clock
    this.retarget(targets)
  }

  /** What is looked at from now on; what was seen of a target that stays is kept. */
  retarget(targets: readonly Target[]): void {
    this.#targets = targets
    const names = new Set(targets.map(({ name }) => name))
    for (const name of this.#looks.keys()) if (!names.has(name)) this.#looks.delete(name)
    for (const name of names) {
      if (!this.#looks.has(name)) {
        this.#looks.set(name, { sample: null, atMs: Number.NEGATIVE_INFINITY, looking: false })
      }
    }
  }

  /**
   * Looks at once, then every `intervalMs`; keeps no process alive. Resolves when the first look is over, or when it has
   * taken too long: a mount that hangs must not keep the daemon from starting.
   */
  async start(intervalMs: number): Promise<void> {
    this.#timer ??= setInterval(() => void this.look(), intervalMs).unref()
    const patience = new AbortController()
    await Promise.race([this.look(), sleep(FIRST_LOOK_MS, undefined, { ref: false, signal: patience.signal })])
    patience.abort()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** One look at every target. A target whose last look still hangs (a dead mount) is not asked again. Never rejects. */
  async look(): Promise<void> {
    await Promise.all(this.#targets.map((target) => this.#lookAt(target)))
  }

  /** The target's last look, or null where it is older than `maxAgeMs`. */
  latest(target: string, maxAgeMs: number): DiskSample | null {
    const look = this.#looks.get(target)
    return look === undefined || this.#clock.nowMs() - look.atMs > maxAgeMs ? null : look.sample
  }

  async #lookAt(target: Target): Promise<void> {
    const look = this.#looks.get(target.name)
    if (look === undefined || look.looking) return
    look.looking = true
    try {
      const [main, wal, database, backups, state, safetyBackups] = await Promise.all([
        sizeOf(target.database),
        sizeOf(`${target.database}-wal`),
        availableIn(dirname(target.database)),
        availableIn(target.backups.path),
        availableIn(this.#stateDir),
        this.#safetyBackups(target.name),
      ])
      const databaseBytes = main === null ? null : main + (wal ?? 0)
      look.sample = { databaseBytes, availableBytes: { database, backups, state }, safetyBackups }
      look.atMs = this.#clock.nowMs()
    } finally {
      look.looking = false
    }
  }

  /** Those of the state store that are still on disk. */
  async #safetyBackups(target: string): Promise<DiskSample['safetyBackups']> {
    try {
      const records = this.#source.safetyBackups(target)
      const sizes = await Promise.all(records.map((record) => sizeOf(record.path)))
      return records.flatMap((record, index) => {
        const sizeBytes = sizes[index] ?? null
        return sizeBytes === null ? [] : [{ sizeBytes, createdAtMs: Date.parse(record.createdAt) }]
      })
    } catch {
      // The state store does not answer; its own readiness check says so.
      return null
    }
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch {
    return null
  }
}

/** Bytes that an ordinary user may still write there. */
async function availableIn(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  } catch {
    return null
  }
}
