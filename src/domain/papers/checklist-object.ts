/** A checklist for programs. */

import { API_VERSION, type RestoreRequest } from '../resource.ts'
import { spokenPoints, type Checklist } from './checklist.ts'
import { checklistWords } from './checklist-words.ts'
import type { Wording } from './verdicts.ts'

export function checklistObject(
  { name, uid, phase, spec }: Pick<RestoreRequest, 'name' | 'uid' | 'phase' | 'spec'>,
  checklist: Checklist,
  wording: Wording,
): object {
  const { list, open } = checklist
  return {
    apiVersion: API_VERSION,
    kind: 'Checklist',
    metadata: { name, uid },
    target: spec.target,
    phase,
    list,
    language: wording.language,
    title: checklistWords(wording.language).titles[list],
    complete: open.length === 0,
    open,
    points: spokenPoints(checklist, wording),
  }
}
