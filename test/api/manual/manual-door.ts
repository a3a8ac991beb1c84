/** The routes as the TCP door serves them, called in this process by people whose credential a test makes up. */

import type { FastifyInstance } from 'fastify'

import { createApp, type ApiContext } from '../../../src/api/app.ts'
import { ROLES, type Caller, type Role } from '../../../src/api/caller.ts'
import { ROUTES } from '../../../src/api/routes.ts'
import type { Workplace } from '../../cli/workplace.ts'
import { Contract } from '../contract.ts'
import { contextOf } from '../door.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>
  readonly body: Body
}

/** An answer as a test looks into it. */
export type Body = Readonly<Record<string, unknown>> & {
  readonly error?: string
  readonly message?: string
  readonly data?: Readonly<Record<string, unknown>>
}

export interface ManualApi {
  readonly app: FastifyInstance
  /** Each answer is held against the document of the API. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, options?: CallOptions): Promise<Reply>
  close(): Promise<void>
}

interface CallOptions {
  /** null: no credential. */
  readonly role?: Role | null
  /** The role is on this target alone. */
  readonly target?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export async function manualApi(place: Workplace, extra: Partial<ApiContext> = {}): Promise<ManualApi> {
  const { context, close } = contextOf(place)
  const app = await createApp({
    door: 'http',
    routes: ROUTES,
    context: { ...context, ...extra },
    authenticate: ({ headers, id }) => Promise.resolve(callerFrom(headers, id)),
  })
  await app.ready()
  const contract = new Contract(app.swagger())
  return {
    app,
    async call(method, path, { role = 'admin', target, body, headers = {} } = {}) {
      const answer = await app.inject({
        method,
        url: path,
        headers: {
          ...(role === null ? {} : { 'x-role': role }),
          ...(target === undefined ? {} : { 'x-target': target }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const parsed = answer.json<Body>()
      contract.check(method, path, answer.statusCode, String(answer.headers['content-type'] ?? ''), parsed)
      return { status: answer.statusCode, headers: answer.headers, body: parsed }
    },
    async close() {
      await app.close()
      await close()
    },
  }
}

function callerFrom(headers: Readonly<Record<string, unknown>>, requestId: string): Caller | null {
  const role = ROLES.find((each) => each === headers['x-role'])
  if (role === undefined) return null
  return {
    name: 'alice',
    person: { name: 'alice', ids: ['name:alice'] },
    door: 'http',
    credential: 'token',
    roleName: role,
    issuedAt: null,
    address: '127.0.0.1',
    userAgent: null,
    requestId,
    roleFor: (target) => (headers['x-target'] === undefined || headers['x-target'] === target ? role : null),
  }
}
