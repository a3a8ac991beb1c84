/** Bounds work in time and by a caller's signal, and says afterwards which of the two it was. */

import { setTimeout as sleep } from 'node:timers/promises'
import { RestoreError } from '../domain/errors.ts'

const EXPIRED = Symbol('expired')

/**
 * Runs `body` with a signal that is raised when the time is up or when `outer` is.
 *
 * @param timeoutMs milliseconds, measured by a timer: a step of the system's clock neither shortens nor prolongs it.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  outer: AbortSignal | undefined,
  body: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(EXPIRED)
  }, timeoutMs)
  const interrupt = (): void => {
    controller.abort(outer?.reason)
  }
  outer?.addEventListener('abort', interrupt, { once: true })
  if (outer?.aborted === true) interrupt()
  try {
    return await body(controller.signal)
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', interrupt)
  }
}

/** Whether the time ran out, as opposed to the caller's having raised its own signal. */
export function isExpired(deadline: AbortSignal): boolean {
  return deadline.aborted && deadline.reason === EXPIRED
}

/** Whether the caller raised its signal. */
export function isInterrupted(deadline: AbortSignal): boolean {
  return deadline.aborted && deadline.reason !== EXPIRED
}

/** Waits; ends early, without an error, when the deadline passes. */
export async function pause(ms: number, deadline: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: deadline })
  } catch {
    // the caller looks at the deadline next
  }
}

/** Asks again and again. False when the deadline passed before the answer was yes; it asks at least once. */
export async function pollUntil(
  probe: () => Promise<boolean>,
  intervalMs: number,
  deadline: AbortSignal,
): Promise<boolean> {
  for (;;) {
    if (await probe()) return true
    if (deadline.aborted) return false
    await pause(intervalMs, deadline)
  }
}

/** @param doing what was interrupted, such as `waiting for the health check`. */
export function interrupted(doing: string): RestoreError {
  return new RestoreError(`interrupted while ${doing}`, { reason: 'Interrupted' })
}

/** `60 s`, `1.5 s`, `200 ms`: for messages. */
export function inWords(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`
}
