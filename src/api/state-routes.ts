/** Routes for the state store itself: the acceptance of one that is held for being older than the world. */

import type { FastifyInstance } from 'fastify'

import type { ApiContext } from './app.ts'
import { actorOf, callerOf, EVERY_TARGET, requireRole } from './caller.ts'
import { API_PREFIX } from './protocol.ts'
import { ROUTE } from './resources/schemas.ts'

export function addStateRoutes(app: FastifyInstance, { commands }: ApiContext): void {
  app.post(`${API_PREFIX}/state/accept`, { schema: ROUTE.acceptState }, (request) => {
    const caller = callerOf(request)
    requireRole(caller, 'admin', EVERY_TARGET)
    return commands.acceptState(actorOf(caller))
  })
}
