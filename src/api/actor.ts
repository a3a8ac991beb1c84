/**
 * Who acts through the socket. Its file mode is the authorisation (manual 2.1): whoever may connect is an administrator.
 * Which one is the uid that the client proves; without a proof it is what the client says, which counts for no approval.
 */

import type { FastifyRequest } from 'fastify'

import { RestoreError } from '../domain/errors.ts'
import { personOf, type Person } from '../domain/person.ts'
import type { Authenticate } from './app.ts'
import type { Caller } from './caller.ts'
import { loginName } from './login-names.ts'
import type { PeerProofs } from './peer-proof.ts'
import { ACTOR_HEADER, PROOF_HEADER } from './protocol.ts'

const LONGEST_NAME = 128
const UNNAMED = 'unnamed'
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD']

/** @throws RestoreError `InvalidArgument` where a call that changes something names nobody: it could not be audited. */
export function socketAuthenticator(proofs: PeerProofs): Authenticate {
  return async (request) => {
    const claimed = claimedName(request)
    const proof = request.headers[PROOF_HEADER]
    const uid = typeof proof === 'string' ? proofs.take(proof) : null
    if (uid === null) return socketCaller(request, claimed ?? UNNAMED, null, claimed)
    const login = await loginName(uid)
    const name = login === null ? `uid ${uid}` : `uid ${uid} (${login})`
    // Whom the client claims to be can only make two people look like one.
    return socketCaller(request, name, personOf(name, [login ?? '', claimed ?? ''], uid), claimed)
  }
}

function socketCaller(
  request: FastifyRequest,
  name: string,
  person: Person | null,
  claimedName: string | undefined,
): Caller {
  return {
    name,
    person,
    claimedName: claimedName ?? null,
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
