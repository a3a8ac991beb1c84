/** Lets a bounded number of callers through at a time, in the order in which they came. */

import { RestoreError } from '../domain/errors.ts'

interface Waiter {
  readonly enter: () => void
  readonly refuse: (error: RestoreError) => void
}

export function interrupted(what: string): RestoreError {
  return new RestoreError(`${what} was interrupted`, { reason: 'Interrupted', disposition: 'retry' })
}

export class Gate {
  #free: number
  readonly #waiting: Waiter[] = []

  constructor(width: number) {
    this.#free = width
  }

  /**
   * Resolves when it is the caller's turn, with the function that ends the turn.
   *
   * @throws RestoreError `Interrupted` when the signal fires, or the gate is cleared, while waiting.
   */
  async enter(what: string, signal: AbortSignal | undefined): Promise<() => void> {
    if (signal?.aborted === true) throw interrupted(what)
    if (this.#free > 0) this.#free--
    else await this.#wait(what, signal)
    let left = false
    return () => {
      if (left) return
      left = true
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next.enter()
    }
  }

  /** Refuses all who wait. */
  clear(what: string): void {
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(interrupted(what))
  }

  #wait(what: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const index = this.#waiting.indexOf(waiter)
        if (index >= 0) this.#waiting.splice(index, 1)
        reject(interrupted(what))
      }
      const waiter: Waiter = {
        enter: () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(waiter)
    })
  }
}
