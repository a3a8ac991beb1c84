/** What several parts of a report ask of a request. */

import type { Language } from '../messages.ts'
import type { Phase } from '../phases.ts'
import type { RestoreStatus } from '../resource.ts'

export interface Wording {
  readonly language: Language
  /** An English text of the program in that language. */
  readonly say: (text: string) => string
}

/** Whether it was decided before it began: such a request has done nothing. */
export function neverRan(phase: Phase): boolean {
  return phase === 'Rejected' || phase === 'Cancelled' || phase === 'Expired'
}

/** A failed restore whose database was left as nobody wanted it: no safety backup, or a rollback that failed. */
export function isUncertain({ phase, conditions }: RestoreStatus): boolean {
  if (phase === 'RollbackFailed') return true
  return phase === 'Failed' && conditions.some(({ type, status }) => type === 'RolledBack' && status === 'False')
}
