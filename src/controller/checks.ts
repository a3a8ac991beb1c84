/** The record of one check, as the status shows it and the metrics count it. */

import { toRfc3339 } from '../domain/clock.ts'
import type { CheckName, CheckResult } from '../domain/resource.ts'
import { FailedWith, type PhaseContext } from './context.ts'

export function checkResult(
  { deps }: Pick<PhaseContext, 'deps'>,
  name: CheckName,
  result: CheckResult['result'],
  message: string,
): CheckResult {
  return { name, result, message, at: toRfc3339(deps.clock.nowMs()) }
}

/** A failure together with the check that found it. */
export function failedCheck(context: Pick<PhaseContext, 'deps'>, name: CheckName, error: Error): FailedWith {
  return new FailedWith(error, { checks: [checkResult(context, name, 'fail', error.message)] })
}
