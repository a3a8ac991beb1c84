/** The schema of one target in the configuration: a database, its backups, and the application around it. */

import {
  HEALTH_CHECK_SCHEMA,
  HOOKS_SCHEMA,
  LOGIN_PROBE_SCHEMA,
  NOTIFICATION_SCHEMA,
  SERVICE_SCHEMA,
} from './application-schema.ts'
import { PATH, duration, mapping } from './configuration-fields.ts'
import { DNS_LABEL, DURATION, ONE_LINE, TEXT, type JsonSchema } from './json-schema.ts'

const SMOKE_QUERY: JsonSchema = {
  type: 'object',
  description: 'A query whose first value says whether the data is there (manual 11, 4 to 6).',
  required: ['name', 'sql'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', description: 'Its name in the report.', minLength: 1, maxLength: 64, pattern: ONE_LINE },
    sql: {
      type: 'string',
      description: 'One query that only reads.',
      minLength: 1,
      maxLength: 4096,
      pattern: TEXT,
      examples: ['SELECT COUNT(*) FROM incidents'],
    },
    min: { type: 'number', description: 'The least value that is good.' },
    max: { type: 'number', description: 'The greatest value that is good.' },
  },
}

const VERIFICATION = mapping('How much is proven, and what counts as a failure.', {
  afterSwap: {
    type: 'string',
    description:
      'full repeats the integrity check after the swap, as the manual asks; its time is downtime. identity proves that ' +
      'the database is the very file whose bytes passed before.',
    enum: ['full', 'identity'],
    default: 'full',
  },
  requireChecksum: {
    type: 'boolean',
    description: 'Refuse a backup for which no checksum is recorded.',
    default: false,
  },
  foreignKeys: {
    type: 'string',
    description: 'What a violated foreign key in a backup means.',
    enum: ['warn', 'fail'],
    default: 'warn',
  },
  checkTimeout: {
    type: ['string', 'null'],
    description: 'Time limit of one check; without it, it grows with the size of the database.',
    pattern: DURATION,
    examples: ['30m'],
  },
  allowUnverifiable: {
    type: 'boolean',
    description:
      'Accept a backup that SQLite cannot check at all, because it needs a collation or function of the application.',
    default: false,
  },
})

const TABLE: JsonSchema = { type: ['string', 'null'], minLength: 1, maxLength: 128, pattern: ONE_LINE }

const BACKUPS: JsonSchema = {
  type: 'object',
  description: 'Where the backups lie and what they are called (manual 2.3).',
  required: ['path'],
  additionalProperties: false,
  properties: {
    path: {
      ...PATH,
      description: 'The directory with daily/, weekly/ and monthly/; safety backups go directly into it.',
      examples: ['/srv/app/backups'],
    },
    stem: {
      type: 'string',
      description: "STEM of STEM_daily_YYYYMMDD_HHMMSS.db; without it, the database file's name without its suffix.",
      minLength: 1,
      maxLength: 64,
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      examples: ['itsm_nexus'],
    },
    timezone: {
      type: 'string',
      description:
        'IANA time zone of the times in the names of its backups. The ids are UTC whatever it is, and so are the times in ' +
        "the application's list of its backups, which win over a name.",
      minLength: 1,
      maxLength: 64,
      default: 'UTC',
      examples: ['Asia/Tokyo'],
    },
    catalogTable: {
      ...TABLE,
      description: "The application's list of its backups, inside the database.",
      examples: ['backup_logs'],
    },
    auditTable: {
      ...TABLE,
      description:
        "The application's audit log, inside the database, into which each restore is written, and each verification that somebody asked for.",
      examples: ['backup_audit_logs'],
    },
    auditUser: {
      type: ['string', 'null'],
      description:
        'The user of the application on whom a restore or a verification is booked in auditTable where the application does not know who asked for it; details name who did.',
      minLength: 1,
      maxLength: 255,
      default: null,
      examples: ['admin'],
    },
  },
}

export const TARGET_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'One database that may be restored.',
  required: ['name', 'database', 'backups'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      description: 'The name by which requests call it, a DNS label.',
      minLength: 1,
      maxLength: 63,
      pattern: DNS_LABEL,
      examples: ['itsm-nexus'],
    },
    database: {
      ...PATH,
      description: 'The SQLite file that the application uses.',
      examples: ['/srv/app/itsm_nexus.db'],
    },
    backups: BACKUPS,
    extracts: {
      type: 'object',
      description:
        'Where checked backups are put as files by requests with mode: Extract; without it they are rejected.',
      required: ['path'],
      additionalProperties: false,
      properties: {
        path: {
          ...PATH,
          description:
            'A directory of its own, on any file system. The file is REQUEST.db, mode 0600, owned by the user of the ' +
            'daemon. Nothing is overwritten, and nothing in it is ever pruned: whoever asked for a file removes it.',
          examples: ['/srv/app/extracts'],
        },
      },
    },
    dryRun: mapping('What a dry run tells.', {
      samples: {
        type: 'string',
        description:
          'Of the rows that would vanish, return or change, three of each kind and table stand in the status, which everybody ' +
          'reads who may see the request. keys: their primary keys, and the names of the columns that differ. values: ' +
          'what the columns hold, too. none: figures alone.',
        enum: ['none', 'keys', 'values'],
        default: 'keys',
      },
    }),
    approval: mapping('How many people must approve a restore of it; a request cannot waive that.', {
      required: {
        type: 'integer',
        description:
          'People besides the one who submitted, each of whom has proven who they are. Drills, dry runs and extracts need none.',
        minimum: 0,
        maximum: 10,
        default: 0,
      },
    }),
    checklist: {
      type: 'string',
      description:
        'require lets each restore wait until the checklist of the manual 10 is complete (modosu checklist pre NAME); a request ' +
        'cannot waive that. Drills, dry runs, extracts and restores of a safety backup need none.',
      enum: ['offer', 'require'],
      default: 'offer',
    },
    service: SERVICE_SCHEMA,
    healthCheck: HEALTH_CHECK_SCHEMA,
    loginProbe: LOGIN_PROBE_SCHEMA,
    smokeQueries: {
      type: 'array',
      description: 'Asked of the restored database.',
      default: [],
      maxItems: 64,
      items: SMOKE_QUERY,
    },
    hooks: HOOKS_SCHEMA,
    verification: VERIFICATION,
    rateLimit: mapping('At most so many restores in so long (manual 9, Q6).', {
      restores: { type: 'integer', description: 'How many.', minimum: 1, maximum: 1000, default: 3 },
      window: duration('In how long.', '1h'),
    }),
    rto: duration('The recovery time objective, against which restores are measured (manual 1.5).', '15m'),
    notifications: {
      type: 'array',
      description: 'Webhooks that are told each outcome.',
      default: [],
      maxItems: 16,
      items: NOTIFICATION_SCHEMA,
    },
  },
}
