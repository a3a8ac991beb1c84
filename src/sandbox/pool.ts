/** Runs dangerous work in child processes with a deadline: a child can be killed where a thread in SQLite cannot. */

import { RestoreError } from '../domain/errors.ts'
import { Child } from './child.ts'
import { Gate, interrupted } from './gate.ts'

export interface ChildPoolOptions {
  /** The child's entry file, which calls `serve`. */
  readonly entry: URL
  readonly deadlineDefaultMs?: number
  /** Bound of the child's JavaScript heap, in MiB. */
  readonly memoryMb: number
  /** Bound of all memory of the child's own, SQLite's included, in MiB. */
  readonly residentLimitMb?: number
  /** Keep one child started ahead, so that the next operation need not wait for Node. */
  readonly spare: boolean
  /** SQLite file on which every child holds a shared lock (`waitForOrphans`); null: none. */
  readonly lockFile: string | null
  /** A fresh child for each operation, or one that is kept. */
  readonly oneShot: boolean
  /** Operations at a time; a kept child does one at a time. */
  readonly concurrency?: number
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Milliseconds from the operation's turn, the start of its process included. */
  readonly deadlineMs?: number
  readonly onProgress?: (value: unknown) => void
}

const DEADLINE_DEFAULT_MS = 60_000
const TIMER_MAX_MS = 2 ** 31 - 1
const SPARE_IDLE_MS = 30_000
const CONCURRENCY = 4
/** On top of the JavaScript heap: Node itself, SQLite's caches and sorters, buffers. */
const RESIDENT_EXTRA_MB = 768

function timedOut(operation: string, deadlineMs: number): RestoreError {
  return new RestoreError(`the ${operation} took longer than ${Math.round(deadlineMs / 1000)} s and was ended`, {
    reason: 'CheckTimedOut',
    hint: 'a large database on a slow disk needs a longer deadline: verification.checkTimeout',
  })
}

export class ChildPool {
  readonly #options: ChildPoolOptions
  readonly #gate: Gate
  readonly #children = new Set<Child>()
  /** Started and idle: the spare of a one-shot pool, or the kept child of the other kind. */
  #idle: Child | null = null
  #idleTimer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: ChildPoolOptions) {
    this.#options = options
    this.#gate = new Gate(options.oneShot ? (options.concurrency ?? CONCURRENCY) : 1)
  }

  /** Starts a child ahead of its first operation. */
  warm(): void {
    if (this.#closed || this.#idle?.usable === true) return
    this.#rest(this.#start())
  }

  /**
   * Runs one operation in a child.
   *
   * @param argument what structured clone can carry.
   * @throws RestoreError what the operation threw, or `CheckTimedOut` (deadline), `Interrupted` (signal or close),
   *   `Unverifiable` (the child died). When it settles by the first two, the child is dead.
   */
  async run<T>(operation: string, argument: unknown, options: RunOptions = {}): Promise<T> {
    if (this.#closed) throw interrupted(operation)
    const leave = await this.#gate.enter(operation, options.signal)
    try {
      const child = this.#take()
      try {
        return (await this.#supervise(child, operation, argument, options)) as T
      } finally {
        this.#giveBack(child)
      }
    } finally {
      leave()
    }
  }

  /** Interrupts what runs and waits, kills every child, and resolves when they are gone. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idleTimer)
    this.#idle = null
    this.#gate.clear('operation')
    await Promise.all(Array.from(this.#children, (child) => child.kill()))
  }

  #start(): Child {
    const { entry, memoryMb, lockFile, residentLimitMb = memoryMb + RESIDENT_EXTRA_MB } = this.#options
    const child = new Child({ entry, memoryMb, lockFile, residentLimitMb, parentPid: process.pid })
    this.#children.add(child)
    void child.gone.then(() => {
      this.#children.delete(child)
      if (this.#idle === child) this.#idle = null
    })
    return child
  }

  #take(): Child {
    if (this.#closed) throw interrupted('operation')
    const idle = this.#idle
    clearTimeout(this.#idleTimer)
    this.#idle = null
    const child = idle?.usable === true ? idle : this.#start()
    child.ref()
    if (this.#options.oneShot && this.#options.spare) this.#rest(this.#start())
    return child
  }

  #rest(child: Child): void {
    this.#idle = child
    child.unref()
    clearTimeout(this.#idleTimer)
    if (!this.#options.oneShot) return
    this.#idleTimer = setTimeout(() => {
      if (this.#idle === child) this.#idle = null
      child.dismiss()
    }, SPARE_IDLE_MS)
    this.#idleTimer.unref()
  }

  #giveBack(child: Child): void {
    if (this.#options.oneShot || this.#closed) child.dismiss()
    else if (child.usable) this.#rest(child)
  }

  async #supervise(child: Child, operation: string, argument: unknown, options: RunOptions): Promise<unknown> {
    const { signal, onProgress } = options
    const deadlineMs = Math.min(
      options.deadlineMs ?? this.#options.deadlineDefaultMs ?? DEADLINE_DEFAULT_MS,
      TIMER_MAX_MS,
    )
    const fate: { error?: RestoreError } = {}
    const end = (error: RestoreError): void => {
      fate.error ??= error
      void child.kill().then(() => {
        // Only a process that not even SIGKILL ends is still there: nobody waits for it.
        child.abandon()
      })
    }
    const timer = setTimeout(() => {
      end(timedOut(operation, deadlineMs))
    }, deadlineMs)
    const onAbort = (): void => {
      end(interrupted(operation))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted === true) onAbort()
    try {
      return await child.perform({ operation, argument }, onProgress)
    } catch (error) {
      throw fate.error ?? (this.#closed ? interrupted(operation) : error)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
