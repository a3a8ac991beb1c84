/** Where a failed phase leads, and what is done on the way: the table's edge, or the exception that the manual's 4.4 makes. */

import type { ConditionUpdate } from '../domain/conditions.ts'
import type { RestoreError } from '../domain/errors.ts'
import { messageOf } from '../domain/errors.ts'
import { TRANSITIONS, type ActivePhase, type Phase } from '../domain/phases.ts'
import { keptFromStarting } from './application.ts'
import { lookOnly } from './application-report.ts'
import { identityOf, sameFile } from '../database/place.ts'
import type { EventInput } from '../store/change.ts'
import type { PhaseContext } from './context.ts'
import { runFailureHooks } from './hooks.ts'
import { letGoOfLocks } from './exchange.ts'
import { keepAsBroken } from './broken.ts'
import { recordFailure } from './mirror.ts'
import { whichSide } from './phases/swapping.ts'
import type { FailureRecord } from './record.ts'
import { standDown } from './stand-down.ts'

type WayOut = Omit<FailureRecord, 'error' | 'findings'>

/** Repeatable like a phase: the process may die in it and come here again. Never rejects. */
export async function wayOut(context: PhaseContext, error: RestoreError): Promise<WayOut> {
  const phase = context.request.phase as ActivePhase
  const row = TRANSITIONS[phase]
  if (phase !== 'Pending') await runFailureHooks(context)
  if (row.untouched) return wayBack(context, row.onFailure, error, unchangedCondition(context))
  if (phase === 'RollingBack') {
    await letGoOfLocks(context)
    const { events, ...down } = await keptDown(context, row.onFailure)
    return { ...down, events: [...events, ...(await whereTheOldIs(context))] }
  }
  if (context.request.spec.backupCurrent || context.work.current?.exists === false) {
    return { to: row.onFailure, events: [], conditions: [], status: {} }
  }
  return withoutSafetyBackup(context, error)
}

async function wayBack(
  context: PhaseContext,
  to: Phase,
  error: RestoreError,
  told: readonly ConditionUpdate[],
): Promise<WayOut> {
  const { events = [], conditions = [], status = {} } = await standDown(context)
  const untold = await recordFailure(context, error.message)
  return { to, events: [...events, ...untold], conditions: [...told, ...conditions], status }
}

/** Nobody can say that the database is whole: nothing is started. */
async function keptDown(context: PhaseContext, to: Phase): Promise<WayOut> {
  const { conditions = [], status = {} } = await lookOnly(context)
  return { to, events: keptFromStarting(context), conditions, status }
}

/** Nobody takes the old database for lost: where a rollback did not bring it back, the outcome names it. */
async function whereTheOldIs({ work, log }: PhaseContext): Promise<EventInput[]> {
  const second = work.swap?.displaced[0]?.to
  try {
    if (second === undefined || work.database === undefined) return []
    const old = await identityOf(second)
    if (old === null || sameFile(old, await identityOf(work.database))) return []
  } catch (error) {
    log.warn(`the old database could not be looked at: ${messageOf(error)}`, { err: error })
  }
  return [
    { type: 'Warning', reason: 'OriginalKept', message: `the database of before the restore is kept as ${second}` },
  ]
}

/** Decision D4: to roll back means to guarantee the state of before; where nothing was touched, that is done already. */
function unchangedCondition({ request, work }: PhaseContext): ConditionUpdate[] {
  const begun = work.safety?.sha256 != null && request.spec.mode === 'Restore'
  if (!begun || !request.spec.backupCurrent) return []
  return [{ type: 'RolledBack', status: 'True', reason: 'NoChangeNeeded', message: 'the database was not touched' }]
}

/** Manual 4.4: without a safety backup there is no automatic rollback. The replaced database is kept all the same. */
async function withoutSafetyBackup(context: PhaseContext, error: RestoreError): Promise<WayOut> {
  const side = await whichSide(context).catch(() => 'after' as const)
  if (side === 'before') {
    const condition = {
      type: 'RolledBack',
      status: 'True',
      reason: 'NoChangeNeeded',
      message: 'the database was not touched',
    } as const
    return wayBack(context, 'Failed', error, [condition])
  }
  const message = await keepOriginal(context)
  context.log.error(`not rolled back, backupCurrent is false: ${error.message}`)
  const { events, conditions, status } = await keptDown(context, 'Failed')
  return {
    to: 'Failed',
    events: [{ type: 'Warning', reason: 'NoSafetyBackup', message }, ...events],
    conditions: [{ type: 'RolledBack', status: 'False', reason: 'NoSafetyBackup', message }, ...conditions],
    status,
  }
}

async function keepOriginal(context: PhaseContext): Promise<string> {
  try {
    await letGoOfLocks(context)
    await keepAsBroken(context)
    const kept = `${context.work.database ?? ''}.broken.${context.work.brokenSuffix ?? ''}`
    return `no automatic rollback without a safety backup; the replaced database is kept as ${kept}`
  } catch (error) {
    return `no automatic rollback without a safety backup; the replaced database is kept under a .modosu- name (${messageOf(error)})`
  }
}
