/** The schema of what surrounds a target's database: its service, its health, hooks and webhooks. */

import { PATH, duration, mapping } from './configuration-fields.ts'
import { ONE_LINE, type JsonSchema } from './json-schema.ts'

const ARGV: JsonSchema = {
  type: 'array',
  description: 'Program and arguments, run without a shell. A program with a slash is relative to this file.',
  minItems: 1,
  maxItems: 64,
  items: { type: 'string', maxLength: 4096 },
  examples: [['/usr/local/bin/app', 'stop']],
}

export const SERVICE_SCHEMA: JsonSchema = {
  type: ['object', 'null'],
  description: 'What has the database open, and so must be stopped for the swap: a systemd unit or commands.',
  additionalProperties: false,
  properties: {
    unit: {
      type: 'string',
      description: 'The systemd unit.',
      maxLength: 255,
      pattern: '^[A-Za-z0-9:_.\\\\@-]+$',
      examples: ['itsm-nexus-prod.service'],
    },
    command: {
      type: 'object',
      description: 'Commands in place of a unit.',
      required: ['stop', 'start'],
      additionalProperties: false,
      properties: {
        stop: { ...ARGV, description: 'Stops it and returns when it is down.' },
        start: { ...ARGV, description: 'Starts it.' },
        status: { ...ARGV, description: 'Exit status 0 means running, 3 means stopped, as `systemctl is-active`.' },
      },
      examples: [{ stop: ['/usr/local/bin/app', 'stop'], start: ['/usr/local/bin/app', 'start'] }],
    },
    stopTimeout: duration('How long it may take to stop.', '60s'),
    startTimeout: duration('How long it may take to start.', '60s'),
  },
}

export const LOGIN_PROBE_SCHEMA: JsonSchema = {
  type: ['object', 'null'],
  description:
    'A login at the application after each restore, once, for point 3 of the checklist (manual 11). It never changes how the ' +
    'restore ends. Use an account of its own that may do nothing.',
  required: ['url', 'username', 'passwordFile'],
  additionalProperties: false,
  properties: {
    url: {
      type: 'string',
      maxLength: 2048,
      description: 'Where the login is sent by POST. https, or http on this host.',
      examples: ['https://localhost:6443/api/v1/auth/login'],
    },
    username: { type: 'string', description: 'Of the account.', minLength: 1, maxLength: 255, examples: ['probe'] },
    passwordFile: {
      ...PATH,
      description: 'File with the password alone, mode 0600, owned by root or the user of the daemon.',
      examples: ['/etc/modosu/login-probe.password'],
    },
    usernameField: {
      type: 'string',
      description: 'The member of the JSON body that holds the name.',
      minLength: 1,
      maxLength: 64,
      default: 'username',
    },
    passwordField: {
      type: 'string',
      description: 'The member of the JSON body that holds the password.',
      minLength: 1,
      maxLength: 64,
      default: 'password',
    },
    expectStatus: {
      type: 'integer',
      description: 'The status of a login that has succeeded.',
      minimum: 200,
      maximum: 399,
      default: 200,
    },
    tokenField: {
      type: ['string', 'null'],
      description: 'The member of the JSON answer that must hold a token; null: the status is enough.',
      minLength: 1,
      maxLength: 64,
      default: 'token',
    },
    timeout: duration('How long it may take, 60s at most; while nobody listens, it is tried again.', '10s'),
    insecureSkipVerify: {
      type: 'boolean',
      description: "Accept any certificate, for an application's self-signed one on this host.",
      default: false,
    },
  },
}

export const HEALTH_CHECK_SCHEMA: JsonSchema = {
  type: ['object', 'null'],
  description: 'Asked after the start until it answers 2xx (manual 4.2-5).',
  required: ['url'],
  additionalProperties: false,
  properties: {
    url: {
      type: 'string',
      maxLength: 2048,
      description: 'http or https.',
      examples: ['http://localhost:5000/api/v1/health'],
    },
    timeout: duration('How long it may take until it is healthy.', '60s'),
    insecureSkipVerify: {
      type: 'boolean',
      description: "Accept any certificate, for an application's self-signed one on this host.",
      default: false,
    },
  },
}

function hooks(description: string): JsonSchema {
  return {
    type: 'array',
    description,
    default: [],
    maxItems: 16,
    items: {
      type: 'object',
      required: ['command'],
      additionalProperties: false,
      properties: {
        name: {
          type: 'string',
          description: "Its name in the log; without one the program's.",
          minLength: 1,
          maxLength: 64,
          pattern: ONE_LINE,
        },
        command: ARGV,
        timeout: duration('How long it may take.', '60s'),
      },
    },
  }
}

export const HOOKS_SCHEMA: JsonSchema = mapping(
  'Programs of yours, told about the restore by MODOSU_* environment variables.',
  {
    preRestore: hooks('Before the service is stopped; one that fails stops the restore.'),
    postRestore: hooks('After the restored application is healthy.'),
    onFailure: hooks('After a restore that did not succeed.'),
  },
)

export const NOTIFICATION_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: {
    url: {
      type: 'string',
      maxLength: 2048,
      description: 'Where the outcome is posted as JSON.',
      examples: ['https://chat.example/hook'],
    },
    secretFile: { ...PATH, description: 'File with the key of the HMAC signature; without it, unsigned.' },
    timeout: duration('How long one try may take.', '10s'),
  },
}
