/** The socket's routes for the state store itself: whether it is held for being older than the world, and its acceptance. */

import type { FastifyInstance } from 'fastify'

import type { Commands } from '../controller/commands-contract.ts'
import { actorOf } from './actor.ts'

export function addStateRoutes(
  app: FastifyInstance,
  prefix: string,
  { commands }: { readonly commands: Commands },
): void {
  app.post(`${prefix}/state/accept`, (request) => commands.acceptState(actorOf(request.headers)))
}
