/** Stopping and starting the application, so that whoever dies in between knows afterwards what has to run again. */

import { asRestoreError, RestoreError } from '../domain/errors.ts'
import type { EventInput } from '../store/change.ts'
import type { RestoreStatus } from '../domain/resource.ts'
import { findHolders, servicesHolders } from './holders.ts'
import type { PhaseContext } from './context.ts'

/**
 * Stops the application for the swap. Notes what ran before it stops anything; the note of an earlier attempt is the truth,
 * for since then we stopped it.
 *
 * A stop that fails is no verdict: `kill $(cat PIDFILE)` fails because the application has crashed already, which may be
 * why somebody restores. Whether it is down is for the caller to prove, by who has the database open and by SQLite's lock.
 *
 * @returns the failure of the stop, told as a warning already; null where it stopped.
 * @throws RestoreError `ServiceStopFailed` where the application says that it still runs; `ServiceNotGated`; `Interrupted`.
 */
export async function stopService(context: PhaseContext): Promise<RestoreError | null> {
  const { deps, target, signal } = context
  const before = await noteBefore(context)
  try {
    await deps.service.stop(target, signal)
    return null
  } catch (error) {
    if (!(error instanceof RestoreError) || error.reason !== 'ServiceStopFailed') throw error
    if ((await deps.service.state(target)) === 'active') throw error
    if (before === 'seemsDown') context.note({ service: { wasActive: false, stopped: [] } })
    tellStopFailed(context, error)
    return error
  }
}

/**
 * For a rollback: whatever becomes of the stop, the data comes back if nobody has the database open. To give up here would
 * leave the application down on a database that is about to be put right.
 */
export async function stopForRollback(context: PhaseContext): Promise<void> {
  try {
    await stopService(context)
  } catch (error) {
    if (context.signal.aborted) throw error
    tellStopFailed(context, asRestoreError(error, 'ServiceStopFailed'))
  }
}

function tellStopFailed(context: PhaseContext, error: RestoreError): void {
  const message = `${error.message}; going on, as long as nobody has the database open`
  context.log.warn(message, { reason: error.reason })
  context.note({}, { events: [{ type: 'Warning', reason: error.reason, message }] })
}

/**
 * `seemsDown`: it cannot be asked, and nobody had the database open. If its stop fails then as well, it was not running. One
 * that opens its database only now and then looks the same and is stopped without a failure.
 */
async function noteBefore(context: PhaseContext): Promise<'seemsDown' | 'noted'> {
  const { deps, target, work, signal } = context
  if (work.service !== undefined) return 'noted'
  const state = await deps.service.state(target)
  const seemsDown = state === 'unknown' && (await isUnused(context))
  context.note({
    service: { wasActive: state !== 'inactive', stopped: await deps.service.triggers(target, signal) },
  })
  return seemsDown ? 'seemsDown' : 'noted'
}

/**
 * How long a stopped application may keep its files open, in milliseconds. One that cannot be asked whether it is down may
 * take the whole time that its configuration gives its stop: a command such as `kill` has only sent a signal.
 */
export async function releasePatienceMs(context: PhaseContext, usualMs: number): Promise<number> {
  const { target, deps } = context
  if (!servicesHolders(context) || target.service === null) return 0
  const state = await deps.service.state(target)
  return state === 'unknown' ? Math.max(usualMs, target.service.stopTimeoutMs) : usualMs
}

async function isUnused(context: PhaseContext): Promise<boolean> {
  const { holders } = await findHolders(context, context.work.database ?? context.target.database)
  return holders.length === 0
}

/** After a restore the application runs, whether it did before or had crashed on its wrecked database (manual 7.2-9). */
export async function startService(context: PhaseContext): Promise<void> {
  const { deps, target, request, signal } = context
  const restarts = request.spec.servicePolicy === 'RestartAfter' && target.service !== null
  if (!servicesHolders(context) && !restarts) return
  if (restarts) await stopService(context)
  await deps.service.start(target, context.work.service?.stopped ?? [], signal)
}

/** After a failure only what ran before is started again; an operator's own stop is respected, and may end again. */
export async function startAsBefore(context: PhaseContext): Promise<void> {
  const { deps, target, work } = context
  if (work.service === undefined) return
  if (!work.service.wasActive) return deps.service.release(target)
  await deps.service.start(target, work.service.stopped)
}

/**
 * Where nobody can say that the database is whole, the application stays down, and nobody starts it by mistake: the warning
 * that says how a person lets it.
 */
export function keptFromStarting({ deps, target }: PhaseContext): EventInput[] {
  const command = deps.service.releaseCommand(target)
  if (command === null) return []
  const message = `the application is kept from starting until the database is right: modosu rollback --target ${target.name}`
  return [{ type: 'Warning', reason: 'ServiceKeptDown', message: `${message}, or by hand: ${command}` }]
}

/** From the stop of the application (or the lock) to now: our own part, up to its start. */
export function downtime(context: PhaseContext): Pick<RestoreStatus, 'downtimeMs'> {
  const downtimeMs = sinceStop(context)
  return downtimeMs === undefined ? {} : { downtimeMs }
}

/** The same, asked when the application is healthy again. */
export function applicationDowntime(context: PhaseContext): Pick<RestoreStatus, 'applicationDowntimeMs'> {
  const applicationDowntimeMs = sinceStop(context)
  return applicationDowntimeMs === undefined ? {} : { applicationDowntimeMs }
}

function sinceStop({ work, deps }: PhaseContext): number | undefined {
  const { downtimeStartedAtMs } = work
  return downtimeStartedAtMs === undefined ? undefined : Math.max(0, deps.clock.nowMs() - downtimeStartedAtMs)
}
