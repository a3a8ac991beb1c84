/** What the spool's loop has to do next, and how long it may sleep until then. Its clock only goes forward. */

import type { EntryKey } from './entry-name.ts'

export class Agenda {
  readonly #elapsedMs: () => number
  readonly #entries = new Set<EntryKey>()
  #scanAtMs = -Infinity
  #wake: (() => void) | null = null

  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs
  }

  get scanDue(): boolean {
    return this.#elapsedMs() >= this.#scanAtMs
  }

  wantScan(): void {
    this.#scanAtMs = -Infinity
    this.wake()
  }

  /** The next whole scan comes after so long at the latest. */
  scanIn(delayMs: number): void {
    this.#scanAtMs = this.#elapsedMs() + delayMs
  }

  /** Brings the next whole scan forward, where it is later than that. */
  scanWithin(delayMs: number): void {
    this.#scanAtMs = Math.min(this.#scanAtMs, this.#elapsedMs() + delayMs)
  }

  wantLook(keys: readonly EntryKey[]): void {
    for (const key of keys) this.#entries.add(key)
    this.wake()
  }

  /** The entries to look at, which are then no longer wanted. */
  takeLooks(): EntryKey[] {
    const keys = Array.from(this.#entries)
    this.#entries.clear()
    return keys
  }

  /** Ends a sleep. */
  wake(): void {
    this.#wake?.()
  }

  /** Sleeps until a scan or a look is wanted, at most until `latestMs`. */
  async sleep(latestMs: number): Promise<void> {
    if (this.#entries.size > 0) return
    const delayMs = Math.ceil(Math.min(this.#scanAtMs, latestMs) - this.#elapsedMs())
    if (delayMs <= 0) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, delayMs)
    })
    clearTimeout(timer)
    this.#wake = null
  }
}
