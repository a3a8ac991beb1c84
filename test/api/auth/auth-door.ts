/** The routes as the TCP door serves them, with real users, sessions and tokens, called in this process. */

import { join } from 'node:path'

import { createApp, type ApiContext } from '../../../src/api/app.ts'
import type { Revocations } from '../../../src/api/auth/application-token.ts'
import { Auth } from '../../../src/api/auth/auth.ts'
import { writeUsers, type User } from '../../../src/api/auth/users-file.ts'
import { ApiAudit } from '../../../src/api/call-audit.ts'
import { ROUTES } from '../../../src/api/routes.ts'
import type { ApplicationTokenSettings, AuthSettings } from '../../../src/api/settings.ts'
import type { Workplace } from '../../cli/workplace.ts'
import { Contract } from '../contract.ts'
import { contextOf } from '../door.ts'

export type Headers = Readonly<Record<string, string>>

export type Method = 'GET' | 'POST' | 'DELETE'

export interface ServedRoute {
  readonly method: Method
  /** The pattern. */
  readonly url: string
  readonly public: boolean
}

export interface AuthDoor {
  readonly auth: Auth
  readonly clock: { nowMs: () => number }
  /** Why logins were refused. */
  readonly failures: readonly string[]
  /** All that the application serves. */
  readonly routes: readonly ServedRoute[]
  /** Each answer is held against the document of the API. */
  call(method: Method, path: string, headers?: Headers, body?: unknown): Promise<CallAnswer>
  /** As a browser does, for an answer that is no JSON. */
  browse(path: string, headers?: Headers): Promise<Page>
  writeUsers(users: readonly User[]): void
  close(): Promise<void>
}

export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

export interface CallAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, unknown>>
}

export async function openAuthDoor(
  place: Workplace,
  users: readonly User[],
  jwt: ApplicationTokenSettings | null,
  settings: Partial<AuthSettings> = {},
  revoked?: Revocations,
  extra: Partial<ApiContext> = {},
): Promise<AuthDoor> {
  const usersFile = join(place.root, 'users.yaml')
  const save = (list: readonly User[]): void => {
    writeUsers(usersFile, list, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 })
  }
  save(users)
  const { context, close } = contextOf(place)
  const clock = { nowMs: () => place.nowMs }
  const failures: string[] = []
  const auth = new Auth({
    settings: {
      usersFile,
      sessionIdleMs: 3_600_000,
      sessionLifetimeMs: 43_200_000,
      jwt,
      openidConnect: null,
      reauth: 'web',
      ...settings,
    },
    reader: place.store,
    sessions: place.store.sessions,
    clock,
    log: context.log,
    failed: (reason) => {
      failures.push(reason)
    },
    ...(revoked === undefined ? {} : { revoked }),
  })
  const routes: ServedRoute[] = []
  const app = await createApp({
    door: 'http',
    routes: ROUTES,
    context: { ...context, ...extra, clock, auth, audit: new ApiAudit(place.store, clock) },
    authenticate: auth.authenticate,
    protect: async (protectedApp) => {
      protectedApp.addHook('onRoute', ({ method, url, config }) => {
        for (const each of [method].flat())
          routes.push({ method: each as Method, url, public: config?.public === true })
      })
      return Promise.resolve()
    },
  })
  await app.ready()
  const contract = new Contract(app.swagger())
  return {
    auth,
    clock,
    failures,
    routes,
    async call(method, url, headers = {}, sent) {
      const type = sent === undefined ? {} : { 'content-type': 'application/json' }
      const payload = sent === undefined ? {} : { payload: typeof sent === 'string' ? sent : JSON.stringify(sent) }
      const answer = await app.inject({ method, url, headers: { ...type, ...headers }, ...payload })
      const body = answer.json<CallAnswer['body']>()
      contract.check(method, url, answer.statusCode, String(answer.headers['content-type']), body)
      return { status: answer.statusCode, headers: answer.headers, body }
    },
    async browse(url, headers = {}) {
      const { statusCode: status, headers: answered, payload } = await app.inject({ method: 'GET', url, headers })
      const isJson = String(answered['content-type']).startsWith('application/json')
      if (isJson) contract.check('GET', url, status, 'application/json', JSON.parse(payload))
      return { status, headers: answered, text: payload }
    },
    writeUsers: save,
    async close() {
      await app.close()
      await close()
    },
  }
}
