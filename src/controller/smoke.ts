/** Smoke queries: does the restored database hold what the application needs (manual section 11, rows 4 to 6)? */

import type { EventInput } from '../store/change.ts'
import { messageOf, RestoreError } from '../domain/errors.ts'
import type { CheckResult } from '../domain/resource.ts'
import type { SmokeResult } from '../database/contract.ts'
import { checkResult, failedCheck } from './checks.ts'
import type { PhaseContext } from './context.ts'
import { deadlineFor } from './deadlines.ts'
import { identityOf } from '../database/place.ts'

/** @throws FailedWith (`SmokeQueryFailed`) at the first query whose answer is out of bounds. */
export async function runSmokeQueries(context: PhaseContext, database: string): Promise<CheckResult[]> {
  const results = await ask(context, database)
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

async function ask({ deps, target, signal }: PhaseContext, database: string): Promise<readonly SmokeResult[]> {
  if (target.smokeQueries.length === 0) return []
  const size = (await identityOf(database))?.sizeBytes ?? 0
  return deps.database.smoke(database, target.smokeQueries, { deadlineMs: deadlineFor(target, size), signal })
}

/**
 * Asks again after something was written into the restored database. The application runs by then and its users write: an
 * answer that is out of bounds now is told, and undoes nothing. Never rejects.
 */
export async function askAgain(
  context: PhaseContext,
  database: string,
): Promise<{ readonly checks: CheckResult[]; readonly events: EventInput[] }> {
  const failed = await ask(context, database).then(
    (results) => results.filter(({ passed }) => !passed).map(({ name, message }) => `${name}: ${message}`),
    (error: unknown) => [messageOf(error)],
  )
  const messages = failed.map((text) => `after records were carried over: ${text}`)
  return {
    checks: messages.map((message) => checkResult(context, 'smoke', 'warn', message)),
    events: messages.map((message) => ({ type: 'Warning', reason: 'SmokeQueryFailed', message })),
  }
}
