/** The API over TCP: HTTPS, or plain HTTP on loopback. The routes are the socket's; who calls is proven by a credential. */

import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import type { Clock } from '../domain/clock.ts'
import { messageOf, RestoreError } from '../domain/errors.ts'
import { LATE_REQUESTS } from '../telemetry/connections.ts'
import { closeApp, createApp, type AddRoutes, type ApiContext, type Authenticate } from './app.ts'
import { addPage, type Page } from './page.ts'
import { addProtections } from './protections.ts'
import type { ListenerSettings } from './settings.ts'
import { certificateSource, type Certificate, type CertificateSource } from './tls.ts'

const RENEWAL_LOOK_MS = 60_000
/** Of a client that connects and says nothing, in the words of TLS. */
const HANDSHAKE_MS = 5000

export interface TcpApiOptions {
  readonly settings: ListenerSettings
  readonly routes: readonly AddRoutes[]
  readonly context: ApiContext
  readonly authenticate: Authenticate
  /** Absent or null: no page is served. */
  readonly page?: Page | null
  /** Asked at each call; absent: as in the settings. */
  readonly rateLimit?: () => ListenerSettings['rateLimit']
  /** Where a self-signed certificate is kept. */
  readonly stateDir: string
  readonly clock: Clock
}

export interface TcpApi {
  readonly address: { readonly host: string; readonly port: number }
  /** From now on new calls are answered 503; those under way go on. */
  drain(): void
  /** Lets answers on their way go out for a second. Idempotent. */
  close(): Promise<void>
}

/**
 * Serves until closed.
 *
 * @throws RestoreError `ListenFailed`, `InvalidCertificate`; nothing is left open then.
 */
export async function startTcpApi(options: TcpApiOptions): Promise<TcpApi> {
  const { settings, context, authenticate, stateDir, clock, page = null } = options
  const routes = page === null ? options.routes : [...options.routes, addPage(page)]
  const { host, port, tls, trustProxy } = settings
  const source = tls === null ? null : certificateSource(tls, { stateDir, host, clock })
  // Before the load: a file that changes in between is loaded again.
  const stamp = source?.stamp() ?? ''
  const certificate = (await source?.load()) ?? null
  const state = { draining: false }
  const app = await createApp({
    door: 'http',
    routes,
    context,
    authenticate,
    trustProxy,
    makeServer: (handler) => makeServer(certificate, handler),
    protect: (protectedApp) =>
      addProtections(protectedApp, {
        tls: tls !== null,
        rateLimit: options.rateLimit ?? (() => settings.rateLimit),
        isDraining: () => state.draining,
      }),
  })
  try {
    await app.ready()
    await listen(app.server, host, port)
  } catch (error) {
    await closeApp(app)
    throw error
  }
  const { log } = context
  app.server.on('error', (error) => {
    log.warn('the API listener has trouble', { error })
  })
  const renewal = source === null ? undefined : renew(app.server, source, stamp, context)
  const address = app.server.address() as AddressInfo
  announce(address, certificate, log)
  return {
    address: { host: address.address, port: address.port },
    drain() {
      state.draining = true
    },
    async close() {
      clearInterval(renewal)
      await closeApp(app)
    },
  }
}

function makeServer(certificate: Certificate | null, handler: RequestListener): Server {
  if (certificate === null) return createServer(LATE_REQUESTS, handler)
  const options = {
    ...LATE_REQUESTS,
    ...certificate.options,
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_MS,
  } as const
  // What Fastify and this file use of it is the same.
  return createHttpsServer(options, handler)
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(
        new RestoreError(`cannot listen on ${host}:${port}: ${error.message}`, {
          reason: 'ListenFailed',
          hint: 'set another api.listen, or stop what listens there',
          cause: error,
        }),
      )
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

/** New connections get the new certificate; one that cannot be used changes nothing. */
function renew(server: Server, source: CertificateSource, first: string, { log }: ApiContext): NodeJS.Timeout {
  let seen = first
  const timer = setInterval(() => {
    const stamp = source.stamp()
    if (stamp === seen) return
    seen = stamp
    source.load().then(
      ({ options, fingerprint }) => {
        ;(server as unknown as HttpsServer).setSecureContext(options)
        log.info('the certificate of the API was loaded anew', { fingerprint })
      },
      (error: unknown) => {
        log.error(`the new certificate of the API is not used: ${messageOf(error)}`)
      },
    )
  }, RENEWAL_LOOK_MS)
  timer.unref()
  return timer
}

function announce(
  { address, family, port }: AddressInfo,
  certificate: Certificate | null,
  log: ApiContext['log'],
): void {
  const host = family === 'IPv6' ? `[${address}]` : address
  if (certificate === null) {
    log.info(`the API listens on http://${host}:${port}`)
    return
  }
  const { fingerprint, endsAtMs } = certificate
  log.info(`the API listens on https://${host}:${port}, certificate ${fingerprint}`, {
    fingerprint,
    certificateEnds: new Date(endsAtMs).toISOString(),
  })
}
