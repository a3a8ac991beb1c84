/** The checklists of a request as sections of its report. */

import { CHECKLIST_NAMES } from '../../domain/papers/checklist-words.ts'
import { checklistSection } from '../../domain/papers/checklist.ts'
import type { DocumentSection } from '../../domain/papers/report-document.ts'
import { neverRan, type Wording } from '../../domain/papers/verdicts.ts'
import { isTerminal } from '../../domain/phases.ts'
import { isSpecRead } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import type { StoredRequest } from '../../store/rows.ts'
import { checklistFor } from './checklist-of.ts'
import type { ChecklistSources } from './checklist-sources.ts'

/** @param target undefined: it has left the configuration, and there is nothing to judge by. */
export async function checklistSections(
  sources: ChecklistSources,
  request: StoredRequest,
  target: Target | undefined,
  wording: Wording & { readonly timezone: string },
): Promise<readonly DocumentSection[]> {
  const { phase, spec } = request
  if (target === undefined || !isSpecRead(request) || spec.mode !== 'Restore' || neverRan(phase)) return []
  const lists = CHECKLIST_NAMES.filter((list) => list === 'pre' || isTerminal(phase))
  const found = await Promise.all(lists.map((list) => checklistFor(sources, request, target, list)))
  return found.map((checklist) => checklistSection(checklist, wording, wording.timezone))
}
