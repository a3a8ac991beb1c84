/** One HTTP request and its answer. Follows no redirect, keeps no connection, and reads no more of an answer than is needed. */

import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** Enough for what an application says of its health or of a login; the rest is not waited for. */
const BODY_BYTES = 64 * 1024

export interface HttpCall {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Accept any certificate. */
  readonly insecureSkipVerify: boolean
}

export interface HttpAnswer {
  readonly status: number
  /** Its first 64 KiB. */
  readonly body: string
}

/** Resolves once the body has come in too, as far as it matters. Rejects with the system's error, or when the signal is raised. */
export async function callHttp(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
  const url = new URL(call.url)
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method: call.method,
      agent: false,
      signal,
      headers: { accept: '*/*', 'user-agent': 'modosu', ...call.headers },
    }
    const answered = (response: IncomingMessage): void => {
      const chunks: Buffer[] = []
      let length = 0
      const done = (): void => {
        const body = Buffer.concat(chunks).subarray(0, BODY_BYTES).toString('utf8')
        resolve({ status: response.statusCode ?? 0, body })
        response.destroy()
      }
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length > BODY_BYTES) done()
      })
      response.once('end', done)
      response.on('error', reject)
    }
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, rejectUnauthorized: !call.insecureSkipVerify }, answered)
        : httpRequest(url, options, answered)
    request.on('error', reject)
    request.end(call.body)
  })
}

/** A URL may carry a password or a token; messages reach logs and webhooks. */
export function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return 'the configured URL'
  const url = new URL(text)
  return `${url.origin}${url.pathname}`
}
