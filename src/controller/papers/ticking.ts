/** What people say of the points of a checklist, judged before it is recorded. */

import { scanBackups } from '../../catalog/scan.ts'
import { RestoreError } from '../../domain/errors.ts'
import { POINTS, type Checklist } from '../../domain/papers/checklist.ts'
import type { ChecklistName } from '../../domain/papers/checklist-words.ts'
import type { TickInput } from '../../store/checklists.ts'
import type { Target } from '../../domain/target.ts'
import type { StoredRequest } from '../../store/rows.ts'
import type { Actor } from '../acting.ts'
import { personOfActor } from '../four-eyes.ts'
import { checklistFor, refuseUntimely } from './checklist-of.ts'
import type { ChecklistSources } from './checklist-sources.ts'

export interface TickOrder {
  readonly list: ChecklistName
  /** Numbers of points, from 1. */
  readonly tick: readonly number[]
  readonly untick: readonly number[]
  readonly note?: string
}

interface TickSources extends Pick<ChecklistSources, 'reader' | 'clock'> {
  readonly targets: ReadonlyMap<string, Target>
  readonly list: ChecklistSources['list'] | undefined
}

/**
 * What is recorded, and the request as it is then. What was judged of a request that was edited or begun meanwhile is of another
 * one.
 *
 * @throws RestoreError `Conflict`, `Denied`, `InvalidArgument`, `NotFound`.
 */
export async function judgedTicks(
  { reader, clock, targets, list = (each) => scanBackups(each, []) }: TickSources,
  before: StoredRequest,
  order: TickOrder,
  actor: Actor,
): Promise<{ readonly request: StoredRequest; readonly ticks: readonly TickInput[] }> {
  refuseUntimely(before, order.list)
  const target = targets.get(before.spec.target)
  if (target === undefined) {
    throw new RestoreError(`unknown target: ${before.spec.target}`, { reason: 'NotFound', hint: 'modosu get targets' })
  }
  const checklist = await checklistFor({ reader, clock, list, contacts: [] }, before, target, order.list)
  const request = reader.request(before.name)
  if (request?.uid !== before.uid || request.generation !== before.generation) {
    throw new RestoreError(`request ${before.name} was edited meanwhile`, {
      reason: 'Conflict',
      hint: `look again: modosu checklist pre ${before.name}`,
    })
  }
  refuseUntimely(request, order.list)
  return { request, ticks: ticksFrom(order, checklist, request, actor) }
}

/** @throws RestoreError `Denied` where nobody has proven who ticks, `InvalidArgument`, `Conflict` for a point of the program's. */
function ticksFrom(
  { tick, untick, note, list }: TickOrder,
  checklist: Checklist,
  request: StoredRequest,
  actor: Actor,
): readonly TickInput[] {
  if (personOfActor(actor) === null) {
    throw new RestoreError(`${actor.name} cannot tick a checklist: nothing proves who that is`, {
      reason: 'Denied',
      hint: 'use the modosu command on the host itself, which proves its user, or the HTTP API with a login',
    })
  }
  const both = tick.filter((point) => untick.includes(point))
  if (both.length > 0) throw invalid(`a point is ticked or unticked, not both: ${both.join(', ')}`)
  const all = [...new Set([...tick, ...untick])].sort((a, b) => a - b)
  if (all.length === 0) throw invalid('no point is named')
  for (const number of all) {
    const point = checklist.points[number - 1]
    if (point === undefined) throw invalid(`there is no point ${number}: the points are 1 to ${POINTS}`)
    if (point.by === 'person') continue
    throw new RestoreError(`point ${number} is judged by the program: ${point.evidence}`, {
      reason: 'Conflict',
      hint: point.done
        ? 'it is done, and nobody need tick it'
        : `mend what it names, then look again: modosu checklist ${list} ${request.name}`,
    })
  }
  return all.map((point) => ({ list, point, ticked: tick.includes(point), actor: actor.name, note: note ?? null }))
}

/** For the audit log and the story of the request. */
export function tickMessage({ list, point, ticked, actor, note }: TickInput): string {
  const said = ticked
    ? `point ${point} of the ${list} checklist ticked by ${actor}`
    : `point ${point} of the ${list} checklist unticked by ${actor}`
  return note === null ? said : `${said}: ${note}`
}

function invalid(message: string): RestoreError {
  return new RestoreError(message, {
    reason: 'InvalidArgument',
    hint: 'for example: modosu checklist pre NAME --tick 5',
  })
}
