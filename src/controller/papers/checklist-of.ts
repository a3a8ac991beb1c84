/** The checklist of a request as it stands now. Reads only. */

import { RestoreError } from '../../domain/errors.ts'
import type { ChecklistName } from '../../domain/papers/checklist-words.ts'
import { checklistOf, type Checklist } from '../../domain/papers/checklist.ts'
import { neverRan } from '../../domain/papers/verdicts.ts'
import { isTerminal } from '../../domain/phases.ts'
import type { RestoreSpec } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import type { StoredRequest } from '../../store/rows.ts'
import { findingsAfter } from './after.ts'
import { findingsBefore } from './before.ts'
import type { ChecklistSources } from './checklist-sources.ts'

/** @throws RestoreError `Conflict` where there is no such list: of a drill, a dry run, an extract. */
export async function checklistFor(
  sources: ChecklistSources,
  request: StoredRequest,
  target: Target,
  list: ChecklistName,
): Promise<Checklist> {
  refuseUnchanged(request)
  const findings =
    list === 'pre' ? await findingsBefore(sources, request, target) : findingsAfter(sources, request, target)
  return checklistOf(list, findings, sources.reader.ticks(request, list))
}

/**
 * Whether the restore waits until its checklist is complete. A drill and a dry run change nothing, and the way back out of a
 * restore that went wrong never waits, as with the rate limit.
 */
export function needsChecklist({ mode, source }: RestoreSpec, target: Target): boolean {
  return target.checklist === 'require' && mode === 'Restore' && source.safetyBackup === undefined
}

/**
 * What was not looked at before the restore cannot be looked at before it any more.
 *
 * @throws RestoreError `Conflict`.
 */
export function refuseUntimely(request: StoredRequest, list: ChecklistName): void {
  const { name, phase } = request
  refuseUnchanged(request)
  if (list === 'pre') {
    if (phase === 'Pending') return
    throw new RestoreError(`the restore ${name} has begun or ended (${phase}): nothing is ticked before it any more`, {
      reason: 'Conflict',
      hint: `the list after it: modosu checklist post ${name}`,
    })
  }
  if (isTerminal(phase) && !neverRan(phase)) return
  throw new RestoreError(`there is nothing to look at after ${name}: ${request.spec.mode}, phase ${phase}`, {
    reason: 'Conflict',
    hint: `how it stands: modosu describe request ${name}`,
  })
}

/** The lists are about the present data: what replaces none of it has nothing to be looked at, before or after. */
function refuseUnchanged({ name, spec }: StoredRequest): void {
  if (spec.mode === 'Restore') return
  throw new RestoreError(`there is no checklist of ${name}: mode ${spec.mode} changes nothing`, {
    reason: 'Conflict',
    hint: `how it stands: modosu describe request ${name}`,
  })
}
