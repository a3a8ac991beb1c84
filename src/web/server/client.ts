/** Calls of the API by the session's cookie. A session that has ended is renewed by the person, and the call made again. */

import { signal } from '@preact/signals'

export const RESOURCES = '/apis/modosu.dev/v1'
export const MANUAL = '/api/v1'

interface Failure {
  readonly error?: string
  readonly message?: string
  readonly reason?: string
  readonly hint?: string | null
  readonly request?: string
}

/** The server has refused, or has failed. */
export class CallFailed extends Error {
  /** 0: nobody answered. */
  readonly status: number
  readonly reason: string
  readonly hint: string | null

  constructor(status: number, { error, message, reason, hint }: Failure) {
    super(error ?? message ?? `HTTP ${status}`)
    this.status = status
    this.reason = reason ?? 'Unknown'
    this.hint = hint ?? null
  }
}

/** What was thrown, as a failed call. */
export function asCallFailed(error: unknown): CallFailed {
  return error instanceof CallFailed ? error : new CallFailed(0, { error: String(error) })
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** A refusal for want of a session is the answer: nobody is asked to log in. */
  readonly anonymous?: boolean
}

/** How far the server's clock is ahead of this browser's, in milliseconds. */
export const clockAheadMs = signal(0)

/** Somebody waits for the person to log in anew. */
export const sessionEnded = signal(false)

let renewed: (() => void)[] = []

/** The person has logged in anew: what waited goes on. */
export function sessionRenewed(): void {
  sessionEnded.value = false
  const waiting = renewed
  renewed = []
  for (const goOn of waiting) goOn()
}

/** @throws CallFailed; what the signal was raised with. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const answer = await answered(path, options)
  return (await answer.json()) as T
}

/** @throws CallFailed; what the signal was raised with. */
export async function callForText(path: string, options: CallOptions = {}): Promise<string> {
  return (await answered(path, options)).text()
}

async function answered(path: string, options: CallOptions): Promise<Response> {
  for (;;) {
    const response = await send(path, options)
    if (response.ok) return response
    // A wrong password is 401 too, and asks for no other login.
    const wantsLogin = response.status === 401 && response.headers.has('www-authenticate')
    if (!wantsLogin || options.anonymous === true) throw await failureOf(response)
    sessionEnded.value = true
    await new Promise<void>((resolve) => {
      renewed.push(resolve)
    })
  }
}

async function send(path: string, { method = 'GET', body, headers = {}, signal }: CallOptions): Promise<Response> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  try {
    const response = await fetch(path, {
      method,
      headers: { accept: 'application/json', ...json, ...headers },
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    const servers = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(servers)) clockAheadMs.value = servers - Date.now()
    return response
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw new CallFailed(0, { reason: 'Unreachable' })
  }
}

async function failureOf(response: Response): Promise<CallFailed> {
  try {
    return new CallFailed(response.status, (await response.json()) as Failure)
  } catch {
    return new CallFailed(response.status, {})
  }
}
