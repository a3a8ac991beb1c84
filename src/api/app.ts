/** One Fastify application for one door: the doors have the same routes and differ in how they find out who calls. */

import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'

import { RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { safeJson } from '../domain/unsafe-text.ts'
import type { StateReader } from '../store/reader.ts'
import { guardConnections, LATE_REQUESTS } from '../telemetry/connections.ts'
import type { Auth } from './auth/auth.ts'
import { auditCalls, type ApiAudit } from './call-audit.ts'
import { setCaller, Unauthorized, type Caller } from './caller.ts'
import { toErrorAnswer, type ErrorBody } from './http-status.ts'
import type { RestoreDoor } from './manual/restore-route.ts'
import { addDocument } from './openapi.ts'
import type { ReloadReport, VersionInfo } from './protocol.ts'
import type { PruneDoor } from './prune-routes.ts'
import type { ReadinessDoor } from './resources/readiness-route.ts'
import type { ReportDoor } from './resources/report-routes.ts'
import { repeatedHeader } from './repeated-header.ts'
import type { RequestDoor } from './request-routes.ts'
import type { InventoryDoor } from './resources/inventory-routes.ts'
import type { TargetDoor } from './target-routes.ts'

/** The same bound as a spool file's. */
const BODY_LIMIT_BYTES = 64 * 1024

/** What routes work with, behind whichever door. */
export interface ApiContext
  extends RequestDoor, TargetDoor, PruneDoor, RestoreDoor, InventoryDoor, ReportDoor, ReadinessDoor {
  readonly reader: StateReader
  readonly version: VersionInfo
  /** Reads the configuration anew; rejects where it has a mistake. Absent where the daemon cannot. */
  readonly reload?: () => Promise<ReloadReport>
  readonly log: Log
  /** Who may call over TCP; absent where nobody listens there. */
  readonly auth?: Auth
  /** Absent: calls are not recorded, but for the acts that record themselves. */
  readonly audit?: ApiAudit
}

export type AddRoutes = (app: FastifyInstance, context: ApiContext) => void

/** @returns null where the call has no credential. Rejects with what is wrong with the one it has. */
export type Authenticate = (request: FastifyRequest) => Promise<Caller | null>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route answers without a credential. Without this a call that proves nobody is refused before its route. */
    public?: boolean
  }
  interface FastifyInstance {
    readonly door: Caller['door']
  }
}

export interface AppOptions {
  readonly door: Caller['door']
  readonly routes: readonly AddRoutes[]
  readonly context: ApiContext
  readonly authenticate: Authenticate
  /** Whose X-Forwarded headers are believed; absent: nobody's. */
  readonly trustProxy?: readonly string[]
  readonly makeServer?: (handler: RequestListener) => Server
  /** What this door asks of every call before it is authenticated. */
  readonly protect?: (app: FastifyInstance) => Promise<void>
}

function plainServer(handler: RequestListener): Server {
  return createServer(LATE_REQUESTS, handler)
}

/** Makes the application; it does not listen. `inject` answers as a listener would. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { door, routes, context, authenticate, trustProxy = [], protect } = options
  const { makeServer = plainServer } = options
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    exposeHeadRoutes: false,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    serverFactory: makeServer,
    genReqId: () => randomUUID(),
  })
  guardConnections(app.server, { busyMs: null })
  // Manifests are judged by their own parser, with line and column: the text must reach it as it was sent.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/yaml', 'text/yaml'],
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, body)
    },
  )
  app.setReplySerializer((payload) => safeJson(payload))
  app.setErrorHandler((error, request, reply) => {
    const { status, body, headers } = toErrorAnswer(fromFastify(error))
    if (status >= 500) logFailure(context.log, request, body)
    return reply.status(status).headers(headers).send(body)
  })
  app.decorate('door', door)
  if (context.audit !== undefined) auditCalls(app, context.audit, context.log)
  app.addHook('onRequest', (request, reply, done) => {
    // By which the caller finds the audit record.
    reply.header('x-request-id', request.id)
    done()
  })
  await protect?.(app)
  app.addHook('onRequest', (request, _reply, done) => {
    done(repeatedHeader(request.raw.rawHeaders))
  })
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.public === true) return
    const caller = await authenticate(request)
    if (caller === null) throw new Unauthorized(false)
    setCaller(request, caller)
  })
  app.setNotFoundHandler((request, reply) => {
    const { status, body } = toErrorAnswer(
      new RestoreError(`no such route: ${request.method} ${request.url}`, { reason: 'NotFound' }),
    )
    return reply.status(status).send(body)
  })
  await addDocument(app)
  for (const add of routes) add(app, context)
  return app
}

/** Fastify's own refusals (body too large, media type, malformed request) get a reason like every other error. */
export function fromFastify(error: unknown): unknown {
  if (error instanceof RestoreError || !(error instanceof Error)) return error
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) {
    return new RestoreError(`the body is larger than ${BODY_LIMIT_BYTES / 1024} KiB`, { reason: 'BodyTooLarge' })
  }
  if (status === 415) {
    return new RestoreError('the body must be JSON or YAML', {
      reason: 'UnsupportedMediaType',
      hint: 'send Content-Type: application/json',
    })
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new RestoreError(error.message, { reason: 'InvalidArgument', cause: error })
  }
  return error
}

function logFailure(log: Log, request: FastifyRequest, body: ErrorBody): void {
  log.error('control request failed', {
    method: request.method,
    route: request.routeOptions.url,
    reason: body.reason,
    error: body.error,
  })
}

/** How long answers on their way may take once a door closes. */
const CLOSE_GRACE_MS = 1000

/** Stops accepting and lets answers on their way go out for a second. Idempotent. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const { server } = app
  const timer = setTimeout(() => {
    server.closeAllConnections()
  }, CLOSE_GRACE_MS)
  // The server listens without Fastify's help, and so it ends without it.
  const ended = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeIdleConnections()
  })
  await app.close()
  await ended
  clearTimeout(timer)
}
