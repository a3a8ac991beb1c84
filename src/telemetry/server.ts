/**
 * The listener for machines that watch: /metrics, /livez, /readyz. Plain HTTP, loopback unless configured otherwise, no
 * way to change anything; apart from the API, so that a flood there does not blind the watchers.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { messageOf, RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { guardConnections, LATE_REQUESTS } from './connections.ts'
import { HealthChecks, verdictText, type HealthCheck } from './health.ts'

/** Of one health check. */
const CHECK_DEADLINE_MS = 2000

export interface TelemetryServerOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly metrics: { readonly contentType: string; render(): Promise<string> }
  /** Whether the process must be restarted; nothing outside the process belongs here. */
  readonly livez: readonly HealthCheck[]
  /** Whether requests can be served now. */
  readonly readyz: readonly HealthCheck[]
  readonly log: Log
}

export interface TelemetryServer {
  readonly address: { readonly host: string; readonly port: number }
  /** Ends the listener and its connections. */
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly contentType?: string
}

type Handler = (query: URLSearchParams) => Promise<Answer>

/** @throws RestoreError `ListenFailed` where the address is taken or not allowed. */
export async function startTelemetryServer(options: TelemetryServerOptions): Promise<TelemetryServer> {
  const routes = routesOf(options)
  const server = createServer(LATE_REQUESTS, (request, response) => {
    answer(routes, request).then(
      (found) => {
        send(response, request, found)
      },
      (error: unknown) => {
        options.log.error('a scrape could not be answered', { component: 'telemetry', path: request.url, error })
        send(response, request, { status: 500, body: `${messageOf(error)}\n` })
      },
    )
  })
  guardConnections(server, { busyMs: 10_000 })
  await listen(server, options.host, options.port)
  // Such as EMFILE when a connection is accepted; without a listener it would end the daemon.
  server.on('error', (error) => {
    options.log.warn('the metrics listener has trouble', { component: 'telemetry', error })
  })
  const { address, port } = server.address() as AddressInfo
  return { address: { host: address, port }, close: () => close(server) }
}

function routesOf({ metrics, livez, readyz }: TelemetryServerOptions): ReadonlyMap<string, Handler> {
  return new Map<string, Handler>([
    ['/metrics', async () => ({ status: 200, body: await metrics.render(), contentType: metrics.contentType })],
    ['/livez', health('livez', livez)],
    ['/readyz', health('readyz', readyz)],
  ])
}

/** As Kubernetes answers: `ok`, or the list of checks where one failed or `?verbose` asks for it. */
function health(endpoint: string, checks: readonly HealthCheck[]): Handler {
  const all = new HealthChecks(checks, CHECK_DEADLINE_MS)
  return async (query) => {
    const verdicts = await all.run()
    const passed = verdicts.every(({ failure }) => failure === null)
    const body = passed && !query.has('verbose') ? 'ok' : verdictText(endpoint, verdicts)
    return { status: passed ? 200 : 503, body }
  }
}

async function answer(routes: ReadonlyMap<string, Handler>, request: IncomingMessage): Promise<Answer> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const handler = routes.get(path)
  if (handler === undefined) {
    return { status: 404, body: `not found; this listener has ${[...routes.keys()].join(', ')}\n` }
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, body: 'only GET and HEAD\n' }
  return handler(new URLSearchParams(query))
}

function send(response: ServerResponse, request: IncomingMessage, { status, body, contentType }: Answer): void {
  // A request's body is not read; closing ends it.
  const sendsBody =
    request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  if (sendsBody || (request.method !== 'GET' && request.method !== 'HEAD')) response.setHeader('Connection', 'close')
  if (status === 405) response.setHeader('Allow', 'GET, HEAD')
  response.writeHead(status, {
    'Content-Type': contentType ?? 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new RestoreError(`cannot listen on ${host}:${port}: ${error.message}`, {
          reason: 'ListenFailed',
          hint: 'set another metrics.listen, or stop what listens there',
          cause: error,
        }),
      )
    })
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}
