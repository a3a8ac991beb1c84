/** The shapes of the resource API as JSON schemas, for its document and for the test that holds the answers against it. */

import { RESTORE_REQUEST_SCHEMA } from '../../manifest/restore-request-schema.ts'
import { API_VERSION } from '../../domain/resource.ts'

const text = { type: 'string' } as const
const textOrNull = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const

type Fields = Readonly<Record<string, object>>

function object(properties: Fields, required: readonly string[] = Object.keys(properties)): object {
  return { type: 'object', required, properties }
}

/** A Kubernetes `Status`. */
export const STATUS_OBJECT = object(
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
  content: { 'application/json': { schema: STATUS_OBJECT }, 'application/problem+json': { schema: PROBLEM } },
} as const

export const FAILURES = { '4xx': FAILURE, '5xx': FAILURE } as const

const { spec } = RESTORE_REQUEST_SCHEMA.properties

export const REQUEST = object(
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

function listOf(kind: string, items: object): object {
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
    metadata: object({ name: text, creationTimestamp: time }, ['name']),
    ...fields,
  })
}

export const BACKUP = resource('Backup', {
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

export const SAFETY_BACKUP = resource('SafetyBackup', {
  target: text,
  path: text,
  sizeBytes: count,
  raw: { type: 'boolean' },
  request: textOrNull,
  owner: text,
  sha256: textOrNull,
  retention: { type: ['object', 'null'] },
})

export const TARGET = resource('Target', {
  database: text,
  sizeBytes: { type: ['integer', 'null'] },
  backups: { type: 'object' },
  service: { type: ['object', 'null'] },
  running: textOrNull,
  lastResult: { type: ['object', 'null'] },
  rateLimit: { type: 'object' },
})

const EVENT = object({ id: count, request: text, target: text, type: text, reason: text, message: text, at: time })

const SELECTORS = {
  labelSelector: { ...text, description: 'As kubectl reads it: team=db,tier in (a, b),!canary.' },
  fieldSelector: { ...text, description: 'Fields of the object: status.phase=Failed,spec.target!=shop.' },
} as const

const PARTS = {
  limit: { ...count, description: 'At most so many; 0 or left out: all.' },
  continue: { ...text, description: 'metadata.continue of the part before.' },
} as const

const TAGS = ['resources'] as const
const SECURITY = [{ bearer: [] }, { cookie: [] }]
const NAME = object({ name: text })

/** @param ok schemas by status. */
function route(operationId: string, summary: string, ok: Readonly<Record<number, object>>, rest: object = {}): object {
  return { tags: TAGS, operationId, summary, security: SECURITY, response: { ...ok, ...FAILURES }, ...rest }
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
  return { type: 'object', properties: { ...SELECTORS, ...PARTS, target: text, watch: { type: 'boolean' } } }
}

function target(): object {
  return { type: 'object', properties: { target: text } }
}

export const ROUTE = {
  listRequests: route(
    'listRestoreRequests',
    'Lists requests, or watches them',
    { 200: listOf('RestoreRequest', REQUEST) },
    {
      description:
        'With watch=true the answer is one JSON object a line, {type, object}, as in the Kubernetes API: ADDED, MODIFIED, DELETED, BOOKMARK, ERROR. ' +
        'With resourceVersion it begins after that one; 410 where that is too old.',
      querystring: {
        type: 'object',
        properties: {
          ...SELECTORS,
          ...PARTS,
          watch: { type: 'boolean', default: false },
          resourceVersion: {
            ...text,
            description: 'Of a list, an event or a bookmark. Left out or 0: from the start.',
          },
          allowWatchBookmarks: { type: 'boolean', default: false },
          timeoutSeconds: { type: 'integer', minimum: 1, maximum: 3600, default: 1800 },
        },
      },
    },
  ),
  getRequest: route('getRestoreRequest', 'Shows a request', { 200: REQUEST }, { params: NAME }),
  createRequest: route(
    'createRestoreRequest',
    'Submits a request',
    { 200: REQUEST, 201: REQUEST },
    {
      description:
        'JSON or YAML. 200: a request of that name with the same spec is there already. dryRun=All stores nothing.',
      querystring: { type: 'object', properties: { dryRun: { enum: ['All'] } } },
      body: MANIFEST,
    },
  ),
  deleteRequest: route(
    'deleteRestoreRequest',
    'Cancels a request before its swap, or has one that has ended leave the lists',
    { 200: REQUEST, 202: REQUEST },
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
      verb === 'retry' ? { 201: REQUEST } : { 200: REQUEST },
      { params: NAME, body: { type: ['object', 'null'], properties: { reason: text } } },
    ),
  listBackups: route(
    'listBackupResources',
    'Lists backup sets',
    { 200: listOf('Backup', BACKUP) },
    { querystring: query() },
  ),
  getBackup: route('getBackupResource', 'Shows a backup set', { 200: BACKUP }, { params: NAME, querystring: target() }),
  listSafetyBackups: route(
    'listSafetyBackups',
    'Lists safety backups',
    { 200: listOf('SafetyBackup', SAFETY_BACKUP) },
    { querystring: query() },
  ),
  getSafetyBackup: route(
    'getSafetyBackup',
    'Shows a safety backup',
    { 200: SAFETY_BACKUP },
    { params: NAME, querystring: target() },
  ),
  listTargets: route('listTargets', 'Lists targets', { 200: listOf('Target', TARGET) }, { querystring: query() }),
  getTarget: route('getTarget', 'Shows a target', { 200: TARGET }, { params: NAME }),
} as const
