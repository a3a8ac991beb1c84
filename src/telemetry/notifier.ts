/**
 * Tells webhooks how restores ended. Runs beside everything else: a webhook that is slow, down or gone holds up neither a
 * restore nor another webhook, and what it missed is delivered when it is back, also after a restart.
 */

import { setTimeout as sleep } from 'node:timers/promises'

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Target } from '../domain/target.ts'
import { L1_TIME_FRAME_MS } from '../domain/papers/escalation.ts'
import { escalationOf, notificationOf } from './notification.ts'
import { Outbox, type OutboxStore } from './outbox.ts'
import type { OutcomeRow } from './state-source.ts'
import type { NotificationTelemetry } from './telemetry.ts'
import { hostOf, postWebhook, type Endpoint } from './webhook.ts'

export interface RetryPolicy {
  /** Wait before the second attempt; doubles with each further one. */
  readonly firstDelayMs: number
  readonly longestDelayMs: number
  /** An outcome older than this is given up after a failed attempt. */
  readonly giveUpAfterMs: number
}

export const RETRY_POLICY: RetryPolicy = { firstDelayMs: 1000, longestDelayMs: 300_000, giveUpAfterMs: 86_400_000 }

/** Looked at without being woken, too: the state store may have been busy when it was asked. */
const LONGEST_REST_MS = 60_000

export interface NotifierOptions {
  readonly targets: readonly Target[]
  readonly store: OutboxStore
  readonly telemetry: NotificationTelemetry
  readonly clock: Clock
  readonly log: Log
  readonly retry?: RetryPolicy
}

interface Line {
  readonly target: string
  readonly endpoint: Endpoint
  readonly outbox: Outbox
  /** What was told, and is told again where nobody has acknowledged it in its time. */
  readonly reminders: Outbox
  readonly log: Log
  pending: number
  /** Ends the line's rest. */
  wake: () => void
}

interface Message {
  readonly outcome: OutcomeRow
  /** The one that it is taken from. */
  readonly outbox: Outbox
}

export class Notifier {
  readonly #options: NotifierOptions
  readonly #retry: RetryPolicy
  readonly #lines: readonly Line[]
  readonly #stop = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  /** Opens the outboxes; made before recovery begins, a webhook is told of what recovery ends. */
  constructor(options: NotifierOptions) {
    this.#options = options
    this.#retry = options.retry ?? RETRY_POLICY
    this.#lines = options.targets.flatMap((target) =>
      target.notifications.map((endpoint) => ({
        target: target.name,
        endpoint,
        outbox: new Outbox(options.store, target.name, endpoint.url),
        reminders: new Outbox(options.store, target.name, endpoint.url, 'escalate'),
        log: options.log.child({ component: 'notifier', target: target.name, webhook: hostOf(endpoint.url) }),
        pending: 0,
        wake: () => undefined,
      })),
    )
  }

  start(): void {
    this.#running = Promise.all(this.#lines.map((line) => this.#serve(line)))
  }

  /** A restore ended: look at the outboxes now. Does nothing else, so that it can stand in the commit's own path. */
  wake(): void {
    for (const line of this.#lines) line.wake()
  }

  /** Breaks off what is under way; it is delivered after the next start. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.wake()
    await this.#running
  }

  async #serve(line: Line): Promise<void> {
    for (let attempts = 0; !this.#stop.signal.aborted;) {
      // Begun before the look, so that what ends meanwhile is not slept over.
      const rest = restOf(line)
      const message = this.#next(line)
      if (message === undefined) {
        await rest
        continue
      }
      line.wake()
      if (await this.#attempt(line, message)) {
        attempts = 0
      } else {
        attempts += 1
        await this.#pause(attempts)
      }
    }
  }

  #next(line: Line): Message | undefined {
    try {
      const pending = line.outbox.pending()
      line.pending = pending.length
      this.#showPending(line.target)
      const [outcome] = pending
      return outcome === undefined ? this.#overdue(line) : { outcome, outbox: line.outbox }
    } catch (error) {
      if (!this.#stop.signal.aborted) line.log.error('the outbox cannot be read', { error })
      return undefined
    }
  }

  /** The first L1 that has stood for its time frame; those before it that somebody has acknowledged are done with. */
  #overdue({ reminders }: Line): Message | undefined {
    for (const outcome of reminders.pending()) {
      if (this.#options.clock.nowMs() - Date.parse(outcome.at) < L1_TIME_FRAME_MS) return undefined
      if (reminders.isOpenL1(outcome)) return { outcome, outbox: reminders }
      reminders.acknowledge(outcome)
    }
    return undefined
  }

  /** Whether the outcome is done with: delivered, or given up. */
  async #attempt(line: Line, { outcome, outbox }: Message): Promise<boolean> {
    const { telemetry, clock } = this.#options
    const about = { request: outcome.request, uid: outcome.uid, reason: outcome.reason }
    try {
      const isReminder = outbox === line.reminders
      const message = isReminder ? escalationOf(outcome) : notificationOf(outcome, outbox.levelOf(outcome))
      await postWebhook(line.endpoint, message, clock.nowMs(), this.#stop.signal)
      telemetry.notificationDelivered(line.target)
      line.log.info('webhook told of the outcome', { ...about, result: outcome.result })
    } catch (error) {
      if (this.#stop.signal.aborted) return false
      telemetry.notificationAttemptFailed(line.target)
      if (clock.nowMs() - Date.parse(outcome.at) <= this.#retry.giveUpAfterMs) {
        line.log.warn('webhook could not be told, trying again', { ...about, error })
        return false
      }
      telemetry.notificationAbandoned(line.target)
      line.log.error('webhook was not told of the outcome and will not be', { ...about, error })
    }
    this.#acknowledge(line, { outcome, outbox })
    return true
  }

  #acknowledge(line: Line, { outcome, outbox }: Message): void {
    try {
      outbox.acknowledge(outcome)
    } catch (error) {
      line.log.warn('the delivery could not be noted and may be repeated after a restart', { error })
    }
  }

  /** Half to all of the doubled delay: webhooks that failed together do not come back together. */
  async #pause(attempts: number): Promise<void> {
    const { firstDelayMs, longestDelayMs } = this.#retry
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempts - 1, 30))
    const jittered = delayMs * (0.5 + Math.random() / 2)
    await sleep(jittered, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined)
  }

  #showPending(target: string): void {
    const count = this.#lines.filter((line) => line.target === target).reduce((sum, line) => sum + line.pending, 0)
    this.#options.telemetry.notificationsPending(target, count)
  }
}

function restOf(line: Line): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_REST_MS).unref()
    line.wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}
