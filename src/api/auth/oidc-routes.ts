/** The two routes of a login at an OpenID Connect issuer: a browser goes there, and comes back with a session of ours. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { RestoreError } from '../../domain/errors.ts'
import type { ApiContext } from '../app.ts'
import { actorDetails, Forbidden, setCaller, Unauthorized } from '../caller.ts'
import type { Auth } from './auth.ts'
import { callerOfIdentity, roleOfIdentity } from './callers.ts'
import { cookieOf, LOGIN_COOKIE, loginCookie, sessionCookie } from './credentials.ts'
import { idOf } from './identity.ts'
import { CALLBACK_PATH, LOGIN_PATH } from './oidc-paths.ts'
import type { OpenIdConnect } from './openid-connect.ts'
import { PENDING_MS, type PendingLogin } from './pending-logins.ts'
import { returnPath } from './return-path.ts'
import { AUTH_ROUTE } from './schemas.ts'

/** Shows who has logged in. */
const FALLBACK_PATH = '/api/v1/auth/me'

interface LoginCall {
  readonly Querystring: { readonly return?: string; readonly reauth?: string }
}

export function addOidcRoutes(app: FastifyInstance, { auth, audit, clock, log }: ApiContext): void {
  if (auth === undefined) return

  app.get<LoginCall>(LOGIN_PATH, { config: { public: true }, schema: AUTH_ROUTE.oidcLogin }, async (request, reply) => {
    const issuer = issuerOf(auth)
    const returnTo = returnPath(request.query.return, FALLBACK_PATH)
    const backupId = request.query.reauth
    const reauthentication = backupId === undefined ? null : { user: await userOf(auth, request), backupId }
    const { location, browserKey } = await counted(auth, issuer.begin({ returnTo, reauthentication }, request.ip))
    return reply.header('set-cookie', loginCookie(request, browserKey, PENDING_MS)).redirect(location, 303)
  })

  app.get(CALLBACK_PATH, { config: { public: true }, schema: AUTH_ROUTE.oidcCallback }, async (request, reply) => {
    const issuer = issuerOf(auth)
    const query = new URL(request.url, 'http://here.invalid').searchParams
    const browserKey = cookieOf(request, LOGIN_COOKIE) ?? ''
    reply.header('set-cookie', loginCookie(request, null, 0))
    const { identity, login } = await counted(auth, issuer.finish(query, browserKey))
    const caller = callerOfIdentity(request, identity, issuer.settings, 'session')
    // A refusal is recorded with who it was.
    setCaller(request, caller)
    if (login.reauthentication !== null) {
      const { backupId } = login.reauthentication
      const path = proven(auth, idOf(identity), login, login.reauthentication)
      audit?.record({
        operation: 'reauth',
        actor: caller.name,
        status: 'info',
        message: `${caller.name} logged in again at the issuer for ${backupId}`,
        backupId,
        details: actorDetails(caller),
      })
      return goOn(reply, path)
    }
    if (roleOfIdentity(identity, issuer.settings) === null) {
      log.info('somebody without a role was refused', { user: caller.name, roles: identity.roleNames })
      throw new Forbidden('viewer', caller.roleName)
    }
    const { token, expiresAtMs } = auth.sessions.beginFor(identity)
    const message = `${caller.name} logged in`
    const details = actorDetails(caller)
    audit?.record({ operation: 'login', actor: caller.name, status: 'success', message, details })
    reply.header('set-cookie', sessionCookie(request, token, expiresAtMs - clock.nowMs()))
    return goOn(reply, login.returnTo)
  })
}

function issuerOf(auth: Auth): OpenIdConnect {
  if (auth.openIdConnect !== null) return auth.openIdConnect
  throw new RestoreError('nobody logs in here by OpenID Connect', {
    reason: 'NotFound',
    hint: 'auth.openidConnect in the configuration, then: modosu reload',
  })
}

async function counted<T>(auth: Auth, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    auth.failed('identity_provider')
    throw error
  }
}

/** Who asks to prove anew who they are; only a session of that issuer can. */
async function userOf(auth: Auth, request: FastifyRequest): Promise<string> {
  const caller = await auth.authenticate(request)
  if (caller?.identity === undefined) throw new Unauthorized(caller !== null, `log in first: ${LOGIN_PATH}`)
  return idOf(caller.identity)
}

/** The page takes the proof out of the fragment, which no server and no log ever sees. */
function proven(
  auth: Auth,
  user: string,
  { returnTo }: PendingLogin,
  asked: NonNullable<PendingLogin['reauthentication']>,
): string {
  if (user !== asked.user) {
    auth.failed('reauth')
    throw new RestoreError('somebody else has logged in at the issuer', {
      reason: 'ReauthenticationRequired',
      hint: 'log out there, and begin again',
    })
  }
  const { proof } = auth.reauthentication.give(user, asked.backupId)
  return `${returnTo.replace(/#.*$/s, '')}#reauth=${proof}`
}

/**
 * A page that leads on, not a redirect: a browser that comes from the issuer's site sends no cookie that is SameSite=Strict
 * along a chain of redirects, and would arrive without the session.
 */
function goOn(reply: FastifyReply, path: string): FastifyReply {
  const url = path.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  return reply
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="ja"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${url}">` +
        `<title>Modosu</title><p><a href="${url}">ログインしました。続行 / Logged in. Continue</a></p></html>\n`,
    )
}
