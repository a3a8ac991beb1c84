/**
 * A queue of names after client-go's workqueue: a name waits at most once, is worked on by at most one at a time, and is
 * tried again with a growing delay when it fails.
 */

import type { Clock } from '../domain/clock.ts'

const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 60_000

export interface QueueObserver {
  added(): void
  depth(waiting: number): void
  started(waitedMs: number): void
  finished(tookMs: number): void
  retried(): void
}

/** What becomes of a name after its turn. */
export type Verdict = 'done' | 'again' | { readonly afterMs: number }

export class WorkQueue {
  readonly #work: (name: string) => Promise<Verdict>
  readonly #concurrency: () => number
  readonly #clock: Clock
  readonly #observer: QueueObserver
  readonly #waiting = new Map<string, number>()
  readonly #running = new Map<string, Promise<void>>()
  /** Named again while being worked on: one more turn follows. */
  readonly #dirty = new Set<string>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #failures = new Map<string, number>()
  /** Who waits for a sign that turns come and go. */
  readonly #probes: (() => void)[] = []
  #stopped = false

  constructor(options: {
    work: (name: string) => Promise<Verdict>
    /** Turns at once; asked at each. */
    concurrency: () => number
    clock: Clock
    observer: QueueObserver
  }) {
    this.#work = options.work
    this.#concurrency = options.concurrency
    this.#clock = options.clock
    this.#observer = options.observer
  }

  add(name: string): void {
    if (this.#stopped) return
    this.#cancelTimer(name)
    if (this.#running.has(name)) {
      this.#dirty.add(name)
      return
    }
    if (this.#waiting.has(name)) return
    this.#waiting.set(name, this.#clock.nowMs())
    this.#observer.added()
    this.#pump()
  }

  addAfter(name: string, delayMs: number): void {
    if (this.#stopped) return
    this.#cancelTimer(name)
    // A timer of more than 24.8 days fires at once (setTimeout's range); a long wait is looked at in between.
    const timer = setTimeout(
      () => {
        this.add(name)
      },
      Math.min(Math.max(delayMs, 1), 3_600_000),
    )
    this.#timers.set(name, timer)
  }

  /** Resolves as soon as a turn could begin, or one has ended; never while every turn of all that may run hangs. */
  probe(): Promise<void> {
    return new Promise((resolve) => {
      this.#probes.push(resolve)
      this.#pump()
    })
  }

  get depth(): number {
    return this.#waiting.size
  }

  isRunning(name: string): boolean {
    return this.#running.has(name)
  }

  /** Takes nothing new and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#waiting.clear()
    await Promise.all(this.#running.values())
  }

  #pump(): void {
    while (!this.#stopped && this.#running.size < this.#concurrency()) {
      const [next] = this.#waiting
      if (next === undefined) break
      const [name, addedAtMs] = next
      this.#waiting.delete(name)
      this.#observer.started(this.#clock.nowMs() - addedAtMs)
      this.#running.set(name, this.#turn(name))
    }
    this.#observer.depth(this.#waiting.size)
    if (this.#running.size < this.#concurrency()) this.#answerProbes()
  }

  #answerProbes(): void {
    for (const answer of this.#probes.splice(0)) answer()
  }

  async #turn(name: string): Promise<void> {
    const startedAtMs = this.#clock.nowMs()
    let verdict: Verdict
    try {
      // Deferred by a tick, so that the turn is on record before its first line runs.
      verdict = await Promise.resolve(name).then(this.#work)
    } catch {
      // The work reports its own failures; one that still throws is tried again rather than lost.
      verdict = 'again'
    }
    this.#running.delete(name)
    this.#observer.finished(this.#clock.nowMs() - startedAtMs)
    this.#settle(name, verdict)
    this.#answerProbes()
    this.#pump()
  }

  #settle(name: string, verdict: Verdict): void {
    if (verdict === 'again') {
      const failures = (this.#failures.get(name) ?? 0) + 1
      this.#failures.set(name, failures)
      this.#observer.retried()
      this.addAfter(name, Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1)))
    } else {
      this.#failures.delete(name)
      if (verdict !== 'done') this.addAfter(name, verdict.afterMs)
    }
    if (this.#dirty.delete(name)) this.add(name)
  }

  #cancelTimer(name: string): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.delete(name)
  }
}
