/**
 * What a restore that did not succeed says of the application: it is started again where it ran before, and asked whether it
 * works. "Rolled back" says that the data is as it was; whether anybody can use it is another question.
 */

import { toRfc3339 } from '../domain/clock.ts'
import type { ConditionUpdate } from '../domain/conditions.ts'
import { asRestoreError, type RestoreError } from '../domain/errors.ts'
import type { ApplicationState, ApplicationStatus } from '../domain/resource.ts'
import type { ApplicationLook } from '../service/contract.ts'
import { applicationDowntime, downtime, startAsBefore } from './application.ts'
import type { Findings, PhaseContext } from './context.ts'

const CONDITION: Readonly<Record<ApplicationState, Pick<ConditionUpdate, 'status' | 'reason'>>> = {
  ApplicationRunning: { status: 'True', reason: 'ApplicationRunning' },
  ApplicationDown: { status: 'False', reason: 'ApplicationDown' },
  Unknown: { status: 'Unknown', reason: 'Unknown' },
}

/** Starts what ran before and tells what became of it. Repeatable; never rejects. */
export async function resumeAsBefore(context: PhaseContext): Promise<Findings> {
  const failure = await started(context)
  const own = downtime(context)
  const look = await lookAfterStart(context, failure)
  const events =
    failure === null ? [] : [{ type: 'Warning', reason: 'ServiceStartFailed', message: failure.message } as const]
  const findings = report(context, look)
  const healthy = look.running === true && context.target.healthCheck !== null
  return {
    ...findings,
    events,
    status: { ...own, ...findings.status, ...(healthy ? applicationDowntime(context) : {}) },
  }
}

/** Where nothing is started, because nobody can say that the database is whole. Never rejects. */
export async function lookOnly(context: PhaseContext): Promise<Findings> {
  return report(context, await context.deps.service.look(context.target))
}

async function started(context: PhaseContext): Promise<RestoreError | null> {
  try {
    await startAsBefore(context)
    return null
  } catch (error) {
    return asRestoreError(error, 'ServiceStartFailed')
  }
}

/** An application that we have started, and that worked before, has its time to come up; another is looked at once. */
async function lookAfterStart(context: PhaseContext, failure: RestoreError | null): Promise<ApplicationLook> {
  const { deps, target, work } = context
  const waits = work.service?.wasActive === true && work.healthyBefore !== false && target.healthCheck !== null
  if (!waits || failure !== null) {
    const look = await deps.service.look(target)
    return failure === null || look.running === true ? look : { running: false, text: failure.message }
  }
  try {
    const { tookMs } = await deps.service.waitHealthy(target)
    return { running: true, text: `its health check answered after ${tookMs} ms` }
  } catch (error) {
    return { running: false, text: asRestoreError(error, 'HealthCheckFailed').message }
  }
}

function report(context: PhaseContext, { running, text }: ApplicationLook): Findings {
  const { deps, work } = context
  const ranBefore = ranBeforeOf(context)
  const state = running === null ? 'Unknown' : running ? 'ApplicationRunning' : 'ApplicationDown'
  const before =
    state !== 'ApplicationDown' || ranBefore !== false
      ? ''
      : work.service?.wasActive === false
        ? '; it was down before the restore, and is left so'
        : '; it was not healthy before the restore either'
  const application: ApplicationStatus = {
    state,
    message: `${text}${before}`,
    ranBefore,
    ...(state === 'ApplicationDown' ? { hint: deps.service.startHint(context.target) } : {}),
    at: toRfc3339(deps.clock.nowMs()),
  }
  return { status: { application }, conditions: [conditionOf(application)] }
}

function ranBeforeOf({ work }: PhaseContext): boolean | null {
  if (work.healthyBefore === false || work.service?.wasActive === false) return false
  return work.healthyBefore ?? work.service?.wasActive ?? null
}

export function conditionOf({ state, message }: ApplicationStatus): ConditionUpdate {
  return { type: 'ServiceHealthy', ...CONDITION[state], message }
}
