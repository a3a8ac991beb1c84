/** The schema of the daemon's configuration file. Paths are relative to the file; durations are `500ms`, `60s`, `14d`. */

import { API_VERSION, CONFIGURATION_KIND } from '../domain/resource.ts'
import { API, AUTH, listen } from './api-schema.ts'
import { PATH, duration, mapping } from './configuration-fields.ts'
import { DURATION, LABEL_VALUE, NODE_NAME, ONE_LINE, type JsonSchema, type RootSchema } from './json-schema.ts'
import { TARGET_SCHEMA } from './target-schema.ts'

const NODE = mapping('What this host is called, where many hosts read one repository of requests.', {
  name: {
    type: 'string',
    description: 'A request whose spec.nodeName is another one is left alone. Without it: the host name.',
    minLength: 1,
    maxLength: 253,
    pattern: NODE_NAME,
    examples: ['itsm-prod-1'],
  },
  labels: {
    type: 'object',
    description: 'A request whose spec.nodeSelector asks for a label that is not here is left alone.',
    default: {},
    maxProperties: 64,
    additionalProperties: { type: 'string', maxLength: 63, pattern: LABEL_VALUE },
    examples: [{ environment: 'production' }],
  },
})

const SPOOL = mapping('The directory in which requests are dropped. The daemon only ever reads it.', {
  path: { ...PATH, description: 'The directory itself; subdirectories are not read.', default: '/var/spool/modosu' },
  settle: duration('How long a file must have been quiet before it is read, so that no half-written one is.', '500ms'),
  resync: duration("How often everything is looked at again, whatever the file system's events said.", '60s'),
  deleteGrace: duration(
    'How long a name must be in no file before its request is cancelled: a git pull renames files away and back.',
    '10s',
  ),
  onFirstStart: {
    type: 'string',
    description:
      'What becomes of files that already lie there when the state store is empty. Hold waits for `modosu approve`: a ' +
      'lost state store must not run old restores again. Run runs them.',
    enum: ['Hold', 'Run'],
    default: 'Hold',
  },
})

const METRICS = mapping('Prometheus metrics and health over plain HTTP.', {
  listen: {
    ...listen('HOST:PORT of /metrics, /livez and /readyz; null for none, port 0 for any free one.', '127.0.0.1:9469'),
    default: '127.0.0.1:9469',
  },
})

const RETENTION = mapping(
  'What is deleted by itself, and when. Nothing that an unfinished or unacknowledged request still needs is deleted.',
  {
    safetyBackups: mapping('Safety backups of earlier restores (manual 5.5).', {
      enabled: { type: 'boolean', description: 'Delete old ones.', default: true },
      minAge: duration('Never younger ones, whatever else is said.', '7d'),
      maxAge: duration('Older ones are deleted.', '14d'),
      keepLast: {
        type: 'integer',
        description: 'The newest so many are always kept.',
        minimum: 1,
        maximum: 1000,
        default: 1,
      },
      minFreeBytes: {
        type: 'integer',
        description:
          'With less free space than this, those older than minAge are deleted before their maxAge. In bytes.',
        minimum: 1,
        examples: [1073741824],
      },
    }),
    displacedOriginals: mapping(
      'Replaced databases that a crash left beside the database as .modosu-NAME.old, of requests that have ended.',
      {
        enabled: { type: 'boolean', description: 'Delete old ones.', default: true },
        maxAge: duration('Those whose request ended longer ago are deleted.', '14d'),
      },
    ),
    brokenFiles: mapping('Damaged databases that were put aside as .broken files (manual 7.2, 8.4).', {
      enabled: { type: 'boolean', description: 'Delete old ones.', default: true },
      maxAge: duration('Older ones are deleted.', '7d'),
    }),
    preSqlDumpFiles: mapping('Databases put aside before an SQL dump was restored (manual 8.2).', {
      enabled: { type: 'boolean', description: 'Delete old ones.', default: true },
      maxAge: duration('Older ones are deleted.', '14d'),
    }),
    backups: mapping("The application's own backups (manual 2.3). Off as shipped: its backup job does this.", {
      enabled: { type: 'boolean', description: 'Delete old ones.', default: false },
      daily: duration('Older daily backups are deleted.', '7d'),
      weekly: duration('Older weekly backups are deleted.', '28d'),
      monthly: duration('Older monthly backups are deleted.', '365d'),
    }),
  },
)

function cron(description: string, text: string): JsonSchema {
  return {
    type: ['string', 'null'],
    description: `${description} Five cron fields; null for never.`,
    maxLength: 128,
    default: text,
  }
}

const SCHEDULES = mapping('What the daemon does by the clock.', {
  prune: cron('Deletes what retention says.', '30 3 * * *'),
  verifyBackups: cron('Checks every backup, so that a damaged one is known before it is needed.', '0 4 * * *'),
  verifyNewBackups: {
    type: 'boolean',
    description:
      'Checks a backup soon after it appears, as verifyBackups would: one at a time, and while no restore runs. Those that ' +
      'were there when the daemon started are left to verifyBackups.',
    default: true,
  },
  drill: cron('Restores the newest backup into a scratch file, once a quarter.', '0 5 1 */3 *'),
  timezone: {
    type: 'string',
    description: 'The time zone of these schedules, as IANA names it.',
    maxLength: 64,
    default: 'UTC',
    examples: ['Asia/Tokyo'],
  },
  verifyMegabytesPerSecond: {
    type: ['integer', 'null'],
    description:
      'How fast verifyBackups and verifyNewBackups may read, in MB/s (10^6 bytes), so that the application keeps the disk; null for as ' +
      'fast as it can.',
    minimum: 1,
    maximum: 100000,
    default: 50,
  },
})

const LOGGING = mapping('The log, on standard error.', {
  level: {
    type: 'string',
    description: 'The least important lines to write.',
    enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
    default: 'info',
  },
  format: {
    type: 'string',
    description: 'json for machines, text for people.',
    enum: ['json', 'text'],
    default: 'json',
  },
})

const REPORT = mapping('What reports and checklists show besides what is known of a restore (manual 10, 12.2, 13).', {
  links: {
    type: 'array',
    description: 'Related documents, such as the runbook of the application (manual 13).',
    default: [],
    maxItems: 32,
    items: {
      type: 'object',
      required: ['title', 'url'],
      additionalProperties: false,
      properties: {
        title: { type: 'string', description: 'What it is called.', minLength: 1, maxLength: 128, pattern: ONE_LINE },
        url: {
          type: 'string',
          description: 'Its http or https address.',
          minLength: 1,
          maxLength: 1024,
          pattern: ONE_LINE,
          examples: ['https://wiki.example.com/itsm/backup'],
        },
      },
    },
  },
  contacts: {
    type: 'array',
    description: 'Whom to call in an emergency (manual 10-10, 12).',
    default: [],
    maxItems: 32,
    items: {
      type: 'object',
      required: ['name', 'contact'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', description: 'A person or a role.', minLength: 1, maxLength: 128, pattern: ONE_LINE },
        contact: {
          type: 'string',
          description: 'A telephone number, an address, a channel.',
          minLength: 1,
          maxLength: 256,
          pattern: ONE_LINE,
          examples: ['+81-3-0000-0000'],
        },
      },
    },
  },
  timezone: {
    type: ['string', 'null'],
    description: "The time zone of the times in reports, as IANA names it. Without it: that of the target's backups.",
    maxLength: 64,
    examples: ['Asia/Tokyo'],
  },
})

export const CONFIGURATION_SCHEMA: RootSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://modosu.dev/schema/v1/configuration.json',
  title: 'Configuration',
  type: 'object',
  description: `The configuration of the daemon. Relative paths are relative to the file; durations match ${DURATION}.`,
  required: ['apiVersion', 'kind', 'targets'],
  additionalProperties: false,
  properties: {
    apiVersion: { type: 'string', description: 'The version of this form.', enum: [API_VERSION] },
    kind: { type: 'string', description: 'What this document is.', enum: [CONFIGURATION_KIND] },
    stateDir: {
      ...PATH,
      description:
        "The daemon's own state: its database, the status files. Never inside a backup directory, for a restore must " +
        'not take its own record back in time.',
      default: '/var/lib/modosu',
    },
    node: NODE,
    spool: SPOOL,
    metrics: METRICS,
    api: API,
    auth: AUTH,
    targets: {
      type: 'array',
      description: 'The databases that may be restored. A request names one of them.',
      minItems: 1,
      maxItems: 1000,
      items: TARGET_SCHEMA,
    },
    retention: RETENTION,
    schedules: SCHEDULES,
    logging: LOGGING,
    report: REPORT,
    language: {
      type: 'string',
      description:
        'In which language commands speak to people, unless --lang or MODOSU_LANG says another. Without it: the locale.',
      enum: ['ja', 'en'],
    },
    concurrency: {
      type: 'integer',
      description: 'Restores at once, over all targets; of one target there is never more than one.',
      minimum: 1,
      maximum: 64,
      default: 4,
    },
  },
}
