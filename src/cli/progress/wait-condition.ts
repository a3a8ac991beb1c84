/** What `modosu wait --for` waits for, in kubectl's notation. */

import type { ConditionStatus } from '../../domain/conditions.ts'
import { ACTIVE_PHASES, isTerminal, TERMINAL_PHASES } from '../../domain/phases.ts'
import type { Sight } from './follow.ts'

export type WaitCondition =
  | { readonly kind: 'condition'; readonly type: string; readonly status: ConditionStatus }
  | { readonly kind: 'phase'; readonly phase: string }
  | { readonly kind: 'terminal' }
  /** It is stored, in whatever phase. */
  | { readonly kind: 'created' }

/**
 * Parses `condition=Succeeded`, `condition=RolledBack=False`, `phase=Swapping`, `terminal` or `create`; letters may be of any case.
 *
 * @returns undefined where the text is none of them.
 */
export function parseWaitCondition(text: string): WaitCondition | undefined {
  if (text === 'terminal') return { kind: 'terminal' }
  if (text === 'create') return { kind: 'created' }
  const [key, value = '', status, ...rest] = text.split('=')
  if (rest.length > 0 || value === '') return undefined
  if (key === 'phase') return status === undefined ? phaseCondition(value) : undefined
  return key === 'condition' ? statusCondition(value, status ?? 'True') : undefined
}

function statusCondition(type: string, status: string): WaitCondition | undefined {
  const known = (['True', 'False', 'Unknown'] as const).find((each) => each.toLowerCase() === status.toLowerCase())
  return known === undefined ? undefined : { kind: 'condition', type, status: known }
}

function phaseCondition(text: string): WaitCondition | undefined {
  const phase = [...ACTIVE_PHASES, ...TERMINAL_PHASES].find((each) => each.toLowerCase() === text.toLowerCase())
  return phase === undefined ? undefined : { kind: 'phase', phase }
}

/** Whether it is so now. A phase on the way counts as soon as it was entered: it may have been too short to be seen. */
export function isMet(condition: WaitCondition, { request, transitions }: Sight): boolean {
  switch (condition.kind) {
    case 'terminal':
      return isTerminal(request.phase)
    case 'created':
      return true
    case 'phase': {
      const { phase } = condition
      const passed = !(TERMINAL_PHASES as readonly string[]).includes(phase)
      return request.phase === phase || (passed && transitions.some(({ to }) => to === phase))
    }
    case 'condition':
      return request.status.conditions.some(
        ({ type, status }) => type.toLowerCase() === condition.type.toLowerCase() && status === condition.status,
      )
  }
}

/** Whether it was asked for something by name that is not the success of the request: then being met is enough for 0. */
export function namesAnotherEnd(condition: WaitCondition): boolean {
  if (condition.kind === 'condition') return condition.type.toLowerCase() !== 'succeeded' || condition.status !== 'True'
  return condition.kind === 'phase' || condition.kind === 'created'
}
