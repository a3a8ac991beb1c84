/** The schema of a RestoreRequest: what validates spool files, what editors complete from, what `modosu explain` tells. */

import { API_VERSION, REQUEST_KIND } from '../domain/resource.ts'
import { DNS_LABEL, LABEL_VALUE, NODE_NAME, ONE_LINE, TEXT, type JsonSchema, type RootSchema } from './json-schema.ts'
import { METADATA_SCHEMA } from './metadata-schema.ts'
import { SOURCE_SCHEMA } from './source-schema.ts'

const SPEC: JsonSchema = {
  type: 'object',
  description: 'What is to be restored, from what, and how.',
  required: ['target', 'source', 'confirm'],
  additionalProperties: false,
  properties: {
    target: {
      type: 'string',
      description:
        "The name of a target of the daemon's configuration. A request never names a database path, so it can " +
        'overwrite nothing that the configuration does not list.',
      minLength: 1,
      maxLength: 63,
      pattern: DNS_LABEL,
      examples: ['itsm-nexus'],
    },
    source: SOURCE_SCHEMA,
    nodeName: {
      type: 'string',
      description:
        'The node that restores it, where many hosts read one repository of requests: the name that the daemon of that ' +
        'host has in its configuration (node.name), by default its host name. Every other daemon leaves the request alone.',
      minLength: 1,
      maxLength: 253,
      pattern: NODE_NAME,
      examples: ['itsm-prod-1'],
    },
    nodeSelector: {
      type: 'object',
      description:
        'Labels that a node must have (node.labels of its configuration), every one of them, for its daemon to restore ' +
        'this. Every daemon whose node has them does, each on its own target.',
      maxProperties: 64,
      additionalProperties: { type: 'string', maxLength: 63, pattern: LABEL_VALUE },
      examples: [{ environment: 'production' }],
    },
    confirm: {
      type: 'boolean',
      description:
        'Says that the present database may be overwritten. Anything but true is rejected with "Confirmation required".',
      examples: [true],
    },
    backupCurrent: {
      type: 'boolean',
      description:
        'Take a safety backup of the present database first. With false there is no safety backup and no automatic ' +
        'rollback: only for a disk too full to hold one (manual 4.4).',
      default: true,
    },
    mode: {
      type: 'string',
      description:
        'Restore does it. DryRun resolves the backup and reports the plan and nothing else. Drill restores into a ' +
        'scratch file, runs every check and the smoke queries, reports and deletes it; the database is not touched. ' +
        'Extract writes the checked backup as one file into extracts.path of the target; the database is not touched.',
      enum: ['Restore', 'DryRun', 'Drill', 'Extract'],
      default: 'Restore',
    },
    strategy: {
      type: 'string',
      description:
        'Replace swaps the database file by an atomic rename while it is closed. InPlace writes through SQLite into ' +
        'the open database, for bind-mounted files and for applications that cannot be stopped.',
      enum: ['Replace', 'InPlace'],
      default: 'Replace',
    },
    tables: {
      type: 'array',
      description: 'Restore these tables only; empty means the whole database. Foreign keys are checked afterwards.',
      default: [],
      maxItems: 256,
      uniqueItems: true,
      items: { type: 'string', minLength: 1, maxLength: 128, pattern: ONE_LINE },
      examples: [['incidents']],
    },
    servicePolicy: {
      type: 'string',
      description:
        "StopStart stops the target's service before the swap and starts it after. RestartAfter leaves it running and " +
        'restarts it at the end. None leaves it alone, also where it does not run; whoever has the database open is then refused.',
      enum: ['StopStart', 'RestartAfter', 'None'],
      default: 'StopStart',
    },
    suspend: {
      type: 'boolean',
      description: 'Accept the request and do not start it until this is false, or until `modosu resume NAME`.',
      default: false,
    },
    notBefore: {
      type: 'string',
      format: 'date-time',
      description: 'Begin of the maintenance window: the request waits until then. RFC 3339 with a time zone.',
      examples: ['2026-02-15T02:00:00+09:00'],
    },
    notAfter: {
      type: 'string',
      format: 'date-time',
      description: 'End of the maintenance window: a request that has not started by then is Expired. RFC 3339.',
      examples: ['2026-02-15T04:00:00+09:00'],
    },
    activeDeadlineSeconds: {
      type: 'integer',
      description:
        'Seconds that a restore may be active; one that has not come to the swap by then ends as Failed, the database ' +
        "untouched. 900 is the manual's recovery time objective of 15 minutes.",
      minimum: 1,
      maximum: 86400,
      default: 900,
    },
    ttlSecondsAfterFinished: {
      type: 'integer',
      description: 'Seconds after its end at which a finished request leaves the list. The audit log keeps it.',
      minimum: 0,
      maximum: 315360000,
      default: 2592000,
    },
    requestedBy: {
      type: 'string',
      description: 'Who asks for the restore: the name in the audit log and in the report.',
      minLength: 1,
      maxLength: 128,
      pattern: ONE_LINE,
      examples: ['ops-oncall'],
    },
    reason: {
      type: 'string',
      description: 'Why, for the audit log and the report.',
      maxLength: 1024,
      pattern: TEXT,
      examples: ['誤操作によるインシデント削除', 'incidents deleted by mistake'],
    },
    approval: {
      type: 'object',
      description: 'The four-eyes rule for important restores (manual 2.5).',
      default: {},
      additionalProperties: false,
      properties: {
        required: {
          type: 'integer',
          description: 'How many other people must run `modosu approve NAME` before the restore starts.',
          minimum: 0,
          maximum: 10,
          default: 0,
        },
      },
    },
  },
}

export const RESTORE_REQUEST_SCHEMA: RootSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://modosu.dev/schema/v1/restorerequest.json',
  title: 'RestoreRequest',
  type: 'object',
  description: 'Asks the daemon to restore one SQLite database from one of its backups.',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
  properties: {
    apiVersion: { type: 'string', description: 'The version of this form.', enum: [API_VERSION] },
    kind: { type: 'string', description: 'What this document is.', enum: [REQUEST_KIND] },
    metadata: METADATA_SCHEMA,
    spec: SPEC,
    status: { type: 'object', description: 'Written by the daemon. Ignored in a request.' },
  },
}
