/** Who calls over TCP: a session of one of our users, or a token of the application. */

import type { FastifyRequest } from 'fastify'

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { personOf } from '../../domain/person.ts'
import type { StateReader } from '../../store/reader.ts'
import type { Sessions } from '../../store/sessions.ts'
import type { LoginFailure } from '../../telemetry/telemetry.ts'
import { ROLES, Unauthorized, type Caller, type Role } from '../caller.ts'
import type { AuthSettings } from '../settings.ts'
import { ApplicationTokens } from './application-token.ts'
import { credentialOf, refuseForeignPage } from './credentials.ts'
import { Login } from './login.ts'
import { Reauthentication } from './reauthentication.ts'
import { SessionTokens } from './session-tokens.ts'
import { highest, roleOn, UserDirectory } from './user-directory.ts'
import type { User } from './users-file.ts'

export interface AuthOptions {
  readonly settings: AuthSettings
  readonly reader: Pick<StateReader, 'outcomesAfter'>
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'error'>
  readonly failed: (reason: LoginFailure) => void
}

/** What an application's role is called that has no name. */
const NO_ROLE = 'none'

export class Auth {
  readonly users: UserDirectory
  readonly login: Login
  readonly sessions: SessionTokens
  readonly reauthentication: Reauthentication
  readonly #application: ApplicationTokens | null
  readonly #failed: AuthOptions['failed']

  /** @throws RestoreError `InvalidUsersFile`, `WeakKey`, `InvalidKey`: it is not started with less than what was configured. */
  constructor({ settings, reader, sessions, clock, log, failed }: AuthOptions) {
    this.users = new UserDirectory(settings.usersFile, log)
    this.login = new Login({ users: this.users, clock, failed })
    this.sessions = new SessionTokens(sessions, this.users, settings, clock)
    this.reauthentication = new Reauthentication(settings.reauth, clock)
    this.#application = settings.jwt === null ? null : new ApplicationTokens(settings.jwt, reader, clock)
    this.#failed = failed
  }

  /** Never two at once: a call with an Authorization header is judged by it alone. */
  authenticate = async (request: FastifyRequest): Promise<Caller | null> => {
    const credential = credentialOf(request)
    if (credential.kind === 'none') return null
    try {
      if (credential.kind === 'unreadable') throw new Unauthorized(true)
      const { kind, token } = credential
      if (kind !== 'bearer') refuseForeignPage(request)
      const isApplications = kind === 'application-cookie' || token.includes('.')
      if (isApplications) return await this.#fromApplication(request, token)
      return this.#fromSession(request, token, kind === 'bearer' ? 'token' : 'session')
    } catch (error) {
      if (error instanceof Unauthorized) this.#failed('invalid_token')
      throw error
    }
  }

  #fromSession(request: FastifyRequest, token: string, credential: 'session' | 'token'): Caller {
    const user = this.sessions.userOf(token)
    if (user === undefined) throw new Unauthorized(true)
    return callerOfUser(request, user, credential)
  }

  async #fromApplication(request: FastifyRequest, token: string): Promise<Caller> {
    if (this.#application === null) throw new Unauthorized(true)
    const { targets } = this.#application
    const { name, role, roleName, issuedAtMs } = await this.#application.verify(token)
    return {
      ...placeOf(request),
      name,
      person: personOf(name, [name]),
      credential: 'application-token',
      roleName: roleName === '' ? NO_ROLE : roleName,
      issuedAt: issuedAtMs,
      roleFor: (target) => (targets.includes(target) ? role : null),
    }
  }
}

export function callerOfUser(request: FastifyRequest, user: User, credential: 'session' | 'token'): Caller {
  return {
    ...placeOf(request),
    name: user.name,
    person: personOf(user.name, [user.name]),
    credential,
    roleName: highestRole(user) ?? NO_ROLE,
    issuedAt: null,
    roleFor: (target) => roleOn(user.roles, target),
  }
}

/** Of all targets: what a person is called, not what they may do. */
export function highestRole({ roles }: User): Role | null {
  return highest(ROLES.filter((role) => Object.values(roles).includes(role)))
}

function placeOf(request: FastifyRequest): Pick<Caller, 'door' | 'address' | 'userAgent' | 'requestId'> {
  return {
    door: 'http',
    address: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, 256) ?? null,
    requestId: request.id,
  }
}
