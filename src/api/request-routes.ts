/** Routes for requests. Each is one call of `Commands`: every door has the same checks and the same audit. */

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Actor, Commands } from '../controller/commands-contract.ts'
import { RestoreError } from '../domain/errors.ts'
import { REQUEST_KIND, type RestoreManifest } from '../domain/resource.ts'
import { toList, toResource } from '../domain/resource-view.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'
import { objectOf, textField } from './body.ts'
import { actorOf, callerOf, mayAct, requireRole, type Role } from './caller.ts'
import { API_PREFIX } from './protocol.ts'

export interface RequestDoor {
  readonly commands: Commands
  readonly reader: Pick<StateReader, 'request' | 'listed'>
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
  forget: (commands, name, actor, reason) => commands.forget(name, actor, reason),
}

/** Of the acts for which the mode of the request does not decide. */
const LEAST_ROLE: Readonly<Record<string, Role>> = { approve: 'admin', ack: 'operator' }

/** What the mode asks of whoever submits a request, or steers one that is there. */
function roleForMode(spec: RestoreManifest['spec']): Role {
  return spec.mode === 'Restore' ? 'admin' : 'operator'
}

export function addRequestRoutes(app: FastifyInstance, door: RequestDoor): void {
  const { commands, reader, parseManifest } = door
  const collection = `${API_PREFIX}/restorerequests`

  app.get(collection, (request) => {
    const caller = callerOf(request)
    const visible = reader.listed().filter(({ spec }) => mayAct(caller, 'viewer', spec.target))
    return toList(REQUEST_KIND, visible.map(toResource))
  })

  app.get<{ Params: { name: string } }>(`${collection}/:name`, (request) => {
    const found = reader.request(request.params.name)
    requireRole(callerOf(request), 'viewer', found?.spec.target)
    if (found === undefined) throw noSuchRequest(request.params.name)
    return toResource(found)
  })

  app.post(collection, async (request, reply) => {
    const caller = callerOf(request)
    const manifest = await parseManifest(typeof request.body === 'string' ? request.body : '')
    requireRole(caller, roleForMode(manifest.spec), manifest.spec.target)
    // No await between the look and the submission: nobody else can store the name in between.
    const known = reader.request(manifest.metadata.name)
    // The name of a request that the caller may not see is not taken, and not free either.
    if (known !== undefined) requireRole(caller, 'viewer', known.spec.target)
    const stored = commands.submit(manifest, actorOf(caller))
    return reply.status(known === undefined ? 201 : 200).send(toResource(stored))
  })

  const authorised = (request: FastifyRequest<{ Params: { name: string } }>, least?: Role): Actor => {
    const caller = callerOf(request)
    const found = reader.request(request.params.name)
    requireRole(caller, least ?? (found === undefined ? 'admin' : roleForMode(found.spec)), found?.spec.target)
    return actorOf(caller)
  }

  app.post<{ Params: { name: string } }>(`${collection}/:name/retry`, (request, reply) =>
    reply.status(201).send(toResource(commands.retry(request.params.name, authorised(request)))),
  )

  for (const [verb, action] of Object.entries(ACTIONS)) {
    app.post<{ Params: { name: string } }>(`${collection}/:name/${verb}`, (request) => {
      const actor = authorised(request, LEAST_ROLE[verb])
      const reason = textField(objectOf(request.body), 'reason') ?? ''
      return toResource(action(commands, request.params.name, actor, reason))
    })
  }
}

function noSuchRequest(name: string): RestoreError {
  return new RestoreError(`restore request not found: ${name}`, {
    reason: 'NotFound',
    hint: 'list them: modosu get requests',
  })
}
