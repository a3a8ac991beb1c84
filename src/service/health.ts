/** Waits until the application answers its health check (manual 4.2-5, 7.2-10: `curl -sk … | jq .`). */

import type { Clock } from '../domain/clock.ts'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import type { Target } from '../domain/target.ts'
import { interrupted, inWords, isInterrupted, pause, withDeadline } from './deadline.ts'
import { callHttp, withoutSecrets } from './http-call.ts'

type HealthCheck = NonNullable<Target['healthCheck']>

const INTERVAL_MS = 500
const ATTEMPT_MS = 5000

interface Answer {
  readonly healthy: boolean
  /** `HTTP 503`, `ECONNREFUSED`. */
  readonly text: string
}

/**
 * Asks every 500 ms until the answer is 2xx.
 *
 * @param hint what to look at when it never is.
 * @param givenUp why the application will not come up any more, null while it may. Believed where it says so twice in a
 *   row: a program that hands over to another is gone for a moment.
 * @throws RestoreError `HealthCheckFailed` with the last answer, `Interrupted`
 */
export async function waitUntilHealthy(
  check: HealthCheck,
  clock: Clock,
  hint: string,
  givenUp: (deadline: AbortSignal) => Promise<string | null>,
  signal?: AbortSignal,
): Promise<{ readonly attempts: number; readonly tookMs: number }> {
  const startedAtMs = clock.nowMs()
  return withDeadline(check.timeoutMs, signal, async (deadline) => {
    let last = `no answer within ${inWords(check.timeoutMs)}`
    let downBefore = false
    for (let attempts = 1; ; attempts++) {
      const answer = await attempt(check, deadline)
      if (answer.healthy) return { attempts, tookMs: Math.max(0, clock.nowMs() - startedAtMs) }
      if (isInterrupted(deadline)) throw interrupted('waiting for the application to be healthy')
      // an attempt that the deadline has cut short has nothing to say
      if (!deadline.aborted) last = answer.text
      const down = deadline.aborted ? null : await givenUp(deadline)
      if (down !== null && downBefore && !deadline.aborted) throw ended(check, down, last, hint)
      downBefore = down !== null
      await pause(INTERVAL_MS, deadline)
      if (deadline.aborted && !isInterrupted(deadline)) throw unhealthy(check, last, attempts, hint)
    }
  })
}

function ended(check: HealthCheck, down: string, last: string, hint: string): RestoreError {
  return new RestoreError(`application does not run any more: ${down}; ${withoutSecrets(check.url)} gave ${last}`, {
    reason: 'HealthCheckFailed',
    hint,
  })
}

/** One question, for a report. Never rejects. */
export async function lookAtHealth(check: HealthCheck): Promise<{ readonly running: boolean; readonly text: string }> {
  const answer = await withDeadline(ATTEMPT_MS, undefined, (deadline) => attempt(check, deadline))
  return { running: answer.healthy, text: `${withoutSecrets(check.url)} gave ${answer.text}` }
}

function unhealthy(check: HealthCheck, last: string, attempts: number, hint: string): RestoreError {
  const within = `within ${inWords(check.timeoutMs)}`
  return new RestoreError(
    `application is not healthy ${within}: ${withoutSecrets(check.url)} gave ${last} (${attempts} attempts)`,
    {
      reason: 'HealthCheckFailed',
      hint: last.includes('CERT') ? `set healthCheck.insecureSkipVerify for a self-signed certificate; ${hint}` : hint,
    },
  )
}

/** One request. Never rejects. */
async function attempt(check: HealthCheck, deadline: AbortSignal): Promise<Answer> {
  return withDeadline(ATTEMPT_MS, deadline, async (signal) => {
    try {
      const { url, insecureSkipVerify } = check
      const { status } = await callHttp({ url, insecureSkipVerify, method: 'GET' }, signal)
      return { healthy: status >= 200 && status < 300, text: `HTTP ${status}` }
    } catch (error) {
      if (signal.aborted) return { healthy: false, text: `no answer within ${inWords(ATTEMPT_MS)}` }
      return { healthy: false, text: codeOf(error) ?? messageOf(error) }
    }
  })
}
