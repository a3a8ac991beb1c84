/** The route for pruning. What would go is asked of the files themselves (`modosu prune --dry-run`); this one deletes. */

import type { FastifyInstance } from 'fastify'

import { RestoreError } from '../domain/errors.ts'
import { PRUNE_KINDS, type PruneKind } from '../domain/retention.ts'
import { objectOf, textField, type JsonObject } from './body.ts'
import { tellAct } from './call-audit.ts'
import { callerOf, EVERY_TARGET, requireRole } from './caller.ts'
import { API_PREFIX } from './protocol.ts'
import { ROUTE } from './resources/schemas.ts'

export interface PruneOrder {
  /** null: what the configuration has turned on. */
  readonly kinds: readonly PruneKind[] | null
  /** null: every target. */
  readonly target: string | null
  /** Of the plan that was shown; null: whatever it is. */
  readonly digest: string | null
  readonly actor: string
  /** A person says that the system's clock is right, whatever speaks against it. */
  readonly trustClock: boolean
}

export interface PruneAnswer {
  readonly deleted: readonly { readonly target: string; readonly kind: PruneKind; readonly name: string }[]
  readonly freedBytes: number
  readonly spared: readonly { readonly target: string; readonly name: string; readonly why: string }[]
  readonly failed: readonly { readonly target: string; readonly name: string; readonly why: string }[]
}

export interface PruneDoor {
  /** Rejects with `Conflict` where the plan is not the one of the digest. Absent: the route answers 501. */
  readonly prune?: (order: PruneOrder) => Promise<PruneAnswer>
}

export function addPruneRoutes(app: FastifyInstance, { prune }: PruneDoor): void {
  app.post(`${API_PREFIX}/prune`, { schema: ROUTE.prune }, async (request) => {
    const caller = callerOf(request)
    const body = objectOf(request.body)
    const target = textField(body, 'target') ?? null
    requireRole(caller, 'admin', target ?? EVERY_TARGET)
    if (prune === undefined) throw new RestoreError('this daemon prunes nothing', { reason: 'NotServed' })
    const answer = await prune({
      kinds: kindsOf(body),
      target,
      digest: textField(body, 'digest') ?? null,
      actor: caller.name,
      trustClock: body['trustClock'] === true,
    })
    const { deleted, spared, failed } = answer
    tellAct(request, {
      operation: 'prune',
      message: `asked to prune: ${deleted.length} deleted, ${spared.length} spared, ${failed.length} failed`,
      status: failed.length === 0 ? 'info' : 'failure',
      ...(target === null ? {} : { target }),
    })
    return answer
  })
}

/** @throws RestoreError `InvalidArgument`. */
function kindsOf(body: JsonObject): readonly PruneKind[] | null {
  const words = body['kinds']
  if (words === undefined || words === null) return null
  const list: readonly unknown[] = Array.isArray(words) ? words : [words]
  return list.map((word) => {
    const kind = PRUNE_KINDS.find((each) => each === word)
    if (kind !== undefined) return kind
    throw new RestoreError('kinds must be a list of kinds of files', {
      reason: 'InvalidArgument',
      hint: `kinds are: ${PRUNE_KINDS.join(', ')}`,
    })
  })
}
