/** One attempt at a webhook: a signed POST that either was taken (2xx) or throws. */

import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import { messageOf, RestoreError } from '../domain/errors.ts'
import type { Target } from '../domain/target.ts'

export type Endpoint = Target['notifications'][number]

export interface WebhookMessage {
  /** The same for every attempt at one outcome: delivery is at least once, and this tells a repetition. */
  readonly deliveryId: string
  readonly body: string
}

/**
 * `sha256=HEX`, the HMAC-SHA256 over `TIMESTAMP.BODY`: who knows the key can tell that the body is ours, and by the
 * timestamp that it is not an old one sent again.
 *
 * @param timestamp seconds since the epoch, as in the header X-Modosu-Timestamp.
 */
export function signatureOf(key: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`
}

/**
 * Posts the message once. A redirect counts as a failure: the signed body goes where the configuration says only.
 *
 * @param nowMs milliseconds since the epoch, for the timestamp.
 * @throws RestoreError `NotificationFailed`; also when the key file cannot be read, for nothing is sent unsigned that was
 * to be signed.
 */
export async function postWebhook(
  endpoint: Endpoint,
  message: WebhookMessage,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const headers = await headersOf(endpoint, message, nowMs)
  const status = await post(endpoint, message.body, headers, signal)
  if (status >= 200 && status < 300) return
  throw failure(endpoint, `it answered ${status}`)
}

async function headersOf(endpoint: Endpoint, message: WebhookMessage, nowMs: number): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000))
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'User-Agent': 'modosu',
    'X-Modosu-Delivery': message.deliveryId,
    'X-Modosu-Timestamp': timestamp,
  }
  if (endpoint.secretFile === null) return headers
  const key = await keyIn(endpoint, endpoint.secretFile)
  return { ...headers, 'X-Modosu-Signature': signatureOf(key, timestamp, message.body) }
}

/** Read for each attempt, so that a renewed key needs no restart. */
async function keyIn(endpoint: Endpoint, file: string): Promise<string> {
  let key: string
  try {
    key = (await readFile(file, 'utf8')).trimEnd()
  } catch (error) {
    throw failure(endpoint, `its key file cannot be read: ${messageOf(error)}`, error)
  }
  if (key === '') throw failure(endpoint, `its key file ${file} is empty`)
  return key
}

async function post(
  endpoint: Endpoint,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(endpoint.timeoutMs)]),
    })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw failure(endpoint, messageOf(cause), error)
  }
}

/** Names the host alone: a path or a query often is the secret of a webhook. */
function failure(endpoint: Endpoint, problem: string, cause?: unknown): RestoreError {
  return new RestoreError(`the webhook at ${hostOf(endpoint.url)} was not told: ${problem}`, {
    reason: 'NotificationFailed',
    disposition: 'retry',
    hint: 'see targets[].notifications in the configuration',
    ...(cause === undefined ? {} : { cause }),
  })
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an invalid URL'
}
