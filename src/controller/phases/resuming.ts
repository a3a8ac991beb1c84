/**
 * Resuming: the application runs again and proves that it works with the restored data (manual 7.2-9, 11). Only then is
 * the displaced original let go; until then every failure puts it back.
 */

import { advance, type Outcome, type PhaseContext } from '../context.ts'
import { checkResult, failedCheck } from '../checks.ts'
import { runHooks } from '../hooks.ts'
import { downtime, startService } from '../application.ts'
import { asRestoreError } from '../../domain/errors.ts'
import { runSmokeQueries } from '../smoke.ts'
import { required } from '../required.ts'
import { mirrorRecords } from '../mirror.ts'
import { letGoOfLocks } from '../exchange.ts'
import { letGoOfOriginal } from '../original.ts'
import { LOG_LINES } from '../../domain/messages.ts'
import type { CheckResult } from '../../domain/resource.ts'

export async function resuming(context: PhaseContext): Promise<Outcome> {
  await startService(context)
  context.deps.reach('Resuming.started')
  context.note({}, { status: downtime(context) })
  const checks = [
    ...(await proveHealthy(context)),
    ...(await runSmokeQueries(context, required(context.work, 'database'))),
  ]
  // What comes next reads the displaced original, or moves it. Whoever waited for the lock so long is told by its second look.
  await letGoOfLocks(context)
  await runHooks(context, 'postRestore')
  const events = await mirrorRecords(context)
  context.deps.reach('Resuming.healthy')
  const { safety, warning, events: told } = await letGoOfOriginal(context)
  context.deps.reach('Resuming.settled')
  if (warning !== null) events.push({ type: 'Warning', reason: 'OriginalKept', message: warning })
  return advance('RestoreCompleted', LOG_LINES.restoreCompleted, {
    checks,
    events: [...events, ...told],
    ...(safety === null ? {} : { safetyBackup: safety, status: { safetyBackup: safety } }),
    conditions: [{ type: 'ServiceHealthy', status: 'True', reason: 'Healthy', message: 'the application works' }],
  })
}

async function proveHealthy(context: PhaseContext): Promise<CheckResult[]> {
  const { target, deps } = context
  if (target.healthCheck === null) return []
  try {
    const { attempts, tookMs } = await deps.service.waitHealthy(target)
    return [
      checkResult(
        context,
        'health',
        'pass',
        `${target.healthCheck.url} answered after ${tookMs} ms, ${attempts} attempts`,
      ),
    ]
  } catch (error) {
    throw failedCheck(context, 'health', asRestoreError(error, 'HealthCheckFailed'))
  }
}
