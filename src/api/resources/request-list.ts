/** The list of requests, in parts where the client wants that. */

import { setImmediate as nextTurn } from 'node:timers/promises'

import { API_VERSION, REQUEST_KIND } from '../../domain/resource.ts'
import { toVersionedResource, type RequestResource } from '../../domain/resource-view.ts'
import type { StateReader } from '../../store/reader.ts'
import { mayAct, type Caller } from '../caller.ts'
import { continueToken, expired, readContinue, selectorOf, type Selectors } from './selection.ts'

export interface RequestListQuery extends Selectors {
  readonly limit?: number
  readonly continue?: string
}

export interface RequestList {
  readonly apiVersion: typeof API_VERSION
  readonly kind: `${typeof REQUEST_KIND}List`
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
  readonly items: readonly RequestResource[]
}

/** Read in one turn of the event loop: ten thousand at once would hold up everything else. */
const BATCH = 100

/**
 * In the order in which they came.
 *
 * @throws RestoreError `InvalidArgument`, `ResourceExpired`.
 */
export async function listRequests(
  reader: Pick<StateReader, 'requestsAfter' | 'changes'>,
  caller: Caller,
  query: RequestListQuery,
): Promise<RequestList> {
  const isMeant = selectorOf(query)
  const before = readContinue(query.continue)
  const version = before?.version ?? reader.changes.version()
  if (typeof version === 'string' || (before !== undefined && !reader.changes.knows(version))) throw expired('continue')
  const most = query.limit === undefined || query.limit === 0 ? Infinity : query.limit
  const items: RequestResource[] = []
  let last = Number(before?.after ?? 0)
  for (;;) {
    const batch = reader.requestsAfter(last, BATCH)
    for (const request of batch) {
      const resource = toVersionedResource(request)
      const listed = request.forgottenAt === null
      const wanted = listed && mayAct(caller, 'viewer', request.spec.target) && isMeant(resource)
      if (wanted && items.length === most) return part(version, items, String(last))
      if (wanted) items.push(resource)
      last = request.seq
    }
    if (batch.length < BATCH) return part(version, items, null)
    await nextTurn()
  }
}

function part(version: number, items: readonly RequestResource[], after: string | null): RequestList {
  return {
    apiVersion: API_VERSION,
    kind: `${REQUEST_KIND}List`,
    metadata: {
      resourceVersion: String(version),
      ...(after === null ? {} : { continue: continueToken({ version, after }) }),
    },
    items,
  }
}
