/** The socket's routes for requests. Each is one call of `Commands`: every door has the same checks and the same audit. */

import type { FastifyInstance } from 'fastify'

import type { Actor, Commands } from '../controller/commands-contract.ts'
import { RestoreError } from '../domain/errors.ts'
import { REQUEST_KIND, type RestoreManifest } from '../domain/resource.ts'
import { toList, toResource } from '../domain/resource-view.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'
import { actorOf } from './actor.ts'
import { objectOf, textField } from './body.ts'

export interface RequestDoor {
  readonly commands: Commands
  readonly reader: Pick<StateReader, 'request' | 'requests'>
  /** Rejects with a RestoreError `InvalidSpec` that names line, column and what to do. */
  readonly parseManifest: (text: string) => Promise<RestoreManifest>
}

type Action = (commands: Commands, name: string, actor: Actor, reason: string) => StoredRequest

const ACTIONS: Readonly<Record<string, Action>> = {
  cancel: (commands, name, actor, reason) => commands.cancel(name, actor, reason),
  approve: (commands, name, actor) => commands.approve(name, actor),
  suspend: (commands, name, actor) => commands.suspend(name, actor),
  resume: (commands, name, actor) => commands.resume(name, actor),
  ack: (commands, name, actor) => commands.acknowledge(name, actor),
}

export function addRequestRoutes(app: FastifyInstance, prefix: string, door: RequestDoor): void {
  const { commands, reader, parseManifest } = door
  const collection = `${prefix}/restorerequests`

  app.get(collection, () => toList(REQUEST_KIND, reader.requests().map(toResource)))

  app.get<{ Params: { name: string } }>(`${collection}/:name`, ({ params }) => {
    const request = reader.request(params.name)
    if (request === undefined) throw noSuchRequest(params.name)
    return toResource(request)
  })

  app.post(collection, async (request, reply) => {
    const actor = actorOf(request.headers)
    const manifest = await parseManifest(typeof request.body === 'string' ? request.body : '')
    // No await between the look and the submission: nobody else can store the name in between.
    const known = reader.request(manifest.metadata.name) !== undefined
    const stored = commands.submit(manifest, actor)
    return reply.status(known ? 200 : 201).send(toResource(stored))
  })

  app.post<{ Params: { name: string } }>(`${collection}/:name/retry`, (request, reply) =>
    reply.status(201).send(toResource(commands.retry(request.params.name, actorOf(request.headers)))),
  )

  for (const [verb, action] of Object.entries(ACTIONS)) {
    app.post<{ Params: { name: string } }>(`${collection}/:name/${verb}`, (request) => {
      const reason = textField(objectOf(request.body), 'reason') ?? ''
      return toResource(action(commands, request.params.name, actorOf(request.headers), reason))
    })
  }
}

function noSuchRequest(name: string): RestoreError {
  return new RestoreError(`restore request not found: ${name}`, {
    reason: 'NotFound',
    hint: 'list them: modosu get requests',
  })
}
