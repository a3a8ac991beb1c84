/** The schema of `spec.source`: where the restored database comes from. */

import { BACKUP_TYPES } from '../domain/resource.ts'
import { ONE_LINE, type JsonSchema } from './json-schema.ts'

const FILE_PATH: JsonSchema = {
  type: 'string',
  description: "Path inside the target's backup directory: relative, without `..`.",
  minLength: 1,
  maxLength: 1024,
  pattern: ONE_LINE,
  examples: ['daily/itsm_nexus_daily_20260215_020015.db'],
}

/** Exactly one key, said by counting them: a structural schema may not put properties under `oneOf`. */
export const SOURCE_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'Where the data comes from: exactly one of these keys.',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  examples: [{ backupId: 'BKP-20260215-020015-daily' }],
  properties: {
    backupId: {
      type: 'string',
      description:
        'A backup by its id, as `modosu get backups` lists it. BKP-YYYYMMDD-HHMMSS-type and BKP-YYYYMMDDHHMMSS-type ' +
        'name the same one.',
      minLength: 1,
      maxLength: 128,
      pattern: '^[!-~]+$',
      examples: ['BKP-20260215-020015-daily'],
    },
    latest: {
      type: 'object',
      description:
        'The newest backup that passes every check; damaged ones are reported and passed over. Write {} for any.',
      additionalProperties: false,
      examples: [{ types: ['daily', 'weekly'] }],
      properties: {
        types: {
          type: 'array',
          description: 'Look at backups of these types only.',
          minItems: 1,
          maxItems: 4,
          uniqueItems: true,
          items: { type: 'string', enum: BACKUP_TYPES },
          examples: [['daily', 'weekly']],
        },
        before: {
          type: 'string',
          format: 'date-time',
          description: 'Only backups made before this time, for instance the time of the mistake. RFC 3339.',
          examples: ['2026-02-15T03:00:00Z'],
        },
      },
    },
    file: {
      type: 'object',
      description: 'A backup file by its path, for one that is in no catalog.',
      required: ['path'],
      additionalProperties: false,
      examples: [{ path: 'daily/itsm_nexus_daily_20260215_020015.db' }],
      properties: {
        path: FILE_PATH,
        sha256: {
          type: 'string',
          description: 'The SHA-256 that the file must have, in hexadecimal.',
          pattern: '^(sha256:)?[0-9a-fA-F]{64}$',
        },
      },
    },
    sqlDump: {
      type: 'object',
      description: 'A compressed SQL dump (.sql.gz), the last resort when every .db is damaged (manual 8.2).',
      required: ['path'],
      additionalProperties: false,
      examples: [{ path: 'daily/itsm_nexus_daily_20260215_020015.sql.gz' }],
      properties: {
        path: { ...FILE_PATH, examples: ['daily/itsm_nexus_daily_20260215_020015.sql.gz'] },
      },
    },
    safetyBackup: {
      type: 'object',
      description: 'A safety backup of an earlier restore: puts back what that restore replaced.',
      required: ['name'],
      additionalProperties: false,
      examples: [{ name: 'restore_safety_20260215150530.db' }],
      properties: {
        name: {
          type: 'string',
          description:
            'Its file name, as `modosu get safety` lists it; or that of a replaced database which a restore has put aside ' +
            'beside it (`.broken.TIME`) and which the state store knows.',
          minLength: 1,
          maxLength: 255,
          pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
          examples: ['restore_safety_20260215150530.db'],
        },
      },
    },
  },
}
