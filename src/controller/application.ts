/** Stopping and starting the application, so that whoever dies in between knows afterwards what has to run again. */

import type { EventInput } from '../store/change.ts'
import type { RestoreStatus } from '../domain/resource.ts'
import { servicesHolders } from './holders.ts'
import type { PhaseContext } from './context.ts'

/** Notes what ran before it stops anything; the note of an earlier attempt is the truth, for since then we stopped it. */
export async function stopService(context: PhaseContext): Promise<void> {
  const { deps, target, work, signal } = context
  if (work.service === undefined) {
    const wasActive = (await deps.service.state(target)) !== 'inactive'
    context.note({ service: { wasActive, stopped: await deps.service.triggers(target, signal) } })
  }
  await deps.service.stop(target, signal)
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

/** From the stop of the application (or the lock) to now. */
export function downtime({ work, deps }: PhaseContext): Pick<RestoreStatus, 'downtimeMs'> {
  const { downtimeStartedAtMs } = work
  return downtimeStartedAtMs === undefined ? {} : { downtimeMs: Math.max(0, deps.clock.nowMs() - downtimeStartedAtMs) }
}
