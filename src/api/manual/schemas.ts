/** The shapes of the manual's calls as JSON schemas: what is checked, what is documented and what is tested are one thing. */

import { BACKUP_TYPES } from '../../domain/resource.ts'
import {
  BACKUP,
  countOf,
  countOrNull,
  exactly,
  STATUSES,
  text,
  textOrNull,
  time,
  type Fields,
} from './backup-schema.ts'

export const SORTS = ['created_at', 'backup_id', 'backup_type', 'file_size', 'status'] as const
export const MOST_ENTRIES = 500

function answer(data: object, message: object = text): object {
  return exactly({ message, data })
}

const TARGET_QUERY = {
  target: { type: 'string', description: 'The target, where several are configured; left out: all that you may see.' },
} as const

/** Of 400 and above: `error` is always there. */
export const ERROR = {
  type: 'object',
  required: ['error', 'message'],
  properties: {
    error: { ...text, description: "What is wrong: the manual's text (8.1) where it has one." },
    message: { ...text, description: 'The reason phrase of the status, or the words of the application.' },
    reason: { ...text, description: 'For programs; modosu explain REASON.' },
    hint: textOrNull,
    request: { ...text, description: 'The RestoreRequest that the call made.' },
    errors: { type: 'array', items: exactly({ field: text, message: text }) },
    requiredRoles: { type: 'array', items: text },
    userRole: text,
    retryAfter: countOf,
  },
} as const

const REFUSALS = { '4xx': ref('Error'), '5xx': ref('Error') } as const

function ref(name: string): object {
  return { $ref: `${name}#` }
}

/** Named in the document, and shared by the routes. */
export const SHARED: readonly object[] = [
  { $id: 'Error', ...ERROR },
  { $id: 'ManualBackup', ...BACKUP },
]
const ID_PARAMS = exactly({ id: { ...text, description: 'In either spelling; the answer has the one that was sent.' } })
const BEARER = [{ bearer: [] }, { cookie: [] }]

function page(limit: number): Fields {
  return {
    limit: { type: 'integer', minimum: 1, maximum: MOST_ENTRIES, default: limit },
    offset: { type: 'integer', minimum: 0, default: 0 },
  }
}

export const LIST = {
  tags: ['manual'],
  summary: 'Lists backups (manual 4.2 step 2)',
  operationId: 'listBackups',
  security: BEARER,
  querystring: {
    type: 'object',
    properties: {
      type: { enum: ['', ...BACKUP_TYPES] },
      status: { enum: ['', ...STATUSES], description: 'Left out: all but deleted.' },
      ...page(50),
      sort: { enum: SORTS, default: 'created_at' },
      order: { enum: ['asc', 'desc'], default: 'desc' },
      ...TARGET_QUERY,
    },
  },
  response: {
    200: answer(exactly({ total: countOf, backups: { type: 'array', items: ref('ManualBackup') } })),
    ...REFUSALS,
  },
} as const

export const GET = {
  tags: ['manual'],
  summary: 'Shows one backup (manual 4.2 step 3)',
  operationId: 'getBackup',
  security: BEARER,
  params: ID_PARAMS,
  querystring: { type: 'object', properties: TARGET_QUERY },
  response: { 200: answer(ref('ManualBackup')), ...REFUSALS },
} as const

export const STATS = {
  tags: ['manual'],
  summary: 'Counts backups',
  operationId: 'backupStatistics',
  security: BEARER,
  querystring: { type: 'object', properties: TARGET_QUERY },
  response: {
    200: answer(
      exactly({
        total_backups: countOf,
        successful_backups: countOf,
        failed_backups: countOf,
        total_size_bytes: countOf,
        latest_backup: {
          oneOf: [
            { type: 'null' },
            exactly({ backup_id: text, backup_type: text, created_at: time, file_size: countOrNull }),
          ],
        },
      }),
    ),
    ...REFUSALS,
  },
} as const

export const AUDIT_LOGS = {
  tags: ['manual'],
  summary: 'Shows who did what and how it ended (manual Q5)',
  operationId: 'listAuditLogs',
  security: BEARER,
  querystring: {
    type: 'object',
    properties: {
      operation: text,
      backup_id: text,
      status: { enum: ['success', 'failure', 'info'] },
      ...page(50),
      ...TARGET_QUERY,
    },
  },
  response: {
    200: answer(
      exactly({
        total: countOf,
        audit_logs: {
          type: 'array',
          items: exactly({
            id: countOf,
            operation: text,
            backup_id: textOrNull,
            username: text,
            status: { enum: ['success', 'failure', 'info'] },
            error_message: textOrNull,
            created_at: time,
            target: text,
            request: text,
            message: text,
          }),
        },
      }),
    ),
    ...REFUSALS,
  },
} as const

const RESTORED = exactly({
  status: { const: 'success' },
  restored_from: text,
  backup_before_restore: { ...textOrNull, description: 'Absolute path of the safety backup; null: it was waived.' },
  integrity_check: { const: 'passed' },
  message: text,
})

const ACCEPTED = exactly({
  status: { const: 'in_progress' },
  restored_from: text,
  request: { ...text, description: 'The RestoreRequest; the header Location leads to it.' },
  message: text,
})

export const RESTORE = {
  tags: ['manual'],
  summary: 'Restores a backup and waits for the end (manual 4.2 step 4)',
  description:
    'Makes a RestoreRequest like any other. A client that goes away cancels nothing. With Prefer: respond-async the answer is 202 at once.',
  operationId: 'restoreBackup',
  security: BEARER,
  params: ID_PARAMS,
  querystring: { type: 'object', properties: TARGET_QUERY },
  body: {
    type: 'object',
    properties: {
      confirm: {
        type: 'boolean',
        description: 'Must be true. Left out: false, unless api.confirmDefault says otherwise.',
      },
      backup_current: { type: 'boolean', default: true, description: 'false: no safety backup, no rollback (4.4).' },
      reason: { type: 'string', maxLength: 1024, description: 'Why, for the audit log and the report. Ours.' },
    },
  },
  response: { 200: answer(RESTORED), 202: answer(ACCEPTED), ...REFUSALS },
} as const

const VERIFIED = exactly({
  total_checks: countOf,
  passed: countOf,
  failed: countOf,
  checks: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['check_id', 'backup_id', 'check_type', 'status'],
      properties: {
        check_id: { type: 'string', pattern: '^CHK-\\d{8}-\\d{6}-\\d{3}$' },
        backup_id: text,
        check_type: text,
        status: { enum: ['pass', 'fail', 'skip'] },
        error_message: text,
      },
    },
  },
})

export const CHECK_TYPES = ['file_exists', 'file_size', 'checksum', 'integrity', 'tables'] as const

export const VERIFY = {
  tags: ['manual'],
  summary: 'Verifies a backup on a copy, and remembers what was found (manual 6.2)',
  operationId: 'verifyBackup',
  security: BEARER,
  params: ID_PARAMS,
  querystring: {
    type: 'object',
    properties: {
      ...TARGET_QUERY,
      checks: {
        ...text,
        description: `Which checks the answer shows, with commas: ${CHECK_TYPES.join(', ')}. One that fails is always shown.`,
      },
    },
  },
  response: { 200: answer(VERIFIED), ...REFUSALS },
} as const

export const HEALTH = {
  tags: ['manual'],
  summary: 'Says whether requests are served',
  operationId: 'health',
  security: [],
  response: {
    200: exactly({ status: { const: 'OK' }, timestamp: time, version: text }),
    503: { ...ERROR, properties: { ...ERROR.properties, status: { const: 'ERROR' }, timestamp: time, version: text } },
  },
} as const

export function probe(type: 'liveness' | 'readiness'): object {
  return {
    tags: ['manual'],
    summary: `The application's own probe for ${type}`,
    operationId: type,
    security: [],
    response: {
      200: exactly({ status: { const: 'UP' }, timestamp: time, type: { const: type } }),
      503: { ...ERROR, properties: { ...ERROR.properties, status: { const: 'DOWN' }, timestamp: time, type: text } },
    },
  }
}
