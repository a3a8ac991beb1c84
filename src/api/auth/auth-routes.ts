/** Login, logout, who am I, and the password given again, in the application's shapes. On the socket there is nobody to log in. */

import type { FastifyInstance } from 'fastify'

import { RestoreError } from '../../domain/errors.ts'
import type { ApiContext } from '../app.ts'
import { InvalidFields, objectOf, type JsonObject } from '../body.ts'
import { tellAct, tellClaimedUser } from '../call-audit.ts'
import { actorDetails, callerOf } from '../caller.ts'
import { callerOfUser, highestRole } from './callers.ts'
import { credentialOf, sessionCookie } from './credentials.ts'
import { idOf } from './identity.ts'
import { LOGIN_PATH } from './oidc-paths.ts'
import { addOidcRoutes } from './oidc-routes.ts'
import { howToProve } from './reauthentication.ts'
import { AUTH_ROUTE } from './schemas.ts'
import type { User } from './users-file.ts'

const PREFIX = '/api/v1/auth'

function texts<Field extends string>(body: JsonObject, fields: readonly Field[]): Readonly<Record<Field, string>> {
  const isText = (field: Field): boolean => typeof body[field] === 'string' && body[field] !== ''
  const wrong = fields.filter((field) => !isText(field))
  if (wrong.length > 0) throw new InvalidFields(wrong)
  return body as Readonly<Record<Field, string>>
}

function view(user: User) {
  return {
    id: user.name,
    username: user.name,
    email: null,
    role: highestRole(user),
    full_name: null,
    roles: user.roles,
  }
}

export function addAuthRoutes(app: FastifyInstance, context: ApiContext): void {
  const { auth, audit, clock } = context
  if (auth === undefined) return
  addOidcRoutes(app, context)

  app.post(`${PREFIX}/login`, { config: { public: true }, schema: AUTH_ROUTE.login }, async (request, reply) => {
    const { username, password } = texts(objectOf(request.body), ['username', 'password'])
    if (auth.users.find(username) !== undefined) tellClaimedUser(request, username)
    const user = await auth.login.prove(username, password, request.ip)
    const { token, expiresAtMs } = auth.sessions.begin(user)
    const details = actorDetails(callerOfUser(request, user, 'token'))
    audit?.record({
      operation: 'login',
      actor: user.name,
      status: 'success',
      message: `${user.name} logged in`,
      details,
    })
    return reply.header('set-cookie', sessionCookie(request, token, expiresAtMs - clock.nowMs())).send({
      message: 'ログインに成功しました',
      token,
      user: view(user),
      expiresAt: new Date(expiresAtMs).toISOString(),
    })
  })

  app.get(`${PREFIX}/methods`, { config: { public: true }, schema: AUTH_ROUTE.methods }, () => ({
    message: 'OK',
    data: {
      password: auth.users.size > 0,
      openid_connect: auth.openIdConnect === null ? null : LOGIN_PATH,
    },
  }))

  app.post(`${PREFIX}/logout`, { schema: AUTH_ROUTE.logout }, (request, reply) => {
    const caller = callerOf(request)
    const credential = credentialOf(request)
    if (caller.credential !== 'application-token' && 'token' in credential) auth.sessions.end(credential.token)
    const message = `${caller.name} logged out`
    audit?.record({
      operation: 'logout',
      actor: caller.name,
      status: 'success',
      message,
      details: actorDetails(caller),
    })
    const logoutUrl = caller.identity === undefined ? null : (auth.openIdConnect?.logoutUrl() ?? null)
    return reply
      .header('set-cookie', sessionCookie(request, null, 0))
      .send({ message: 'ログアウトしました', ...(logoutUrl === null ? {} : { logoutUrl }) })
  })

  app.get(`${PREFIX}/me`, { schema: AUTH_ROUTE.me }, (request) => {
    const { name, credential, roleName, identity } = callerOf(request)
    if (identity !== undefined) {
      return { message: 'OK', user: { id: idOf(identity), username: identity.displayName, role: roleName } }
    }
    const user = credential === 'application-token' ? undefined : auth.users.find(name)
    return { message: 'OK', user: user === undefined ? { id: name, username: name, role: roleName } : view(user) }
  })

  app.post(`${PREFIX}/reauth`, { schema: AUTH_ROUTE.reauth }, async (request) => {
    const caller = callerOf(request)
    if (caller.identity !== undefined) {
      const message = 'whoever logs in at an OpenID Connect issuer has no password here'
      throw new RestoreError(message, { reason: 'Denied', hint: howToProve(caller) })
    }
    const { password, backup_id: backupId } = texts(objectOf(request.body), ['password', 'backup_id'])
    if (caller.credential !== 'session' && caller.credential !== 'token') {
      throw new RestoreError('only a user who logged in here has a password here', { reason: 'Denied' })
    }
    await auth.login.prove(caller.name, password, request.ip, 'reauth')
    tellAct(request, {
      operation: 'reauth',
      message: `${caller.name} gave the password again for ${backupId}`,
      backupId,
    })
    const { proof, expiresAtMs } = auth.reauthentication.give(caller.name, backupId)
    return { message: 'OK', data: { proof, backup_id: backupId, expires_at: new Date(expiresAtMs).toISOString() } }
  })
}
