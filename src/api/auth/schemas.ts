/** The shapes of logging in, as JSON schemas for the document of the API and for the test that holds the answers against it. */

import { ROLES } from '../caller.ts'
import { ERROR } from '../manual/schemas.ts'

const text = { type: 'string' } as const
const textOrNull = { type: ['string', 'null'] } as const
const time = { type: 'string', format: 'date-time' } as const

type Fields = Readonly<Record<string, object>>

function object(properties: Fields, required: readonly string[] = Object.keys(properties)): object {
  return { type: 'object', required, properties }
}

const FAILURE = { description: 'Refused or failed', content: { 'application/json': { schema: ERROR } } } as const
const FAILURES = { '4xx': FAILURE, '5xx': FAILURE } as const

function route(operationId: string, summary: string, ok: Readonly<Record<number, object>>, rest: object = {}): object {
  return {
    tags: ['login'],
    operationId,
    summary,
    security: [{ bearer: [] }, { cookie: [] }],
    response: { ...ok, ...FAILURES },
    ...rest,
  }
}

const USER = object(
  {
    id: text,
    username: text,
    email: textOrNull,
    role: { ...textOrNull, description: 'The greatest one of all targets.' },
    full_name: textOrNull,
    roles: {
      type: 'object',
      description: 'By target; * is every target.',
      additionalProperties: { enum: [...ROLES] },
    },
  },
  ['id', 'username', 'role'],
)

export const AUTH_ROUTE = {
  login: route(
    'login',
    'Logs in with a password',
    { 200: object({ message: text, token: text, user: USER, expiresAt: time }) },
    {
      description:
        'The answer sets the cookie modosu_session as well (__Host-modosu_session over TLS). A wrong user and a wrong password are answered alike.',
      security: [],
      body: object({ username: text, password: text }),
    },
  ),
  methods: route(
    'listLoginMethods',
    'Tells by what a person can log in',
    {
      200: object({
        message: text,
        data: object({
          password: { type: 'boolean', description: 'There are users with a password here.' },
          openid_connect: { ...textOrNull, description: 'Where a browser goes to log in at the issuer.' },
        }),
      }),
    },
    { security: [] },
  ),
  logout: route('logout', 'Ends the session', {
    200: object(
      { message: text, logoutUrl: { ...text, description: 'Where the session at the issuer ends, for a browser.' } },
      ['message'],
    ),
  }),
  me: route('getCurrentUser', 'Tells who is logged in', { 200: object({ message: text, user: USER }) }),
  reauth: route(
    'reauthenticate',
    'Proves the password again, for the restore of one backup within two minutes',
    { 200: object({ message: text, data: object({ proof: text, backup_id: text, expires_at: time }) }) },
    {
      description: 'The proof is sent with the restore, as X-Modosu-Reauth, and counts once.',
      body: object({ password: text, backup_id: text }),
    },
  ),
  oidcLogin: route(
    'oidcLogin',
    'Sends a browser to the OpenID Connect issuer',
    { 303: { description: 'To the issuer' } },
    {
      security: [],
      querystring: {
        type: 'object',
        properties: {
          return: { ...text, description: 'Where the browser goes afterwards: a path of this origin.' },
          reauth: {
            ...text,
            maxLength: 128,
            description:
              'A backup: whoever is logged in proves it anew. The proof for its restore comes as #reauth= of the path.',
          },
        },
      },
    },
  ),
  oidcCallback: route(
    'oidcCallback',
    'Where the issuer sends the browser back',
    { 200: { description: 'A page that leads on', content: { 'text/html': { schema: text } } } },
    { security: [] },
  ),
} as const
