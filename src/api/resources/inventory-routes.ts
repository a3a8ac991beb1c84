/** Routes for what there is besides requests: backup sets, safety backups and targets. They look, and change nothing. */

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { BackupSet } from '../../catalog/contract.ts'
import { futureProblem } from '../../catalog/future.ts'
import { RestoreError } from '../../domain/errors.ts'
import { API_VERSION } from '../../domain/resource.ts'
import type { Decision } from '../../domain/retention.ts'
import type { Target } from '../../domain/target.ts'
import { identityOfSet } from '../../controller/verdicts.ts'
import { callerOf } from '../caller.ts'
import { backupFor, targetsFor, type ManualDoor } from '../manual/context.ts'
import { API_PREFIX } from '../protocol.ts'
import { backupObject, ownSafetyBackups, safetyBackupObject, targetObject, targetStateOf } from './objects.ts'
import { ROUTE } from './schemas.ts'
import { continueToken, expired, readContinue, selectorOf, type Selectors } from './selection.ts'

export interface InventoryDoor extends Pick<ManualDoor, 'reader' | 'targets' | 'backups' | 'clock'> {
  /** What retention says of each safety backup, by name. Absent: nobody is asked. */
  readonly keepsSafety?: (target: Target) => Promise<ReadonlyMap<string, Decision>>
}

interface InventoryQuery extends Selectors {
  readonly limit?: number
  readonly continue?: string
  readonly target?: string
  readonly watch?: boolean
}

interface Listing {
  readonly Querystring: InventoryQuery
}

interface Named {
  readonly Params: { readonly name: string }
  readonly Querystring: { readonly target?: string }
}

/** An object that is made when it is shown: for most of them somebody asked only how many there are. */
interface Entry {
  readonly key: string
  readonly make: () => Promise<object>
}

export function addInventoryRoutes(app: FastifyInstance, door: InventoryDoor): void {
  const open = (request: FastifyRequest<Listing>): readonly Target[] =>
    targetsFor(door, callerOf(request), 'viewer', request.query.target)

  app.get<Listing>(`${API_PREFIX}/backups`, { schema: ROUTE.listBackups }, async (request) => {
    const lists = await Promise.all(open(request).map((target) => backupEntries(door, target)))
    return part(door, 'Backup', lists.flat(), request.query)
  })

  app.get<Named>(`${API_PREFIX}/backups/:name`, { schema: ROUTE.getBackup }, async (request) => {
    const named = { id: request.params.name, target: request.query.target }
    const { target, set } = await backupFor(door, callerOf(request), 'viewer', named)
    return backupMaker(door, target)(set)
  })

  app.get<Listing>(`${API_PREFIX}/safetybackups`, { schema: ROUTE.listSafetyBackups }, async (request) => {
    const lists = await Promise.all(open(request).map((target) => safetyEntries(door, target)))
    return part(door, 'SafetyBackup', lists.flat(), request.query)
  })

  app.get<Named>(`${API_PREFIX}/safetybackups/:name`, { schema: ROUTE.getSafetyBackup }, async (request) => {
    const { name } = request.params
    for (const target of targetsFor(door, callerOf(request), 'viewer', request.query.target)) {
      const entry = (await safetyEntries(door, target)).find(({ key }) => key === keyOf(target, name))
      if (entry !== undefined) return entry.make()
    }
    throw new RestoreError(`safety backup not found: ${name}`, {
      reason: 'NotFound',
      hint: 'list them: modosu get safety',
    })
  })

  app.get<Listing>(`${API_PREFIX}/targets`, { schema: ROUTE.listTargets }, (request) =>
    part(
      door,
      'Target',
      open(request).map((target) => targetEntry(door, target)),
      request.query,
    ),
  )

  app.get<Named>(`${API_PREFIX}/targets/:name`, { schema: ROUTE.getTarget }, (request) => {
    const [target] = targetsFor(door, callerOf(request), 'viewer', request.params.name)
    if (target === undefined) throw new RestoreError('no such target', { reason: 'TargetNotFound' })
    return targetEntry(door, target).make()
  })
}

function keyOf(target: Target, name: string): string {
  return `${target.name}/${name}`
}

async function backupEntries(door: InventoryDoor, target: Target): Promise<readonly Entry[]> {
  const { sets } = await door.backups.list(target)
  const make = backupMaker(door, target)
  return sets.map((set) => ({
    key: keyOf(target, set.id),
    make: () => make(set),
  }))
}

/** The verdicts are read once; whether one speaks of the bytes that lie there now is asked for each set that is shown. */
function backupMaker({ reader, clock }: InventoryDoor, target: Target): (set: BackupSet) => Promise<object> {
  const verdicts = new Map(reader.upkeep.verifications(target.name).map((record) => [record.backupId, record]))
  return async (set) => {
    const verdict = verdicts.get(set.id)
    const counts = verdict !== undefined && verdict.identity === (await identityOfSet(set))
    return backupObject(target, set, counts ? verdict : undefined, futureProblem(set, clock.nowMs()))
  }
}

async function safetyEntries(door: InventoryDoor, target: Target): Promise<readonly Entry[]> {
  const own = await ownSafetyBackups(target, door.reader.safetyBackups())
  const decisions = own.length === 0 ? undefined : await door.keepsSafety?.(target)
  return own.map((each) => ({
    key: keyOf(target, each.file.name),
    make: () => Promise.resolve(safetyBackupObject(target, each, decisions?.get(each.file.name))),
  }))
}

function targetEntry({ reader, clock }: InventoryDoor, target: Target): Entry {
  return {
    key: target.name,
    make: () => Promise.resolve(targetObject(target, targetStateOf(reader, target, clock.nowMs()))),
  }
}

/** One part of a list. Where the object after which it goes on is gone, so is the place: the client begins anew. */
async function part(
  { reader }: InventoryDoor,
  kind: string,
  entries: readonly Entry[],
  query: InventoryQuery,
): Promise<object> {
  if (query.watch === true) {
    throw new RestoreError(`${kind} objects lie on disk and cannot be watched`, {
      reason: 'NotServed',
      hint: 'watch restorerequests, and list these anew when one of them ends',
    })
  }
  const before = readContinue(query.continue)
  const start = before === undefined ? 0 : entries.findIndex(({ key }) => key === before.after) + 1
  if (before !== undefined && start === 0) throw expired('continue')
  const isMeant = selectorOf(query)
  const most = query.limit === undefined || query.limit === 0 ? Infinity : query.limit
  const version = before?.version ?? reader.changes.version()
  const items: object[] = []
  let last = before?.after ?? ''
  let more = false
  for (const { key, make } of entries.slice(start)) {
    more = items.length === most
    if (more) break
    const object = await make()
    if (isMeant(object)) items.push(object)
    last = key
  }
  return {
    apiVersion: API_VERSION,
    kind: `${kind}List`,
    metadata: {
      resourceVersion: String(version),
      ...(more ? { continue: continueToken({ version, after: last }) } : {}),
    },
    items,
  }
}
