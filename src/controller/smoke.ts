/** Smoke queries: does the restored database hold what the application needs (manual section 11, rows 4 to 6)? */

import { RestoreError } from '../domain/errors.ts'
import type { CheckResult } from '../domain/resource.ts'
import { checkResult, failedCheck } from './checks.ts'
import type { PhaseContext } from './context.ts'
import { deadlineFor } from './deadlines.ts'
import { identityOf } from '../database/place.ts'

/** @throws FailedWith (`SmokeQueryFailed`) at the first query whose answer is out of bounds. */
export async function runSmokeQueries(context: PhaseContext, database: string): Promise<CheckResult[]> {
  const { deps, target, signal } = context
  if (target.smokeQueries.length === 0) return []
  const size = (await identityOf(database))?.sizeBytes ?? 0
  const results = await deps.database.smoke(database, target.smokeQueries, {
    deadlineMs: deadlineFor(target, size),
    signal,
  })
  return results.map((result) => {
    const message = `${result.name}: ${result.message}`
    if (result.passed) return checkResult(context, 'smoke', 'pass', message)
    const error = new RestoreError(`smoke query failed: ${message}`, {
      reason: 'SmokeQueryFailed',
      hint: 'compare the query in the configuration with what this backup should hold',
    })
    throw failedCheck(context, 'smoke', error)
  })
}
