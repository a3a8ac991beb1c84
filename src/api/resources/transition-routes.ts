/** The phases that a request has gone through: what the five lines of the manual (3.2, step 7) are read out of. */

import type { FastifyInstance } from 'fastify'

import { toList } from '../../domain/resource-view.ts'
import type { StateReader } from '../../store/reader.ts'
import { API_PREFIX } from '../protocol.ts'
import { visibleRequest } from '../visible-request.ts'
import { listOf, NAME, object, route, text, textOrNull, time } from './schemas.ts'

const SCHEMA = route(
  'listRestoreRequestTransitions',
  'Shows the phases that a request has gone through, oldest first',
  { 200: listOf('Transition', object({ from: textOrNull, to: text, reason: text, message: text, at: time })) },
  { params: NAME },
)

export function addTransitionRoutes(app: FastifyInstance, { reader }: { readonly reader: StateReader }): void {
  const path = `${API_PREFIX}/restorerequests/:name/transitions`
  app.get<{ Params: { readonly name: string } }>(path, { schema: SCHEMA }, (request) => {
    const { uid } = visibleRequest(reader, request, request.params.name)
    const walked = reader
      .transitions(uid)
      .map(({ from, to, reason, message, at }) => ({ from, to, reason, message, at }))
    return { ...toList('Transition', walked), metadata: {} }
  })
}
