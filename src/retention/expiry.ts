/**
 * Takes requests off the lists whose `ttlSecondsAfterFinished` is over (decision 0101). Nothing is deleted: the record, the audit
 * and the name stay, so a file of the spool that ran once does not run again, and an undo still finds what it needs.
 *
 * Each request leaves in a transaction of its own, with its event and its audit record. A process that dies between two of them
 * has expired the one and not the other, and the next look goes on.
 */

import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Clock } from '../domain/clock.ts'
import { asRestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { isTerminal } from '../domain/phases.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { StateStore } from '../store/store.ts'

const LOOK_MS = 60_000
const BATCH = 100

export interface ExpiryOptions {
  readonly store: StateStore
  readonly clock: Clock
  /** Why the clock may be wrong; null: it is believed. As for pruning, nothing goes by a clock that is not. */
  readonly clockDoubt: () => string | null
  readonly log: Log
}

export class Expiry {
  readonly #options: ExpiryOptions
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: ExpiryOptions) {
    this.#options = options
  }

  /** Looks now and every minute. */
  start(): void {
    const look = (): void => {
      this.#running = this.#running.then(() => this.#look())
    }
    look()
    this.#timer = setInterval(look, LOOK_MS).unref()
  }

  /** Resolves when none is under way. */
  async stop(): Promise<void> {
    this.#stop.abort()
    clearInterval(this.#timer)
    await this.#running
  }

  async #look(): Promise<void> {
    try {
      await expireFinished(this.#options, this.#stop.signal)
    } catch (error) {
      const { message, reason } = asRestoreError(error, 'InternalError')
      this.#options.log.error(`requests could not be taken off the lists: ${message}`, { reason, err: error })
    }
  }
}

/**
 * Takes off what is over now.
 *
 * @returns how many left the lists. Rejects with what the state store throws.
 */
export async function expireFinished(options: ExpiryOptions, signal: AbortSignal): Promise<number> {
  const { store, clock, clockDoubt, log } = options
  let expired = 0
  for (let after = 0; ;) {
    if (clockDoubt() !== null) return expired
    const batch = store.overdue(clock.nowMs(), after, BATCH)
    for (const { seq, name } of batch) {
      if (signal.aborted) return expired
      after = seq
      expired += expire(store, name)
      await nextTurn()
    }
    if (batch.length < BATCH) break
  }
  if (expired > 0) log.info(`${expired} requests left the lists: their ttlSecondsAfterFinished is over`)
  return expired
}

/** Looked at once more in the turn of the commit: it may have been edited or acknowledged since the batch was read. */
function expire(store: StateStore, name: string): 0 | 1 {
  const request = store.request(name)
  if (request === undefined || !isTerminal(request.phase) || request.forgottenAt !== null) return 0
  if (isStillNeeded(store, request)) return 0
  const { ttlSecondsAfterFinished: ttl } = request.spec
  const message = `left the lists ${ttl} s after its end; its record, its audit and its name stay`
  store.commit(name, {
    from: request.phase,
    reason: 'TTLExpired',
    message,
    forgotten: true,
    events: [{ type: 'Normal', reason: 'TTLExpired', message }],
    audit: [
      {
        operation: 'expire',
        actor: 'schedule',
        status: 'info',
        message,
        backupId: null,
        details: { uid: request.uid, via: 'schedule', ttlSecondsAfterFinished: ttl },
      },
    ],
  })
  return 1
}

/**
 * What a person has to see stays until a person has: an L2 and an L3, and the last result of the target, whatever it is. An older
 * L1 goes as it is: nobody has acknowledged it, and its record goes on saying so.
 */
function isStillNeeded(store: StateStore, { name, uid, spec, status }: StoredRequest): boolean {
  const { escalation } = status
  if (escalation === undefined || escalation.acknowledged) return false
  if (escalation.level !== 'L1') return true
  const last = store.lastResult(spec.target)
  return last?.request === name && last.uid === uid
}
