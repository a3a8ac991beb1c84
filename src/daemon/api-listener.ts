/** The API's TCP listener over the life of the daemon: opened last, told of the stop at once, closed after the last restore. */

import type { ApiContext } from '../api/app.ts'
import { Auth } from '../api/auth/auth.ts'
import { ApiAudit } from '../api/refusal-audit.ts'
import { ROUTES } from '../api/routes.ts'
import { startTcpApi, type TcpApi } from '../api/tcp-api.ts'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { StateStore } from '../store/store.ts'
import type { DoorTelemetry } from '../telemetry/telemetry.ts'
import type { Configuration } from './configuration.ts'

export interface ApiListenerParts {
  readonly store: StateStore
  readonly telemetry: Pick<DoorTelemetry, 'loginFailed'>
  readonly clock: Clock
}

export class ApiListener {
  readonly #configuration: Configuration
  readonly #log: Log
  #api: TcpApi | null = null

  constructor(configuration: Configuration, log: Log) {
    this.#configuration = configuration
    this.#log = log
  }

  /** @throws RestoreError `ListenFailed`, `InvalidCertificate`, `InvalidUsersFile`, `WeakKey`, `InvalidKey`. */
  async open(
    context: Omit<ApiContext, 'auth' | 'audit'>,
    { store, telemetry, clock }: ApiListenerParts,
  ): Promise<void> {
    const { api, auth: settings, stateDir } = this.#configuration
    for (const warning of warnings(this.#configuration)) this.#log.warn(warning)
    if (api.listen === null) return
    const auth = new Auth({
      settings,
      reader: store,
      sessions: store.sessions,
      clock,
      log: this.#log,
      failed: (reason) => {
        telemetry.loginFailed(reason)
      },
    })
    if (settings.usersFile !== null && auth.users.size === 0) {
      this.#log.warn(`${settings.usersFile} has no users: modosu user add NAME --role admin`)
    }
    this.#api = await startTcpApi({
      settings: { ...api, ...api.listen },
      routes: ROUTES,
      context: { ...context, auth, audit: new ApiAudit(store, clock) },
      authenticate: auth.authenticate,
      stateDir,
      clock,
    })
  }

  drain(): void {
    this.#api?.drain()
  }

  async close(): Promise<void> {
    await this.#api?.close()
  }
}

/** Of keys that are set and do nothing. */
function* warnings({ api, auth }: Configuration): Generator<string> {
  if (api.listen !== null) {
    if (auth.usersFile === null && auth.jwt === null) {
      yield 'nobody can log in to api.listen: neither auth.users.file nor auth.jwt is set'
    }
    return
  }
  const idle = [
    ['api.tls', api.tls !== null],
    ['api.trustProxy', api.trustProxy.length > 0],
    ['auth.users.file', auth.usersFile !== null],
    ['auth.jwt', auth.jwt !== null],
  ] as const
  for (const [key, set] of idle) if (set) yield `${key} has no effect: api.listen is not set`
}
