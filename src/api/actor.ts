/**
 * Who acts, as the client says. The socket's file mode is the authorisation (manual 2.1): whoever may connect is an
 * administrator, and the name tells the audit log which one. Node cannot ask the kernel for the peer's uid.
 */

import type { IncomingHttpHeaders } from 'node:http'

import type { Actor } from '../controller/commands-contract.ts'
import { RestoreError } from '../domain/errors.ts'
import { ACTOR_HEADER } from './protocol.ts'

const LONGEST_NAME = 128

/** @throws RestoreError `InvalidArgument` where it is missing or no name: an action without a name cannot be audited. */
export function actorOf(headers: IncomingHttpHeaders): Actor {
  const header = headers[ACTOR_HEADER]
  // Node joins what was sent twice by commas; a name that holds one comes percent-encoded.
  const name = typeof header === 'string' && !header.includes(',') ? decoded(header) : undefined
  if (name === undefined || name === '' || name.length > LONGEST_NAME || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new RestoreError(`the header ${ACTOR_HEADER} must name who acts`, {
      reason: 'InvalidArgument',
      hint: `send the login name, percent-encoded: ${ACTOR_HEADER}: ops-oncall`,
    })
  }
  return { name, via: 'socket' }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text).trim()
  } catch {
    return undefined
  }
}
