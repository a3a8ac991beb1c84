/** What the TCP listener adds to every answer and asks of every call: headers for browsers, a rate limit, 503 at the stop. */

import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'

import { RestoreError } from '../domain/errors.ts'
import { TooManyRequests } from './limits.ts'
import type { ListenerSettings } from './settings.ts'

/** Addresses that are counted at once; the one that was seen longest ago is forgotten. */
const MOST_ADDRESSES = 10_000
const ONE_YEAR_SECONDS = 31_536_000

export interface ProtectionOptions {
  /** Whether the listener itself speaks TLS. */
  readonly tls: boolean
  /** Asked at each call: a reload may change it. */
  readonly rateLimit: () => ListenerSettings['rateLimit']
  readonly isDraining: () => boolean
}

export async function addProtections(app: FastifyInstance, options: ProtectionOptions): Promise<void> {
  const { tls, isDraining, rateLimit: limit } = options
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // A browser must not learn from a plain listener that the host has HTTPS, nor be told so twice by a proxy.
    hsts: tls ? { maxAge: ONE_YEAR_SECONDS, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store').header('x-api-version', 'v1')
    if (!isDraining()) {
      done()
      return
    }
    reply.header('retry-after', '5').header('connection', 'close')
    done(new RestoreError('the daemon is stopping', { reason: 'DaemonStopping', hint: 'try again in a few seconds' }))
  })
  await app.register(rateLimit, {
    // The plugin's own hooks are the routes', which come after the credential was looked at and leave out unknown routes.
    global: false,
    max: () => limit().requests,
    timeWindow: () => limit().windowMs,
    cache: MOST_ADDRESSES,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => new TooManyRequests(ttl),
  })
  app.addHook('onRequest', app.rateLimit())
  app.addHook('onSend', async (_request, reply) => {
    if (reply.getHeader('ratelimit-policy') !== undefined) return
    const { requests, windowMs } = limit()
    reply.header('ratelimit-policy', `${requests};w=${Math.round(windowMs / 1000)}`)
  })
}
