/** The API's TCP listener over the life of the daemon: opened last, told of the stop at once, closed after the last restore. */

import type { ApiContext } from '../api/app.ts'
import { Auth } from '../api/auth/auth.ts'
import { RevokedTokens } from '../api/auth/revoked-tokens.ts'
import { recordUserChanges } from '../api/auth/user-changes.ts'
import { loadPage, PAGE_FOLDER } from '../api/page.ts'
import { ROUTES } from '../api/routes.ts'
import type { ListenerSettings } from '../api/settings.ts'
import { startTcpApi, type TcpApi } from '../api/tcp-api.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Target } from '../domain/target.ts'
import type { StateStore } from '../store/store.ts'
import type { DoorTelemetry } from '../telemetry/telemetry.ts'
import type { Configuration } from './configuration.ts'

export interface ApiListenerParts {
  readonly store: StateStore
  readonly telemetry: Pick<DoorTelemetry, 'loginFailed'>
  readonly clock: Clock
  readonly database: Pick<DatabaseOperations, 'revokedTokens' | 'fingerprint'>
  readonly targets: ReadonlyMap<string, Target>
  /** Asked at each call: a reload may change it. */
  readonly rateLimit: () => ListenerSettings['rateLimit']
}

/** A change of the users that nobody logs in after is recorded all the same. */
const USERS_LOOK_MS = 5000

export class ApiListener {
  readonly #configuration: Configuration
  readonly #log: Log
  #api: TcpApi | null = null
  #auth: Auth | null = null
  #look: NodeJS.Timeout | undefined

  constructor(configuration: Configuration, log: Log) {
    this.#configuration = configuration
    this.#log = log
  }

  /** @throws RestoreError `ListenFailed`, `InvalidCertificate`, `InvalidUsersFile`, `WeakKey`, `InvalidKey`. */
  async open(
    context: Omit<ApiContext, 'auth'>,
    { store, telemetry, clock, database, targets, rateLimit }: ApiListenerParts,
  ): Promise<void> {
    const { api, auth: settings, stateDir } = this.#configuration
    for (const warning of warnings(this.#configuration)) this.#log.warn(warning)
    if (api.listen === null) return
    const revoked = new RevokedTokens({ database, reader: store, targets, log: this.#log })
    store.onCommit((request) => {
      revoked.requestCommitted(request)
    })
    const auth = new Auth({
      revoked,
      settings,
      reader: store,
      sessions: store.sessions,
      clock,
      log: this.#log,
      failed: (reason) => {
        telemetry.loginFailed(reason)
      },
      usersSeen: recordUserChanges({
        record: (entry) => {
          context.audit?.record(entry)
        },
        memory: store,
        log: this.#log,
      }),
    })
    this.#auth = auth
    this.#look = setInterval(() => {
      auth.users.look()
    }, USERS_LOOK_MS)
    this.#look.unref()
    if (settings.usersFile !== null && auth.users.size === 0) {
      this.#log.warn(`${settings.usersFile} has no users: modosu user add NAME --role admin`)
    }
    const page = loadPage(PAGE_FOLDER)
    if (page === null) this.#log.warn(`the web page is not served: ${PAGE_FOLDER} holds none`)
    this.#api = await startTcpApi({
      settings: { ...api, ...api.listen },
      routes: ROUTES,
      page,
      context: { ...context, auth },
      authenticate: auth.authenticate,
      rateLimit,
      stateDir,
      clock,
    })
  }

  /**
   * For a reload: reads the users and keys that a new configuration names.
   *
   * @returns puts them in force; never throws.
   * @throws RestoreError `InvalidUsersFile`, `WeakKey`, `InvalidKey`: nothing has changed.
   */
  prepare(next: Configuration): () => void {
    const putInForce = this.#auth?.prepare(next.auth)
    return () => {
      putInForce?.()
      // What is opened once is as it was at the start.
      for (const warning of warnings({ auth: next.auth, api: this.#configuration.api })) this.#log.warn(warning)
    }
  }

  drain(): void {
    this.#api?.drain()
  }

  async close(): Promise<void> {
    clearInterval(this.#look)
    await this.#api?.close()
  }
}

/** Of keys that are set and do nothing. */
function* warnings({ api, auth }: Pick<Configuration, 'api' | 'auth'>): Generator<string> {
  if (api.listen !== null) {
    if (auth.usersFile === null && auth.jwt === null && auth.openidConnect === null) {
      yield 'nobody can log in to api.listen: neither auth.users.file nor auth.jwt nor auth.openidConnect is set'
    }
    return
  }
  const idle = [
    ['api.tls', api.tls !== null],
    ['api.trustProxy', api.trustProxy.length > 0],
    ['auth.users.file', auth.usersFile !== null],
    ['auth.jwt', auth.jwt !== null],
    ['auth.openidConnect', auth.openidConnect !== null],
  ] as const
  for (const [key, set] of idle) if (set) yield `${key} has no effect: api.listen is not set`
}
