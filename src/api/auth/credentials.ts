/** Where a call carries its credential, and the cookie of a session. */

import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'

import { RestoreError } from '../../domain/errors.ts'

const COOKIE = 'modosu_session'
/** Browsers accept this name over TLS alone, from this host alone (RFC 6265bis, 4.1.3.2). */
const TLS_PREFIX = '__Host-'
/** Ties a login at an issuer to the browser that began it. */
export const LOGIN_COOKIE = 'modosu_login'
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
  const session = cookies[cookieName(request, COOKIE)]
  if (session !== undefined) return { kind: 'session-cookie', token: session }
  const application = cookies[APPLICATION_COOKIE]
  return application === undefined ? { kind: 'none' } : { kind: 'application-cookie', token: application }
}

function cookieName({ protocol }: FastifyRequest, name: string): string {
  return protocol === 'https' ? `${TLS_PREFIX}${name}` : name
}

/** @param name one of ours. */
export function cookieOf(request: FastifyRequest, name: string): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[cookieName(request, name)]
}

/** @param token null: the cookie goes. */
export function sessionCookie(request: FastifyRequest, token: string | null, maxAgeMs: number): string {
  return cookie(request, COOKIE, token, { maxAgeMs, sameSite: 'strict' })
}

/** Lax: the browser comes back from the issuer's site, and must bring it. */
export function loginCookie(request: FastifyRequest, key: string | null, maxAgeMs: number): string {
  return cookie(request, LOGIN_COOKIE, key, { maxAgeMs, sameSite: 'lax' })
}

interface CookieOptions {
  readonly maxAgeMs: number
  readonly sameSite: 'strict' | 'lax'
}

function cookie(request: FastifyRequest, name: string, value: string | null, options: CookieOptions): string {
  return stringifySetCookie({
    name: cookieName(request, name),
    value: value ?? '',
    httpOnly: true,
    sameSite: options.sameSite,
    secure: request.protocol === 'https',
    path: '/',
    maxAge: value === null ? 0 : Math.floor(options.maxAgeMs / 1000),
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
