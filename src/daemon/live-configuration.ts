/**
 * The configuration as it is in force, and how a new one takes its place: what can change while the daemon runs does, what
 * cannot keeps its value until the next start, and both are said.
 */

import { isDeepStrictEqual } from 'node:util'
import type { Configuration } from './configuration.ts'

/** What is opened once. Who adds a key that is read at the start only puts it here. */
const UNTIL_RESTART = {
  stateDir: (from) => ({ stateDir: from.stateDir }),
  'spool.path': (from, to) => ({ spool: { ...to.spool, path: from.spool.path } }),
  'metrics.listen': (from) => ({ metrics: from.metrics }),
  'api.socket': (from, to) => ({ api: { ...to.api, socket: from.api.socket } }),
  'api.listen': (from, to) => ({ api: { ...to.api, listen: from.api.listen } }),
  'api.tls': (from, to) => ({ api: { ...to.api, tls: from.api.tls } }),
  'api.trustProxy': (from, to) => ({ api: { ...to.api, trustProxy: from.api.trustProxy } }),
  'logging.format': (from, to) => ({ logging: { ...to.logging, format: from.logging.format } }),
} as const satisfies Readonly<Record<string, (from: Configuration, to: Configuration) => Partial<Configuration>>>

type Listener = (next: Configuration, previous: Configuration) => void | Promise<void>

export class LiveConfiguration {
  #current: Configuration
  readonly #listeners: Listener[] = []

  constructor(configuration: Configuration) {
    this.#current = configuration
  }

  /** To be asked at each use, for it may be another one the next time. */
  get current(): Configuration {
    return this.#current
  }

  /** Told in the order of the calls after each change. */
  onChange(listener: Listener): void {
    this.#listeners.push(listener)
  }

  /** @returns the keys that differ in the new one and keep their value until the next start. */
  async replace(next: Configuration): Promise<readonly string[]> {
    const previous = this.#current
    const kept: string[] = []
    let taken = next
    for (const [key, keep] of Object.entries(UNTIL_RESTART)) {
      const withOld = { ...taken, ...keep(previous, taken) }
      if (isDeepStrictEqual(withOld, taken)) continue
      kept.push(key)
      taken = withOld
    }
    this.#current = taken
    if (!isDeepStrictEqual(taken, previous)) {
      for (const listener of this.#listeners) await listener(taken, previous)
    }
    return kept
  }
}
