/** Routes for requests. Each act is one call of `Commands`: every door has the same checks and the same audit. */

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Actor } from '../controller/acting.ts'
import type { Commands } from '../controller/commands-contract.ts'
import { toRfc3339, type Clock } from '../domain/clock.ts'
import { isTerminal } from '../domain/phases.ts'
import type { Mode, RestoreManifest } from '../domain/resource.ts'
import { toList, toVersionedResource, type RequestResource } from '../domain/resource-view.ts'
import type { Log } from '../domain/log.ts'
import { warningBeforeRestore } from '../controller/unacknowledged.ts'
import { specHash } from '../manifest/spec-hash.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'
import { objectOf, textField } from './body.ts'
import { tellNothingChanged } from './call-audit.ts'
import { requireProof, subjectOf, type ProofDoor } from './auth/restore-proof.ts'
import { actorOf, callerOf, requireRole, type Role } from './caller.ts'
import { API_PREFIX } from './protocol.ts'
import type { RequestFeed } from './request-feed.ts'
import { hasSeenTheEnd, progressOf } from './resources/progress-stream.ts'
import { listRequests, type RequestListQuery } from './resources/request-list.ts'
import { ROUTE } from './resources/schemas.ts'
import { expired, selectorOf } from './resources/selection.ts'
import { lines, streamsOf, type Streams } from './resources/streaming.ts'
import { watchRequests } from './resources/watch.ts'
import { visibleRequest } from './visible-request.ts'
import { warn } from './warning.ts'

export interface RequestDoor extends ProofDoor {
  readonly commands: Commands
  readonly reader: StateReader
  readonly feed: RequestFeed
  readonly clock: Clock
  readonly log: Log
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

const COLLECTION = `${API_PREFIX}/restorerequests`

interface Named {
  readonly Params: { readonly name: string }
}

/** A rehearsal leaves nothing behind; a restore replaces the data, and an extract leaves all of it in a file. */
const ROLE_FOR_MODE: Readonly<Record<Mode, Role>> = {
  Restore: 'admin',
  DryRun: 'operator',
  Drill: 'operator',
  Extract: 'admin',
}

/** What the mode asks of whoever submits a request, or steers one that is there. */
function roleForMode({ mode }: RestoreManifest['spec']): Role {
  return ROLE_FOR_MODE[mode]
}

export function addRequestRoutes(app: FastifyInstance, door: RequestDoor): void {
  const streams = streamsOf(app, door.log)
  addListAndWatch(app, door, streams)
  addEvents(app, door, streams)
  addCreation(app, door)
  addActs(app, door)
}

interface WatchQuery extends RequestListQuery {
  readonly watch: boolean
  readonly resourceVersion?: string
  readonly allowWatchBookmarks: boolean
  readonly timeoutSeconds: number
}

function addListAndWatch(app: FastifyInstance, { reader, feed }: RequestDoor, streams: Streams): void {
  app.get<{ Querystring: WatchQuery }>(COLLECTION, { schema: ROUTE.listRequests }, async (request, reply) => {
    const caller = callerOf(request)
    const { query } = request
    if (!query.watch) return listRequests(reader, caller, query)
    const options = {
      reader,
      feed,
      caller,
      isMeant: selectorOf(query),
      from: versionOf(query.resourceVersion),
      bookmarks: query.allowWatchBookmarks,
      timeoutMs: query.timeoutSeconds * 1000,
    }
    streams.send(reply, 'application/json;stream=watch', (signal) => lines(watchRequests({ ...options, signal })))
    return reply
  })

  app.get<Named>(`${COLLECTION}/:name`, { schema: ROUTE.getRequest }, (request) =>
    toVersionedResource(visibleRequest(reader, request, request.params.name)),
  )
}

/** @throws RestoreError `ResourceExpired` for what is no version of this API. */
function versionOf(text: string | undefined): number | null {
  if (text === undefined || text === '' || text === '0') return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw expired(`resourceVersion ${text}`)
}

function addEvents(app: FastifyInstance, { reader, feed }: RequestDoor, streams: Streams): void {
  app.get<Named>(`${COLLECTION}/:name/events`, { schema: ROUTE.events }, (request, reply) => {
    const { name } = visibleRequest(reader, request, request.params.name)
    if (!/(?:^|[\s,])text\/event-stream/i.test(request.headers.accept ?? '')) {
      const metadata = { resourceVersion: String(reader.changes.version()) }
      return reply.send({ ...toList('Event', reader.events({ request: name })), metadata })
    }
    const id = [request.headers['last-event-id']].flat()[0] ?? ''
    const from = /^\d{1,15}$/.test(id) ? Number(id) : null
    if (hasSeenTheEnd(reader, name, from)) return reply.status(204).send()
    streams.send(reply, 'text/event-stream', (signal) => progressOf({ reader, feed, name, from, signal }))
    return reply
  })
}

function addCreation(app: FastifyInstance, door: RequestDoor): void {
  const { commands, reader, parseManifest, clock } = door
  app.post<{ Querystring: { readonly dryRun?: 'All' } }>(
    COLLECTION,
    { schema: ROUTE.createRequest },
    async (request, reply) => {
      const caller = callerOf(request)
      const manifest = await parseManifest(typeof request.body === 'string' ? request.body : '')
      requireRole(caller, roleForMode(manifest.spec), manifest.spec.target)
      // No await between the look and the submission: nobody else can store the name in between.
      const known = reader.request(manifest.metadata.name)
      // The name of a request that the caller may not see is not taken, and not free either.
      if (known !== undefined) requireRole(caller, 'viewer', known.spec.target)
      const status = known === undefined ? 201 : 200
      if (status === 200 || request.query.dryRun !== undefined) tellNothingChanged(request)
      if (request.query.dryRun !== undefined) {
        const admitted = commands.admit(manifest)
        const object = admitted === undefined ? unstored(manifest, clock) : toVersionedResource(admitted)
        return reply.status(status).send(object)
      }
      if (known === undefined && manifest.spec.mode === 'Restore') requireProof(door, request, subjectOf(manifest.spec))
      if (known === undefined) warn(reply, warningBeforeRestore(reader, manifest.spec))
      const stored = commands.submit(manifest, actorOf(caller))
      return reply.status(status).header('location', `${COLLECTION}/${stored.name}`).send(toVersionedResource(stored))
    },
  )
}

/** What would be stored. */
function unstored(manifest: RestoreManifest, clock: Clock): RequestResource {
  return toVersionedResource({
    ...manifest.metadata,
    uid: '',
    generation: 1,
    origin: { kind: 'Api', client: 'dryRun' },
    spec: manifest.spec,
    specHash: specHash(manifest),
    status: { observedGeneration: 1, phase: 'Pending', checks: [], conditions: [] },
    phase: 'Pending',
    held: false,
    suspended: manifest.spec.suspend,
    cancelRequested: null,
    approvals: [],
    attempts: 0,
    forgottenAt: null,
    createdAt: toRfc3339(clock.nowMs()),
    resourceVersion: 0,
  })
}

function addActs(app: FastifyInstance, door: RequestDoor): void {
  const { commands, reader } = door
  const authorised = (request: FastifyRequest<Named>, least?: Role): Actor => {
    const caller = callerOf(request)
    const found = reader.request(request.params.name)
    requireRole(caller, least ?? (found === undefined ? 'admin' : roleForMode(found.spec)), found?.spec.target)
    return actorOf(caller)
  }

  app.delete<Named>(`${COLLECTION}/:name`, { schema: ROUTE.deleteRequest }, (request, reply) => {
    const actor = authorised(request)
    const { name } = request.params
    const found = reader.request(name)
    if (found !== undefined && isTerminal(found.phase)) {
      return reply.send(toVersionedResource(commands.forget(name, actor, 'deleted')))
    }
    return reply.status(202).send(toVersionedResource(commands.cancel(name, actor, 'deleted')))
  })

  app.post<Named>(`${COLLECTION}/:name/retry`, { schema: ROUTE.act('retry') }, (request, reply) => {
    const actor = authorised(request)
    const { spec } = reader.request(request.params.name) ?? {}
    if (spec?.mode === 'Restore') requireProof(door, request, subjectOf(spec))
    const made = commands.retry(request.params.name, actor)
    return reply.status(201).header('location', `${COLLECTION}/${made.name}`).send(toVersionedResource(made))
  })

  for (const [verb, action] of Object.entries(ACTIONS)) {
    app.post<Named>(`${COLLECTION}/:name/${verb}`, { schema: ROUTE.act(verb) }, (request) => {
      const actor = authorised(request, LEAST_ROLE[verb])
      const reason = textField(objectOf(request.body), 'reason') ?? ''
      return toVersionedResource(action(commands, request.params.name, actor, reason))
    })
  }
}
