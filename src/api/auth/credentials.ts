/** Where a call carries its credential, and the cookie of a session. */

import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'

import { RestoreError } from '../../domain/errors.ts'

const COOKIE = 'modosu_session'
/** Browsers accept this name over TLS alone, from this host alone (RFC 6265bis, 4.1.3.2). */
const TLS_COOKIE = '__Host-modosu_session'
/** The application's own, on the same host: cookies know no ports. */
const APPLICATION_COOKIE = 'token'

export type Credential =
  | { readonly kind: 'bearer' | 'session-cookie' | 'application-cookie'; readonly token: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }

export function credentialOf(request: FastifyRequest): Credential {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer +([!-~]{1,8192})$/i.exec(authorization)?.[1]
    return token === undefined ? { kind: 'unreadable' } : { kind: 'bearer', token }
  }
  const cookies = parseCookie(cookie ?? '')
  const session = cookies[cookieName(request)]
  if (session !== undefined) return { kind: 'session-cookie', token: session }
  const application = cookies[APPLICATION_COOKIE]
  return application === undefined ? { kind: 'none' } : { kind: 'application-cookie', token: application }
}

function cookieName({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? TLS_COOKIE : COOKIE
}

/** @param token null: the cookie goes. */
export function sessionCookie(request: FastifyRequest, token: string | null, maxAgeMs: number): string {
  return stringifySetCookie({
    name: cookieName(request),
    value: token ?? '',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    path: '/',
    maxAge: token === null ? 0 : Math.floor(maxAgeMs / 1000),
  })
}

const SAFE: readonly string[] = ['GET', 'HEAD']

/**
 * A cookie is sent by the browser itself, also for a page of another port of this host: what changes something must come
 * from a page of this very origin.
 *
 * @throws RestoreError `Forbidden`.
 */
export function refuseForeignPage(request: FastifyRequest): void {
  if (SAFE.includes(request.method)) return
  const { origin, host = '' } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site !== undefined ? site === 'same-origin' || site === 'none' : origin === undefined) return
  if (site === undefined && origin !== undefined && URL.canParse(origin)) {
    const from = new URL(origin)
    // A proxy may pass the host on without its port.
    if (from.host === host || (from.hostname === host && !/:\d+$/.test(host))) return
  }
  throw new RestoreError('the call comes from a page of another origin', { reason: 'CrossOrigin' })
}
