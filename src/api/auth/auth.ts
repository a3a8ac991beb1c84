/** Who calls over TCP: a session of a user of our own or of an issuer's, or a token of the application. */

import type { FastifyRequest } from 'fastify'

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type { StateReader } from '../../store/reader.ts'
import type { Sessions } from '../../store/sessions.ts'
import type { LoginFailure } from '../../telemetry/telemetry.ts'
import { Unauthorized, type Caller } from '../caller.ts'
import type { AuthSettings } from '../settings.ts'
import { ApplicationTokens, type Revocations } from './application-token.ts'
import { callerOfApplication, callerOfIdentity, callerOfUser } from './callers.ts'
import { credentialOf, refuseForeignPage } from './credentials.ts'
import { Login } from './login.ts'
import { OpenIdConnect } from './openid-connect.ts'
import { PendingLogins } from './pending-logins.ts'
import { Reauthentication } from './reauthentication.ts'
import { SessionTokens } from './session-tokens.ts'
import { UserDirectory, type UsersObserver } from './user-directory.ts'
import { readUsersFile } from './users-file.ts'

export interface AuthOptions {
  readonly settings: AuthSettings
  readonly reader: Pick<StateReader, 'outcomesAfter'>
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly failed: (reason: LoginFailure) => void
  /** Which tokens the application has revoked; absent: nobody can be asked. */
  readonly revoked?: Revocations
  /** Told of the users in force; absent: nobody is. */
  readonly usersSeen?: UsersObserver
}

/** What is made of the settings, and made anew when they change. */
interface Parts {
  readonly settings: AuthSettings
  readonly application: ApplicationTokens | null
  readonly openIdConnect: OpenIdConnect | null
}

export class Auth {
  readonly users: UserDirectory
  /** Counts failures, so it outlives every reload. */
  readonly login: Login
  readonly sessions: SessionTokens
  readonly reauthentication: Reauthentication
  readonly failed: AuthOptions['failed']
  readonly #options: Omit<AuthOptions, 'settings'>
  readonly #pending: PendingLogins
  #parts: Parts

  /** @throws RestoreError `InvalidUsersFile`, `WeakKey`, `InvalidKey`: it is not started with less than what was configured. */
  constructor({ settings, ...options }: AuthOptions) {
    const { sessions, clock, log, failed } = options
    this.#options = options
    this.failed = failed
    this.#pending = new PendingLogins(clock)
    this.users = new UserDirectory(settings.usersFile, log, options.usersSeen)
    this.#parts = this.#partsOf(settings)
    this.login = new Login({ users: this.users, clock, failed })
    this.sessions = new SessionTokens({ sessions, users: this.users, clock, settings: () => this.#parts.settings })
    this.reauthentication = new Reauthentication(() => this.#parts.settings.reauth, clock)
  }

  /** null: nobody logs in at an issuer. */
  get openIdConnect(): OpenIdConnect | null {
    return this.#parts.openIdConnect
  }

  /**
   * Reads everything anew that the settings name, files of keys included, and changes nothing yet.
   *
   * @returns puts it in force; never throws.
   * @throws RestoreError `InvalidUsersFile`, `WeakKey`, `InvalidKey`.
   */
  prepare(settings: AuthSettings): () => void {
    const { usersFile } = settings
    const isOther = usersFile !== this.#parts.settings.usersFile
    const found = isOther && usersFile !== null ? readUsersFile(usersFile) : undefined
    const parts = this.#partsOf(settings)
    return () => {
      this.#parts = parts
      if (isOther) this.users.use(usersFile, found)
    }
  }

  #partsOf(settings: AuthSettings): Parts {
    const { reader, clock, log, revoked } = this.#options
    const { jwt, openidConnect } = settings
    return {
      settings,
      application: jwt === null ? null : new ApplicationTokens(jwt, reader, clock, revoked ?? null),
      openIdConnect: openidConnect === null ? null : new OpenIdConnect(openidConnect, this.#pending, log),
    }
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
      if (error instanceof Unauthorized) this.failed('invalid_token')
      throw error
    }
  }

  #fromSession(request: FastifyRequest, token: string, credential: 'session' | 'token'): Caller {
    const owner = this.sessions.ownerOf(token)
    if (owner === undefined) throw new Unauthorized(true)
    if ('user' in owner) return callerOfUser(request, owner.user, credential)
    const { openidConnect } = this.#parts.settings
    if (openidConnect === null) throw new Unauthorized(true)
    return callerOfIdentity(request, owner.identity, openidConnect, credential)
  }

  async #fromApplication(request: FastifyRequest, token: string): Promise<Caller> {
    const { application } = this.#parts
    if (application === null) throw new Unauthorized(true)
    return callerOfApplication(request, await application.verify(token), application.targets)
  }
}
