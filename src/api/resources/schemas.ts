/** The shapes of the resource API as JSON schemas, for its document and for the test that holds the answers against it. */

import { RESTORE_REQUEST_SCHEMA } from '../../manifest/restore-request-schema.ts'
import { API_VERSION } from '../../domain/resource.ts'

export const text = { type: 'string' } as const
export const textOrNull = { type: ['string', 'null'] } as const
export const count = { type: 'integer', minimum: 0 } as const
export const time = { type: 'string', format: 'date-time' } as const

type Fields = Readonly<Record<string, object>>

export function object(properties: Fields, required: readonly string[] = Object.keys(properties)): object {
  return { type: 'object', required, properties }
}

export function ref(name: string): object {
  return { $ref: `${name}#` }
}

/** A Kubernetes `Status`. */
const STATUS_OBJECT = object(
  {
    apiVersion: { const: 'v1' },
    kind: { const: 'Status' },
    status: { const: 'Failure' },
    code: { type: 'integer', minimum: 400, maximum: 599 },
    message: text,
    reason: { ...text, description: 'For programs; modosu explain REASON.' },
    error: text,
    hint: textOrNull,
  },
  ['apiVersion', 'kind', 'status', 'code', 'message', 'reason', 'error'],
)

const PROBLEM = object(
  {
    type: text,
    title: text,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: text,
    instance: text,
    reason: text,
    error: text,
    hint: textOrNull,
  },
  ['type', 'title', 'status', 'detail', 'reason', 'error'],
)

const FAILURE = {
  description: 'Refused or failed',
  content: {
    'application/json': { schema: ref('Status') },
    'application/problem+json': { schema: ref('Problem') },
  },
} as const

export const FAILURES = { '4xx': FAILURE, '5xx': FAILURE } as const

const { spec } = RESTORE_REQUEST_SCHEMA.properties

const REQUEST = object(
  {
    apiVersion: { const: API_VERSION },
    kind: { const: 'RestoreRequest' },
    metadata: object(
      {
        name: text,
        uid: text,
        generation: count,
        creationTimestamp: time,
        resourceVersion: text,
        labels: { type: 'object', additionalProperties: text },
        annotations: { type: 'object', additionalProperties: text },
      },
      ['name', 'uid', 'generation', 'creationTimestamp', 'resourceVersion'],
    ),
    spec: spec ?? {},
    status: object(
      {
        observedGeneration: count,
        phase: text,
        reason: text,
        message: text,
        hint: text,
        startTime: time,
        completionTime: time,
        checks: { type: 'array', items: { type: 'object' } },
        conditions: {
          type: 'array',
          items: object(
            {
              type: text,
              status: { enum: ['True', 'False', 'Unknown'] },
              reason: text,
              message: text,
              lastTransitionTime: time,
              observedGeneration: count,
            },
            ['type', 'status'],
          ),
        },
      },
      ['observedGeneration', 'phase', 'checks', 'conditions'],
    ),
  },
  ['apiVersion', 'kind', 'metadata', 'status'],
)

const MANIFEST = object(
  {
    apiVersion: { const: API_VERSION },
    kind: { const: 'RestoreRequest' },
    metadata: object(
      {
        name: text,
        labels: { type: 'object', additionalProperties: text },
        annotations: { type: 'object', additionalProperties: text },
      },
      ['name'],
    ),
    spec: spec ?? {},
  },
  ['apiVersion', 'kind', 'metadata', 'spec'],
)

export function listOf(kind: string, items: object): object {
  return object({
    apiVersion: { const: API_VERSION },
    kind: { const: `${kind}List` },
    metadata: object({ resourceVersion: text, continue: text }, []),
    items: { type: 'array', items },
  })
}

function resource(kind: string, fields: Fields): object {
  return object({
    apiVersion: { const: API_VERSION },
    kind: { const: kind },
    metadata: object({ name: text, creationTimestamp: time, resourceVersion: text }, ['name']),
    ...fields,
  })
}

const BACKUP = resource('Backup', {
  target: text,
  type: text,
  status: text,
  restorable: { type: 'boolean' },
  problems: { type: 'array', items: { type: 'object' } },
  warnings: { type: 'array', items: { type: 'object' } },
  sizeBytes: count,
  files: { type: 'object' },
  checksums: { type: 'array', items: { type: 'object' } },
  missing: { type: 'array', items: text },
  aliases: { type: 'array', items: text },
  verification: { type: ['object', 'null'] },
})

const SAFETY_BACKUP = resource('SafetyBackup', {
  target: text,
  path: text,
  sizeBytes: count,
  raw: { type: 'boolean' },
  request: textOrNull,
  owner: text,
  sha256: textOrNull,
  retention: { type: ['object', 'null'] },
})

const TARGET = resource('Target', {
  database: text,
  sizeBytes: { type: ['integer', 'null'] },
  backups: { type: 'object' },
  service: { type: ['object', 'null'] },
  running: textOrNull,
  lastResult: { type: ['object', 'null'] },
  rateLimit: { type: 'object' },
})

const EVENT = object({ id: count, request: text, target: text, type: text, reason: text, message: text, at: time })

/** Named in the document, and shared by the routes. */
export const SHARED: readonly object[] = [
  { $id: 'Status', ...STATUS_OBJECT },
  { $id: 'Problem', ...PROBLEM },
  { $id: 'RestoreRequest', ...REQUEST },
  { $id: 'RestoreRequestManifest', ...MANIFEST },
  { $id: 'Backup', ...BACKUP },
  { $id: 'SafetyBackup', ...SAFETY_BACKUP },
  { $id: 'Target', ...TARGET },
]

const SELECTORS = {
  labelSelector: { ...text, description: 'As kubectl reads it: team=db,tier in (a, b),!canary.' },
  fieldSelector: { ...text, description: 'Fields of the object: status.phase=Failed,spec.target!=shop.' },
} as const

const PARTS = {
  limit: { ...count, description: 'At most so many; 0 or left out: all.' },
  continue: { ...text, description: 'metadata.continue of the part before.' },
} as const

const WATCH = {
  watch: { type: 'boolean', default: false },
  resourceVersion: { ...text, description: 'Of a list, an event or a bookmark. Left out or 0: from the start.' },
  allowWatchBookmarks: { type: 'boolean', default: false },
  timeoutSeconds: { type: 'integer', minimum: 1, maximum: 3600, default: 1800 },
} as const

const WATCHED =
  'With watch=true the answer is one JSON object a line, {type, object}, as in the Kubernetes API: ADDED, MODIFIED, DELETED, BOOKMARK, ERROR. ' +
  'With resourceVersion it begins after that one; 410 where that is too old.'
const WATCHED_INVENTORY = `${WATCHED} A version is good for the life of the daemon: after its restart the answer is 410.`

const TAGS = ['resources'] as const
const SECURITY = [{ bearer: [] }, { cookie: [] }]
export const NAME = object({ name: text })

/** @param ok schemas by status. */
export function route(
  operationId: string,
  summary: string,
  ok: Readonly<Record<number, object>>,
  rest: object = {},
): object {
  return { tags: TAGS, operationId, summary, security: SECURITY, response: { ...ok, ...FAILURES }, ...rest }
}

const NAMED_TARGET = object({ target: text })

function ofDaemon(operationId: string, summary: string, rest: object = {}): object {
  return { ...route(operationId, summary, { 200: { type: 'object' } }, rest), tags: ['daemon'] }
}

const SUMMARY_OF_ACT: Readonly<Record<string, string>> = {
  cancel: 'Cancels a request before its swap',
  approve: 'Approves a request, or releases one that is held',
  suspend: 'Keeps a request from starting',
  resume: 'Lets a suspended request go on',
  ack: 'Acknowledges a result, so that its alert ends',
  forget: 'Has a request that has ended leave the lists; its record stays',
  retry: 'Submits a request that has failed once more, under a new name',
}

function query(): object {
  return { type: 'object', properties: { ...SELECTORS, ...PARTS, target: text, ...WATCH } }
}

function target(): object {
  return { type: 'object', properties: { target: text } }
}

export const ROUTE = {
  listRequests: route(
    'listRestoreRequests',
    'Lists requests, or watches them',
    { 200: listOf('RestoreRequest', ref('RestoreRequest')) },
    {
      description: WATCHED,
      querystring: {
        type: 'object',
        properties: {
          ...SELECTORS,
          ...PARTS,
          ...WATCH,
        },
      },
    },
  ),
  getRequest: route('getRestoreRequest', 'Shows a request', { 200: ref('RestoreRequest') }, { params: NAME }),
  createRequest: route(
    'createRestoreRequest',
    'Submits a request',
    { 200: ref('RestoreRequest'), 201: ref('RestoreRequest') },
    {
      description:
        'JSON or YAML. 200: a request of that name with the same spec is there already. dryRun=All stores nothing.',
      querystring: { type: 'object', properties: { dryRun: { enum: ['All'] } } },
      body: ref('RestoreRequestManifest'),
    },
  ),
  deleteRequest: route(
    'deleteRestoreRequest',
    'Cancels a request before its swap, or has one that has ended leave the lists',
    { 200: ref('RestoreRequest'), 202: ref('RestoreRequest') },
    {
      params: NAME,
      description:
        '202: the cancellation is under way. 409: the swap has begun, or a grave result is not acknowledged.',
    },
  ),
  events: route(
    'listRestoreRequestEvents',
    'Shows what happened to a request, or follows it',
    { 200: listOf('Event', EVENT), 204: { type: 'null', description: 'The client has seen the end.' } },
    {
      params: NAME,
      description:
        'With Accept: text/event-stream the answer is a stream of server-sent events: "request" with the object at each change, and "end". ' +
        'Last-Event-ID goes on from there.',
    },
  ),
  act: (verb: string): object =>
    route(
      `${verb}RestoreRequest`,
      SUMMARY_OF_ACT[verb] ?? verb,
      verb === 'retry' ? { 201: ref('RestoreRequest') } : { 200: ref('RestoreRequest') },
      { params: NAME, body: { type: ['object', 'null'], properties: { reason: text } } },
    ),
  listBackups: route(
    'listBackupResources',
    'Lists backup sets, or watches them',
    { 200: listOf('Backup', ref('Backup')) },
    { description: WATCHED_INVENTORY, querystring: query() },
  ),
  getBackup: route(
    'getBackupResource',
    'Shows a backup set',
    { 200: ref('Backup') },
    { params: NAME, querystring: target() },
  ),
  listSafetyBackups: route(
    'listSafetyBackups',
    'Lists safety backups, or watches them',
    { 200: listOf('SafetyBackup', ref('SafetyBackup')) },
    { description: WATCHED_INVENTORY, querystring: query() },
  ),
  getSafetyBackup: route(
    'getSafetyBackup',
    'Shows a safety backup',
    { 200: ref('SafetyBackup') },
    { params: NAME, querystring: target() },
  ),
  listTargets: route(
    'listTargets',
    'Lists targets, or watches them',
    { 200: listOf('Target', ref('Target')) },
    { description: WATCHED_INVENTORY, querystring: query() },
  ),
  rollback: route(
    'rollbackTarget',
    'Puts back what the last restore has replaced (manual 7.2)',
    { 201: ref('RestoreRequest') },
    {
      params: NAMED_TARGET,
      body: { type: ['object', 'null'], properties: { safetyBackup: text, undoes: text, reason: text } },
    },
  ),
  verify: route(
    'verifyBackupResource',
    'Verifies a backup on a copy, all five checks (manual 6.2)',
    {
      200: object({
        target: text,
        backupId: text,
        passed: { type: 'boolean' },
        checks: {
          type: 'array',
          items: object({ name: text, result: { enum: ['pass', 'fail', 'skip'] }, message: text }),
        },
      }),
    },
    { params: object({ target: text, id: text }) },
  ),
  prune: ofDaemon('prune', 'Deletes what retention lets go', {
    body: {
      type: ['object', 'null'],
      properties: {
        kinds: { type: 'array', items: text },
        target: textOrNull,
        digest: { ...textOrNull, description: 'Of the plan that was shown.' },
        trustClock: { type: 'boolean' },
      },
    },
  }),
  acceptState: ofDaemon('acceptState', 'Ends the hold of a state store that is older than the world'),
  reload: ofDaemon('reload', 'Reads the configuration anew'),
  version: ofDaemon('version', 'Tells which versions run'),
  healthz: { ...ofDaemon('healthz', 'Answers'), security: [] },
  getTarget: route('getTarget', 'Shows a target', { 200: ref('Target') }, { params: NAME }),
} as const
