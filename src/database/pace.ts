/** Holds reading and writing down to a rate, so that what nobody waits for leaves the disk to the application. */

import { setTimeout as sleep } from 'node:timers/promises'

/** A shorter sleep is not worth its timer. */
const LEAST_SLEEP_MS = 5

export class Pace {
  readonly #bytesPerMs: number
  readonly #startedMs = performance.now()
  #bytes = 0

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000
  }

  /** To be told of bytes that were read or written; resolves when so many were allowed since the beginning. */
  async spent(bytes: number): Promise<void> {
    this.#bytes += bytes
    const aheadMs = this.#bytes / this.#bytesPerMs - (performance.now() - this.#startedMs)
    if (aheadMs >= LEAST_SLEEP_MS) await sleep(aheadMs)
  }
}
