/** The calls of the operations manual under /api/v1, in the shapes of the application that the manual speaks of. */

import type { FastifyInstance } from 'fastify'

import { validateBySchema } from '../validation.ts'
import { addHealthRoutes } from './health-routes.ts'
import { addListRoutes } from './list-routes.ts'
import { answerErrors } from './refusals.ts'
import { addRestoreRoute, type RestoreDoor } from './restore-route.ts'
import { SHARED } from './schemas.ts'
import { addVerifyRoute } from './verify-route.ts'

export const MANUAL_PREFIX = '/api/v1'

export function addManualRoutes(app: FastifyInstance, door: RestoreDoor): void {
  void app.register(
    (scope, _options, done) => {
      validateBySchema(scope, { bodies: true })
      readJsonAlone(scope)
      answerErrors(scope, door.log)
      for (const schema of SHARED) scope.addSchema(schema)
      scope.addHook('onRequest', (_request, reply, next) => {
        reply.header('x-api-version', 'v1')
        next()
      })
      addListRoutes(scope, door)
      addRestoreRoute(scope, door)
      addVerifyRoute(scope, door)
      addHealthRoutes(scope, door)
      done()
    },
    { prefix: MANUAL_PREFIX },
  )
}

/** The manual's Content-Type is JSON (4.3); an empty body is none. */
function readJsonAlone(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (typeof body === 'string' && body.trim() === '') done(null, undefined)
    else void parse(request, body as string, done)
  })
}
