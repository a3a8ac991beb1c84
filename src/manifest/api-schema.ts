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
  confirmDefault: {
    type: 'boolean',
    description:
      "What confirm is in POST /api/v1/backups/ID/restore where the call leaves it out: false refuses the call (manual 8.1), true restores (manual 4.3). Nothing but the manual's call is concerned.",
    default: false,
  },
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
    revokedTokensTable: {
      type: ['string', 'null'],
      description:
        'The table of these databases in which the application keeps the jti of revoked tokens: those are refused. Where it is missing or cannot be read, none counts as revoked. null: there is none.',
      pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$',
      default: 'token_blacklist',
    },
  },
}

const OPENID_CONNECT: JsonSchema = {
  type: ['object', 'null'],
  description:
    'Logging in at an OpenID Connect issuer, from a browser: /auth/oidc/login. The issuer is asked for its addresses at the first login, so that the daemon starts without it.',
  default: null,
  required: ['issuer', 'clientId', 'redirectUrl'],
  additionalProperties: false,
  properties: {
    issuer: {
      type: 'string',
      description: 'The issuer, as it spells itself: https, or http on loopback.',
      maxLength: 512,
      examples: ['https://id.example.com/realms/ops'],
    },
    clientId: {
      type: 'string',
      description: 'What the issuer calls this daemon.',
      minLength: 1,
      maxLength: 256,
      examples: ['modosu'],
    },
    clientSecretFile: {
      ...PATH,
      description: 'The secret that the issuer has given out, alone in a file. Without it: a public client.',
      examples: ['/etc/modosu/openid-connect.secret'],
    },
    redirectUrl: {
      type: 'string',
      description:
        'Where the issuer sends the browser: the address of this daemon as the browser knows it, and /auth/oidc/callback.',
      maxLength: 2048,
      examples: ['https://db1.example.com:9470/auth/oidc/callback'],
    },
    scopes: {
      type: 'array',
      description: 'What is asked of the issuer; openid is always asked.',
      default: ['openid', 'profile'],
      maxItems: 32,
      items: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[!#-\\[\\]-~]+$' },
    },
    roleClaim: {
      type: 'string',
      description:
        'Where the issuer says what somebody may do: a text or a list, also inside an object (realm_access.roles).',
      minLength: 1,
      maxLength: 256,
      default: 'groups',
    },
    nameClaim: {
      type: 'string',
      description: 'Where the issuer says what somebody is called.',
      minLength: 1,
      maxLength: 256,
      default: 'preferred_username',
    },
    roles: {
      type: 'object',
      description:
        'What a value of roleClaim may do here: viewer, operator or admin. Whoever has none that is listed may not log in.',
      default: {},
      maxProperties: 64,
      additionalProperties: { type: 'string', enum: ['viewer', 'operator', 'admin'] },
      examples: [{ 'db-admins': 'admin' }],
    },
    targets: {
      type: 'array',
      description: 'The targets that these roles are for. Left out: all of them.',
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
  openidConnect: OPENID_CONNECT,
  reauth: {
    type: 'string',
    description:
      'Who gives the password again before a restore: web for whoever comes with the cookie of the page, always for every login, never for nobody.',
    enum: ['web', 'always', 'never'],
    default: 'web',
  },
})
