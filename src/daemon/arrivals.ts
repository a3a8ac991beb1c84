/** Tells which backups have appeared while the daemon runs: those of a target's first listing were there before. */

import type { BackupSet } from '../catalog/contract.ts'
import { quietForMs } from '../catalog/settled.ts'
import type { Clock } from '../domain/clock.ts'
import type { Target } from '../domain/target.ts'

export interface ArrivalsOptions {
  readonly clock: Clock
  /** A set is told of when nothing has been written to it for so long. */
  readonly quietMs: number
  readonly arrived: (target: Target, set: BackupSet) => void
  /** Asks for another listing of a target, by its name. */
  readonly again: (target: string) => void
}

export class Arrivals {
  readonly #options: ArrivalsOptions
  /** Ids by the name of the target. */
  readonly #known = new Map<string, Set<string>>()
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  /** Takes a whole listing of a target. Asks for another one where a set is still being written. */
  async listed(target: Target, sets: readonly BackupSet[]): Promise<void> {
    const { clock, quietMs, arrived } = this.#options
    const known = this.#known.get(target.name)
    if (known === undefined) {
      this.#known.set(target.name, new Set(sets.map(({ id }) => id)))
      return
    }
    const present = new Set(sets.map(({ id }) => id))
    // Gone ones are forgotten: what comes under that id later is another backup.
    for (const id of known) if (!present.has(id)) known.delete(id)
    for (const set of sets.filter(({ id, status }) => status === 'success' && !known.has(id))) {
      const quiet = await quietForMs(set, clock)
      if (quiet === null || quiet < quietMs) {
        this.#lookAgain(target.name)
        continue
      }
      known.add(set.id)
      arrived(target, set)
    }
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  #lookAgain(target: string): void {
    if (this.#timers.has(target)) return
    const { quietMs, again } = this.#options
    const timer = setTimeout(() => {
      this.#timers.delete(target)
      again(target)
    }, quietMs)
    this.#timers.set(target, timer.unref())
  }
}
