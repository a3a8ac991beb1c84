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
  /**
   * Operations that one child does, one after the other; after one that failed it does no other, unless it is kept for
   * ever. 1: a fresh child each time, `Infinity`: one that stays.
   */
  readonly callsPerChild: number
  /** Operations at a time, each in a child of its own. */
  readonly concurrency?: number
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Milliseconds from the operation's turn, the start of its process included. */
  readonly deadlineMs?: number
  readonly onProgress?: (value: unknown) => void
}

/** A child that does several operations for one caller, and nothing for anybody else in between. */
export interface PinnedChild {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined
  run<T>(operation: string, argument: unknown, options?: RunOptions): Promise<T>
  /** Gives it back for others' operations. */
  unpin(): void
  /** Resolves when it is gone, and with it all that it had open. */
  kill(): Promise<void>
}

const DEADLINE_DEFAULT_MS = 60_000
const TIMER_MAX_MS = 2 ** 31 - 1
/** A child that waits for its next operation holds memory: after a pause it goes. */
const IDLE_MS = 30_000
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
  /** Started and waiting, each with the timer that ends its wait; the one that waited least is taken first. */
  readonly #idle = new Map<Child, NodeJS.Timeout | undefined>()
  readonly #callsDone = new WeakMap<Child, number>()
  #closed = false

  constructor(options: ChildPoolOptions) {
    this.#options = options
    const { callsPerChild, concurrency = callsPerChild === Infinity ? 1 : CONCURRENCY } = options
    this.#gate = new Gate(concurrency)
  }

  /** Starts a child ahead of its first operation. */
  warm(): void {
    if (this.#closed || [...this.#idle.keys()].some((child) => child.usable)) return
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
      let succeeded = false
      try {
        const value = (await this.#supervise(child, operation, argument, options)) as T
        succeeded = true
        return value
      } finally {
        this.#giveBack(child, succeeded)
      }
    } finally {
      leave()
    }
  }

  /**
   * Takes a child out of the pool. It passes no gate: the caller keeps it while other operations run, so a full pool must
   * not have to wait for it.
   *
   * @throws RestoreError `Interrupted` when the pool is closed.
   */
  pin(): PinnedChild {
    const child = this.#take()
    let succeeded = true
    return {
      pid: child.pid,
      run: async <T>(operation: string, argument: unknown, options: RunOptions = {}): Promise<T> => {
        try {
          return (await this.#supervise(child, operation, argument, options)) as T
        } catch (error) {
          succeeded = false
          throw error
        }
      },
      unpin: () => {
        this.#giveBack(child, succeeded)
      },
      kill: () => child.kill(),
    }
  }

  /** Interrupts what runs and waits, kills every child, and resolves when they are gone. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true
    for (const child of [...this.#idle.keys()]) this.#wake(child)
    this.#gate.clear('operation')
    await Promise.all(Array.from(this.#children, (child) => child.kill()))
  }

  #start(): Child {
    const { entry, memoryMb, lockFile, residentLimitMb = memoryMb + RESIDENT_EXTRA_MB } = this.#options
    const child = new Child({ entry, memoryMb, lockFile, residentLimitMb, parentPid: process.pid })
    this.#children.add(child)
    void child.gone.then(() => {
      this.#children.delete(child)
      this.#wake(child)
    })
    return child
  }

  #take(): Child {
    if (this.#closed) throw interrupted('operation')
    const idle = [...this.#idle.keys()].findLast((candidate) => candidate.usable)
    if (idle !== undefined) this.#wake(idle)
    const child = idle ?? this.#start()
    child.ref()
    if (this.#options.spare) this.warm()
    return child
  }

  /** Puts a child to wait, for a bounded time where it is not the one that stays. */
  #rest(child: Child): void {
    child.unref()
    if (this.#options.callsPerChild === Infinity) {
      this.#idle.set(child, undefined)
      return
    }
    const timer = setTimeout(() => {
      this.#wake(child)
      child.dismiss()
    }, IDLE_MS)
    timer.unref()
    this.#idle.set(child, timer)
  }

  #wake(child: Child): void {
    clearTimeout(this.#idle.get(child))
    this.#idle.delete(child)
  }

  /** A file on which an operation failed may have left its process in a state of the file's making: no other file gets it. */
  #giveBack(child: Child, succeeded: boolean): void {
    const { callsPerChild } = this.#options
    const calls = (this.#callsDone.get(child) ?? 0) + 1
    this.#callsDone.set(child, calls)
    const worn = calls >= callsPerChild || (!succeeded && callsPerChild !== Infinity)
    if (this.#closed || worn) child.dismiss()
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
