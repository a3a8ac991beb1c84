/** The schema of the API's listeners and of who may use them. */

import { PATH, duration, mapping } from './configuration-fields.ts'
import type { JsonSchema } from './json-schema.ts'

const HOST = '(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9.-]+)'

/** @param port false: the port may be left out. */
export function listen(description: string, example: string, port = true): JsonSchema {
  return {
    type: ['string', 'null'],
    description,
    pattern: port ? `^${HOST}:[0-9]{1,5}$` : `^${HOST}(:[0-9]{1,5})?$`,
    examples: [example],
  }
}

export const API = mapping('The listeners for commands and for the HTTP API of the manual.', {
  socket: {
    ...PATH,
    description: 'Unix socket of the command line, authorised by its file mode. Without it: api.sock in stateDir.',
    examples: ['/run/modosu/api.sock'],
  },
  listen: listen(
    'HOST:PORT of the HTTP API, port 9470 where none is given. Without it, or null: no TCP at all. Without api.tls it must be a loopback address.',
    '127.0.0.1:9470',
    false,
  ),
  tls: mapping('HTTPS for api.listen, TLS 1.2 or later. Left empty: plain HTTP, on loopback only.', {
    cert: {
      ...PATH,
      description: 'Certificate chain, PEM. A renewed file is used within a minute.',
      examples: ['/etc/modosu/tls.crt'],
    },
    key: {
      ...PATH,
      description: 'Private key, PEM, readable by the daemon alone.',
      examples: ['/etc/modosu/tls.key'],
    },
    selfSigned: {
      type: 'boolean',
      description:
        'Make a certificate in stateDir instead and keep it there. Its fingerprint is logged, so that a client can compare it.',
      default: false,
    },
  }),
  trustProxy: {
    type: 'array',
    description:
      'Addresses or networks of reverse proxies whose X-Forwarded headers are believed. Empty: the headers are ignored, and every client behind a proxy has the address of the proxy.',
    default: [],
    maxItems: 64,
    items: { type: 'string', minLength: 1, maxLength: 64, pattern: '^(loopback|[0-9A-Fa-f:.]+(/[0-9]{1,3})?)$' },
    examples: [['127.0.0.1']],
  },
  rateLimit: mapping('At most so many calls of one address in so long; more get 429.', {
    requests: { type: 'integer', description: 'How many.', minimum: 1, maximum: 1000000, default: 600 },
    window: duration('In how long.', '1m'),
  }),
})

const USERS = mapping('The users of Modosu itself, who log in with a password.', {
  file: {
    ...PATH,
    description:
      'The file that modosu user writes, mode 0600. It is read anew when it changes. Without it there are no such users.',
    examples: ['/etc/modosu/users.yaml'],
  },
})

const SESSIONS = mapping('How long a login lasts.', {
  idle: duration('It ends when it was not used for so long.', '1h'),
  lifetime: duration('It ends after so long in any case.', '12h'),
})

const JWT: JsonSchema = {
  type: ['object', 'null'],
  description:
    "The application's own tokens, so that its users need no second login. Give one of secretFile, publicKeyFile, jwksFile and jwksUrl.",
  default: null,
  additionalProperties: false,
  properties: {
    algorithm: {
      type: 'string',
      description: 'The one algorithm that is accepted.',
      enum: ['HS256', 'RS256', 'ES256'],
      default: 'HS256',
    },
    secretFile: {
      ...PATH,
      description: 'For HS256: the secret that the application signs with, 32 bytes or more.',
      examples: ['/etc/modosu/application-jwt.secret'],
    },
    publicKeyFile: { ...PATH, description: 'For RS256 and ES256: the public key, PEM.' },
    jwksFile: { ...PATH, description: 'For RS256 and ES256: a JSON Web Key Set.' },
    jwksUrl: {
      type: 'string',
      description: 'For RS256 and ES256: where the JSON Web Key Set is served, https or loopback.',
      maxLength: 2048,
    },
    issuer: { type: 'string', description: 'The iss that a token must have; absent: any.', maxLength: 512 },
    audience: { type: 'string', description: 'The aud that a token must have; absent: any.', maxLength: 512 },
    roleClaim: { type: 'string', description: 'Where a token says the role.', maxLength: 64, default: 'role' },
    nameClaim: { type: 'string', description: 'Where a token says the user.', maxLength: 64, default: 'username' },
    roles: {
      type: 'object',
      description:
        'What a role of the application may do here: viewer, operator or admin. Every role that is not listed may do nothing.',
      default: { admin: 'admin' },
      maxProperties: 64,
      additionalProperties: { type: 'string', enum: ['viewer', 'operator', 'admin'] },
    },
    targets: {
      type: 'array',
      description:
        'The databases of that application: a token counts for them alone, and not when it was issued before their last restore. May be left out where there is one target.',
      maxItems: 1000,
      items: { type: 'string', maxLength: 63 },
      examples: [['itsm-nexus']],
    },
  },
}

export const AUTH: JsonSchema = mapping('Who may do what over TCP. On the socket, its file mode says it.', {
  users: USERS,
  sessions: SESSIONS,
  jwt: JWT,
  reauth: {
    type: 'string',
    description:
      'Who gives the password again before a restore: web for whoever comes with the cookie of the page, always for every login, never for nobody.',
    enum: ['web', 'always', 'never'],
    default: 'web',
  },
})
