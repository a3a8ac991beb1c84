/** The retention's plan for a command to show: made from the files and the state store, so that it works with the daemon down. */

import type { PruneKind } from '../domain/retention.ts'
import type { Target } from '../domain/target.ts'
import { survey, type Survey } from '../retention/survey.ts'
import type { CliContext } from './context.ts'

/**
 * What retention decides now of each file of the kinds.
 *
 * @throws RestoreError `NoStateStore`: without the requests nobody knows what is still needed.
 */
export function surveyNow(
  context: CliContext,
  targets: readonly Target[],
  kinds: ReadonlySet<PruneKind>,
  nowMs = context.time().nowMs,
): Promise<Survey> {
  const { retention } = context.configuration()
  return survey({ targets, rules: retention, kinds, reader: context.reader(), nowMs })
}

/** What could not be looked at is said: a plan that is silent about a target looks like one that has nothing to do there. */
export function warnOfFailures({ output }: CliContext, { failures }: Survey): void {
  for (const { target, error } of failures) {
    output.warning(
      `${target} cannot be looked at: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`,
    )
  }
}
