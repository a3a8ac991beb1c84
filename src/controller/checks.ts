/** The record of one check, as the status shows it and the metrics count it. */

import { toRfc3339 } from '../domain/clock.ts'
import type { CheckName, CheckResult } from '../domain/resource.ts'
import { FailedWith, type PhaseContext } from './context.ts'

export function checkResult(
  context: Pick<PhaseContext, 'deps'>,
  name: CheckName,
  result: CheckResult['result'],
  message: string,
): CheckResult {
  const { deps } = context
  return { name, result, message, at: toRfc3339(deps.clock.nowMs()), ...tookOf(context) }
}

/** When the work of a context's next check began, in milliseconds of a clock that only goes forward. */
const BEGUN = new WeakMap<object, number>()

/** A phase begins: its first check has taken what has passed since now, each further one what has passed since the last. */
export function beginChecks(context: Pick<PhaseContext, 'deps'>): void {
  BEGUN.set(context, performance.now())
}

function tookOf(context: Pick<PhaseContext, 'deps'>): Pick<CheckResult, 'durationMs'> {
  const begunMs = BEGUN.get(context)
  if (begunMs === undefined) return {}
  const nowMs = performance.now()
  BEGUN.set(context, nowMs)
  return { durationMs: Math.round(nowMs - begunMs) }
}

/** A failure together with the check that found it. */
export function failedCheck(context: Pick<PhaseContext, 'deps'>, name: CheckName, error: Error): FailedWith {
  return new FailedWith(error, { checks: [checkResult(context, name, 'fail', error.message)] })
}
