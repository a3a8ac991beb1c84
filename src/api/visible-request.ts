/** Finds the request that a route names, for a caller who may see it. */

import type { FastifyRequest } from 'fastify'

import { RestoreError } from '../domain/errors.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'
import { callerOf, requireRole } from './caller.ts'

/** @throws Forbidden; RestoreError `NotFound`. */
export function visibleRequest(
  reader: Pick<StateReader, 'request'>,
  request: FastifyRequest,
  name: string,
): StoredRequest {
  const found = reader.request(name)
  requireRole(callerOf(request), 'viewer', found?.spec.target)
  if (found !== undefined) return found
  throw new RestoreError(`restore request not found: ${name}`, {
    reason: 'NotFound',
    hint: 'list them: modosu get requests',
  })
}
