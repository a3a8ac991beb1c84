/** The daemon's control socket: HTTP over a unix socket, for the command line (design, section 8). */

import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify'

import { RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { safeJson } from '../domain/unsafe-text.ts'
import { guardConnections, LATE_REQUESTS } from '../telemetry/connections.ts'
import { toErrorAnswer, type ErrorBody } from './http-status.ts'
import { API_PREFIX, type ReloadReport, type VersionInfo } from './protocol.ts'
import { addPruneRoutes, type PruneDoor } from './prune-routes.ts'
import { addRequestRoutes, type RequestDoor } from './request-routes.ts'
import { repeatedHeader } from './repeated-header.ts'
import { listenOnSocket } from './socket-listener.ts'
import { addStateRoutes } from './state-routes.ts'
import { addTargetRoutes, type TargetDoor } from './target-routes.ts'

/** The same bound as a spool file's. */
const BODY_LIMIT_BYTES = 64 * 1024
/** How long answers on their way may take once the daemon stops. */
const CLOSE_GRACE_MS = 1000

export interface ControlApiOptions extends RequestDoor, TargetDoor, PruneDoor {
  readonly socketPath: string
  readonly version: VersionInfo
  /** Reads the configuration anew; rejects where it has a mistake. Absent where the daemon cannot. */
  readonly reload?: () => Promise<ReloadReport>
  readonly log: Log
}

export interface ControlApi {
  /** Stops accepting, lets answers on their way go out for a second, removes the socket file. Idempotent. */
  close(): Promise<void>
}

/**
 * Serves until closed.
 *
 * @throws RestoreError `SocketUnavailable` where the socket cannot be had; nothing is left open then.
 */
export async function startControlApi(options: ControlApiOptions): Promise<ControlApi> {
  const app = createApp(options)
  await app.ready()
  try {
    await listenOnSocket(app.server, options.socketPath)
  } catch (error) {
    await app.close()
    throw error
  }
  return {
    async close() {
      const timer = setTimeout(() => {
        app.server.closeAllConnections()
      }, CLOSE_GRACE_MS)
      await app.close()
      clearTimeout(timer)
    },
  }
}

function createApp(options: ControlApiOptions): FastifyInstance {
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, exposeHeadRoutes: false, http: LATE_REQUESTS })
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
  app.addHook('onRequest', (request, _reply, done) => {
    done(repeatedHeader(request.raw.rawHeaders))
  })
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = toErrorAnswer(fromFastify(error))
    if (status >= 500) logFailure(options.log, request, body)
    return reply.status(status).send(body)
  })
  app.setNotFoundHandler((request, reply) => {
    const { status, body } = toErrorAnswer(
      new RestoreError(`no such route: ${request.method} ${request.url}`, { reason: 'NotFound' }),
    )
    return reply.status(status).send(body)
  })
  app.get(`${API_PREFIX}/healthz`, () => ({ status: 'ok' }))
  app.get(`${API_PREFIX}/version`, () => options.version)
  app.post(`${API_PREFIX}/reload`, () => {
    if (options.reload !== undefined) return options.reload()
    throw new RestoreError('this daemon does not reload its configuration', { reason: 'NotServed' })
  })
  addRequestRoutes(app, API_PREFIX, options)
  addTargetRoutes(app, API_PREFIX, options)
  addPruneRoutes(app, API_PREFIX, options)
  addStateRoutes(app, API_PREFIX, options)
  return app
}

/** Fastify's own refusals (body too large, media type, malformed request) get a reason like every other error. */
function fromFastify(error: unknown): unknown {
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
