/**
 * Resuming: the application runs again and proves that it works with the restored data (manual 7.2-9, 11). Only then is
 * the displaced original let go; until then every failure puts it back.
 */

import { advance, type Outcome, type PhaseContext } from '../context.ts'
import { checkResult, failedCheck } from '../checks.ts'
import { runHooks } from '../hooks.ts'
import { applicationDowntime, downtime, startService } from '../application.ts'
import { conditionOf } from '../application-report.ts'
import { asRestoreError } from '../../domain/errors.ts'
import { probeLogin } from '../login.ts'
import { askAgain, runSmokeQueries } from '../smoke.ts'
import { required } from '../required.ts'
import { completeDataLoss } from '../data-loss.ts'
import { mirrorRecords } from '../mirror.ts'
import { letGoOfLocks, removeTracesOfLock } from '../exchange.ts'
import { letGoOfOriginal } from '../original.ts'
import { attempt } from '../stand-down.ts'
import { LOG_LINES } from '../../domain/messages.ts'
import type { ApplicationStatus, CheckResult } from '../../domain/resource.ts'
import { toRfc3339 } from '../../domain/clock.ts'

const NOTHING = { checks: [], events: [] } as const

export async function resuming(context: PhaseContext): Promise<Outcome> {
  await startService(context)
  context.deps.reach('Resuming.started')
  context.note({}, { status: downtime(context) })
  const health = await proveHealthy(context)
  if (passed(health) !== undefined) context.note({}, { status: applicationDowntime(context) })
  const checks = [...health, ...(await runSmokeQueries(context, required(context.work, 'database')))]
  // What comes next reads the displaced original, or moves it. Whoever waited for the lock so long is told by its second look.
  await letGoOfLocks(context)
  await runHooks(context, 'postRestore')
  const mirrored = await mirrorRecords(context)
  const dataLoss = await completeDataLoss(context, mirrored.carried)
  const again = mirrored.written ? await askAgain(context, required(context.work, 'database')) : NOTHING
  const events = [...mirrored.events, ...again.events]
  context.deps.reach('Resuming.healthy')
  const { safety, warning, events: told } = await letGoOfOriginal(context)
  const untidy = await attempt(context, 'CleanupFailed', () => removeTracesOfLock(context))
  context.deps.reach('Resuming.settled')
  const application = await applicationStatus(context, health)
  const login = await probeLogin(context, application)
  if (warning !== null) events.push({ type: 'Warning', reason: 'OriginalKept', message: warning })
  return advance('RestoreCompleted', LOG_LINES.restoreCompleted, {
    checks: [...checks, ...again.checks, ...login],
    events: [...events, ...told, ...untidy],
    ...(safety === null ? {} : { safetyBackup: safety }),
    status: {
      application,
      ...(dataLoss === null ? {} : { dataLoss }),
      ...(safety === null ? {} : { safetyBackup: safety }),
    },
    conditions: [conditionOf(application)],
  })
}

/** Proven by the health check above, or looked at now. */
async function applicationStatus(context: PhaseContext, health: readonly CheckResult[]): Promise<ApplicationStatus> {
  const proof = passed(health)
  const at = toRfc3339(context.deps.clock.nowMs())
  if (proof !== undefined) return { state: 'ApplicationRunning', message: proof.message, ranBefore: null, at }
  const { running, text } = await context.deps.service.look(context.target)
  const state = running === null ? 'Unknown' : running ? 'ApplicationRunning' : 'ApplicationDown'
  return { state, message: text, ranBefore: null, at }
}

function passed(health: readonly CheckResult[]): CheckResult | undefined {
  return health.find(({ result }) => result === 'pass')
}

/** Asked of its unit or command, before anybody waits for an answer that nothing could give. */
async function isLeftDown({ target, deps, request }: PhaseContext): Promise<boolean> {
  if (target.service === null || request.spec.servicePolicy !== 'None') return false
  return (await deps.service.state(target)) === 'inactive'
}

async function proveHealthy(context: PhaseContext): Promise<CheckResult[]> {
  const { target, deps } = context
  if (target.healthCheck === null) return []
  if (await isLeftDown(context)) {
    return [checkResult(context, 'health', 'skip', 'the application does not run, and servicePolicy None leaves it so')]
  }
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
