/**
 * Who acts, as the client of the socket says. The socket's file mode is the authorisation (manual 2.1): whoever may
 * connect is an administrator, and the name tells the audit log which one.
 */

import type { FastifyRequest } from 'fastify'

import { RestoreError } from '../domain/errors.ts'
import type { Authenticate } from './app.ts'
import type { Caller } from './caller.ts'
import { ACTOR_HEADER } from './protocol.ts'

const LONGEST_NAME = 128
const UNNAMED = 'unnamed'
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD']

/** @throws RestoreError `InvalidArgument` where a call that changes something names nobody: it could not be audited. */
export const authenticateSocket: Authenticate = (request) => Promise.resolve(socketCaller(request))

function socketCaller(request: FastifyRequest): Caller {
  return {
    name: claimedName(request) ?? UNNAMED,
    door: 'socket',
    credential: 'socket',
    roleName: 'admin',
    issuedAt: null,
    address: null,
    userAgent: request.headers['user-agent'] ?? null,
    requestId: request.id,
    roleFor: () => 'admin',
  }
}

function claimedName({ method, headers }: FastifyRequest): string | undefined {
  const header = headers[ACTOR_HEADER]
  // Node joins what was sent twice by commas; a name that holds one comes percent-encoded.
  const name = typeof header === 'string' && !header.includes(',') ? decoded(header) : undefined
  if (name !== undefined && name !== '' && name.length <= LONGEST_NAME && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) {
    return name
  }
  if (SAFE_METHODS.includes(method)) return undefined
  throw new RestoreError(`the header ${ACTOR_HEADER} must name who acts`, {
    reason: 'InvalidArgument',
    hint: `send the login name, percent-encoded: ${ACTOR_HEADER}: ops-oncall`,
  })
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text).trim()
  } catch {
    return undefined
  }
}
