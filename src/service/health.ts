/** Waits until the application answers its health check (manual 4.2-5, 7.2-10: `curl -sk … | jq .`). */

import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Clock } from '../domain/clock.ts'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import type { Target } from '../domain/target.ts'
import { interrupted, inWords, isInterrupted, pause, withDeadline } from './deadline.ts'

type HealthCheck = NonNullable<Target['healthCheck']>

const INTERVAL_MS = 500
const ATTEMPT_MS = 5000
/** Enough to have read the answer of any health check; the rest is not waited for. */
const BODY_BYTES = 64 * 1024

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
      const status = await get(check, signal)
      return { healthy: status >= 200 && status < 300, text: `HTTP ${status}` }
    } catch (error) {
      if (signal.aborted) return { healthy: false, text: `no answer within ${inWords(ATTEMPT_MS)}` }
      return { healthy: false, text: codeOf(error) ?? messageOf(error) }
    }
  })
}

/** The status of an answer whose body has come in too, as far as it matters. */
async function get(check: HealthCheck, signal: AbortSignal): Promise<number> {
  const url = new URL(check.url)
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method: 'GET',
      agent: false,
      signal,
      headers: { accept: '*/*', 'user-agent': 'modosu' },
    }
    const answered = (response: IncomingMessage): void => {
      let length = 0
      const done = (): void => {
        resolve(response.statusCode ?? 0)
        response.destroy()
      }
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > BODY_BYTES) done()
      })
      response.once('end', done)
      response.on('error', reject)
    }
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, rejectUnauthorized: !check.insecureSkipVerify }, answered)
        : httpRequest(url, options, answered)
    request.on('error', reject)
    request.end()
  })
}

/** A URL may carry a password or a token; messages reach logs and webhooks. */
function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return 'the configured URL'
  const url = new URL(text)
  return `${url.origin}${url.pathname}`
}
