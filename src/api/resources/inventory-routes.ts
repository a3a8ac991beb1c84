/** Routes for what there is besides requests: backup sets, safety backups and targets. They look, and change nothing. */

import type { FastifyInstance } from 'fastify'

import { RestoreError } from '../../domain/errors.ts'
import { API_VERSION } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import { callerOf } from '../caller.ts'
import { backupFor, targetsFor } from '../manual/context.ts'
import { API_PREFIX } from '../protocol.ts'
import {
  backupMaker,
  presentTarget,
  safetyObjects,
  type Inventories,
  type InventoryKind,
  type InventorySources,
} from './inventories.ts'
import { watchInventory } from './inventory-watch.ts'
import type { Inventory, SeenObject } from './inventory.ts'
import { ROUTE } from './schemas.ts'
import { continueToken, expired, readContinue, selectorOf, type Selectors } from './selection.ts'
import { lines, streamsOf, type Streams } from './streaming.ts'
import type { BackupIndex } from '../backup-index.ts'
import type { Log } from '../../domain/log.ts'

export interface InventoryDoor extends InventorySources {
  readonly backups: BackupIndex
  readonly inventories: Inventories
  readonly log: Log
}

interface InventoryQuery extends Selectors {
  readonly limit?: number
  readonly continue?: string
  readonly target?: string
  readonly watch: boolean
  readonly resourceVersion?: string
  readonly allowWatchBookmarks: boolean
  readonly timeoutSeconds: number
}

interface Listing {
  readonly Querystring: InventoryQuery
}

interface Named {
  readonly Params: { readonly name: string }
  readonly Querystring: { readonly target?: string }
}

export function addInventoryRoutes(app: FastifyInstance, door: InventoryDoor): void {
  const streams = streamsOf(app, door.log)
  addCollection(app, door, streams, { kind: 'Backup', path: 'backups', schema: ROUTE.listBackups })
  addCollection(app, door, streams, { kind: 'SafetyBackup', path: 'safetybackups', schema: ROUTE.listSafetyBackups })
  addCollection(app, door, streams, { kind: 'Target', path: 'targets', schema: ROUTE.listTargets })

  app.get<Named>(`${API_PREFIX}/backups/:name`, { schema: ROUTE.getBackup }, async (request) => {
    const named = { id: request.params.name, target: request.query.target }
    const { target, set } = await backupFor(door, callerOf(request), 'viewer', named)
    return backupMaker(door, target)(set)
  })

  app.get<Named>(`${API_PREFIX}/safetybackups/:name`, { schema: ROUTE.getSafetyBackup }, async (request) => {
    const { name } = request.params
    for (const target of targetsFor(door, callerOf(request), 'viewer', request.query.target)) {
      const entry = (await safetyObjects(door, target)).find(({ key }) => key === name)
      if (entry !== undefined) return entry.object
    }
    throw new RestoreError(`safety backup not found: ${name}`, {
      reason: 'NotFound',
      hint: 'list them: modosu get safety',
    })
  })

  app.get<Named>(`${API_PREFIX}/targets/:name`, { schema: ROUTE.getTarget }, (request) => {
    const [target] = targetsFor(door, callerOf(request), 'viewer', request.params.name)
    if (target === undefined) throw new RestoreError('no such target', { reason: 'TargetNotFound' })
    return presentTarget(door, target)
  })
}

interface Collection {
  readonly kind: InventoryKind
  readonly path: string
  readonly schema: object
}

function addCollection(
  app: FastifyInstance,
  door: InventoryDoor,
  streams: Streams,
  { kind, path, schema }: Collection,
): void {
  app.get<Listing>(`${API_PREFIX}/${path}`, { schema }, async (request, reply) => {
    const caller = callerOf(request)
    const { query } = request
    const targets = targetsFor(door, caller, 'viewer', query.target)
    const inventory = door.inventories[kind]
    if (!query.watch) return listInventory(inventory, kind, targets, query)
    const { resourceVersion = '' } = query
    const options = {
      inventory,
      kind,
      caller,
      target: query.target ?? null,
      isMeant: selectorOf(query),
      from: resourceVersion === '' || resourceVersion === '0' ? null : resourceVersion,
      bookmarks: query.allowWatchBookmarks,
      timeoutMs: query.timeoutSeconds * 1000,
    }
    streams.send(reply, 'application/json;stream=watch', (signal) => lines(watchInventory({ ...options, signal })))
    return reply
  })
}

/** One part of a list. Where the object after which it goes on is gone, so is the place: the client begins anew. */
async function listInventory(
  inventory: Inventory,
  kind: InventoryKind,
  targets: readonly Target[],
  query: InventoryQuery,
): Promise<object> {
  const before = readContinue(query.continue)
  const isMeant = selectorOf(query)
  await Promise.all(targets.map((target) => inventory.refresh(target)))
  // From here on without a pause: the version is the one of what is shown.
  const version = before?.version ?? inventory.version
  if (typeof version === 'number' || inventory.numberOf(version) === null) throw expired('continue')
  const entries = targets.flatMap(({ name }) => inventory.seen(name))
  const start = before === undefined ? 0 : entries.findIndex((entry) => placeOf(entry) === before.after) + 1
  if (before !== undefined && start === 0) throw expired('continue')
  const most = query.limit === undefined || query.limit === 0 ? Infinity : query.limit
  const items: object[] = []
  let last = before?.after ?? ''
  let more = false
  for (const entry of entries.slice(start)) {
    more = items.length === most
    if (more) break
    const object = JSON.parse(entry.text) as object
    if (isMeant(object)) items.push(object)
    last = placeOf(entry)
  }
  return {
    apiVersion: API_VERSION,
    kind: `${kind}List`,
    metadata: { resourceVersion: version, ...(more ? { continue: continueToken({ version, after: last }) } : {}) },
    items,
  }
}

function placeOf({ target, key }: SeenObject): string {
  return `${target}/${key}`
}
