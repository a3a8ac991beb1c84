/** Four eyes (manual 2.5-4): how many people must approve, and who counts as another one. */

import { RestoreError } from '../domain/errors.ts'
import { mayBeSame, personOf, type Person } from '../domain/person.ts'
import type { RestoreSpec } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import type { AuditInput } from '../store/change.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Actor } from './acting.ts'

/** What the request asks for, and at least what its target demands of a restore. */
export function approvalsRequired({ approval, mode }: RestoreSpec, target: Target | undefined): number {
  return Math.max(approval.required, mode === 'Restore' ? (target?.approval?.required ?? 0) : 0)
}

/** The program itself acts under its name; people come from a door that says whether they are proven. */
export function personOfActor({ name, person }: Actor): Person | null {
  return person === undefined ? personOf(name, [name]) : person
}

/**
 * Who submits what others must approve has to be known: the approver could be the same person otherwise.
 *
 * @throws RestoreError `Denied`.
 */
export function refuseUnproven(spec: RestoreSpec, targets: ReadonlyMap<string, Target>, actor: Actor): void {
  if (approvalsRequired(spec, targets.get(spec.target)) === 0 || personOfActor(actor) !== null) return
  throw unproven(`${actor.name} cannot submit a request that needs an approval: nothing proves who that is`)
}

function unproven(message: string): RestoreError {
  return new RestoreError(message, {
    reason: 'Denied',
    hint: 'use the modosu command on the host itself, which proves its user, or the HTTP API with a login',
  })
}

/**
 * Proves that the one who approves is another person than the one who submitted and those who approved.
 *
 * @throws RestoreError `Denied`.
 */
export function secondPerson(request: StoredRequest, actor: Actor): Person {
  const person = personOfActor(actor)
  if (person === null) throw unproven(`${actor.name} cannot approve this request: nothing proves who that is`)
  const involved = [
    ...(request.submitter === null ? claimedSubmitter(request) : [request.submitter]),
    ...request.approvers,
  ]
  const { requestedBy } = request.spec
  // A claim can only take a right away: whoever is named as the requester does not approve either.
  if (requestedBy !== undefined) involved.push(personOf(requestedBy, [requestedBy]))
  involved.push(...request.approvals.map((name) => personOf(name, [name])))
  if (!involved.some((other) => mayBeSame(other, person))) return person
  throw new RestoreError(`${actor.name} cannot approve this request: a second person must`, {
    reason: 'Denied',
    hint: 'whoever submitted or asked for it, and those who approved already, do not count (manual 2.5-4)',
  })
}

/** Of a request that a program before proofs has stored: the name that its client gave. */
function claimedSubmitter({ origin }: StoredRequest): readonly Person[] {
  return origin.kind === 'Api' ? [personOf(origin.client, [origin.client])] : []
}

/** @param uid of the request; null where it is new. */
export function auditOfActor(
  actor: Actor,
  operation: string,
  message: string,
  uid: string | null,
): readonly AuditInput[] {
  const details = { ...(uid === null ? {} : { uid }), via: actor.via, ...actor.details }
  return [{ operation, actor: actor.name, status: 'info', message, backupId: null, details }]
}
