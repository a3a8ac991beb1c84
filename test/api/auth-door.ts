/** The routes as the TCP door serves them, with real users, sessions and tokens, called in this process. */

import { join } from 'node:path'

import { createApp } from '../../src/api/app.ts'
import { Auth } from '../../src/api/auth/auth.ts'
import { writeUsers, type User } from '../../src/api/auth/users-file.ts'
import { ApiAudit } from '../../src/api/refusal-audit.ts'
import { ROUTES } from '../../src/api/routes.ts'
import type { ApplicationTokenSettings, AuthSettings } from '../../src/api/settings.ts'
import type { Workplace } from '../cli/workplace.ts'
import { contextOf } from './door.ts'

export type Headers = Readonly<Record<string, string>>

export interface AuthDoor {
  readonly auth: Auth
  readonly clock: { nowMs: () => number }
  /** Why logins were refused. */
  readonly failures: readonly string[]
  call(method: 'GET' | 'POST', path: string, headers?: Headers, body?: unknown): Promise<CallAnswer>
  writeUsers(users: readonly User[]): void
  close(): Promise<void>
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
    settings: { usersFile, sessionIdleMs: 3_600_000, sessionLifetimeMs: 43_200_000, jwt, reauth: 'web', ...settings },
    reader: place.store,
    sessions: place.store.sessions,
    clock,
    log: context.log,
    failed: (reason) => {
      failures.push(reason)
    },
  })
  const app = await createApp({
    routes: ROUTES,
    context: { ...context, clock, auth, audit: new ApiAudit(place.store, clock) },
    authenticate: auth.authenticate,
  })
  await app.ready()
  return {
    auth,
    clock,
    failures,
    async call(method, url, headers = {}, body) {
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }
      const answer = await app.inject({ method, url, headers: { ...type, ...headers }, ...payload })
      return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
    },
    writeUsers: save,
    async close() {
      await app.close()
      await close()
    },
  }
}
