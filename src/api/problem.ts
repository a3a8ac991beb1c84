/**
 * How the resource API says that a call failed: as a Kubernetes `Status` object, or as RFC 9457 where the client prefers
 * `application/problem+json`. Both carry `error`, `reason` and `hint`, which every answer of this program has.
 */

import { STATUS_CODES } from 'node:http'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Log } from '../domain/log.ts'
import { fromFastify } from './app.ts'
import { toErrorAnswer, type ErrorAnswer } from './http-status.ts'
import { API_PREFIX } from './protocol.ts'
import { statusObject } from './status-object.ts'

export function answerProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = toErrorAnswer(fromFastify(error))
    if (answer.status >= 500) {
      const { reason, error: text } = answer.body
      log.error('API call failed', { method: request.method, route: request.routeOptions.url, reason, error: text })
    }
    reply.status(answer.status).headers(answer.headers)
    // Login has the shapes of the application.
    if (!request.url.startsWith(API_PREFIX)) return reply.send(answer.body)
    if (!prefersProblem(request)) return reply.send(statusObject(answer))
    return reply.type('application/problem+json').send(problem(answer, request))
  })
}

function prefersProblem({ headers }: FastifyRequest): boolean {
  return /(?:^|[\s,])application\/problem\+json/i.test(headers.accept ?? '')
}

/** The type is a tag (RFC 4151): a name, not an address to be fetched. */
function problem({ status, body }: ErrorAnswer, { url }: FastifyRequest): object {
  const { message, ...rest } = body
  return {
    type: `tag:modosu.dev,2026:reason:${body.reason}`,
    title: STATUS_CODES[status] ?? 'Unknown',
    status,
    detail: message === STATUS_CODES[status] ? body.error : message,
    instance: url,
    ...rest,
  }
}
