/** Hooks around a restore. One that ran is noted, so that a restart does not run it a second time without need. */

import { RestoreError } from '../domain/errors.ts'
import type { Target } from '../domain/target.ts'
import type { PhaseContext } from './context.ts'

/** @throws RestoreError `HookFailed` at the first hook that fails; those after it do not run. */
export async function runHooks(context: PhaseContext, kind: keyof Target['hooks']): Promise<void> {
  for (const hook of context.target.hooks[kind]) {
    const key = `${kind}/${hook.name}`
    const done = context.work.hooksDone ?? []
    if (done.includes(key)) continue
    context.log.info(`running hook ${hook.name}`, { hook: key })
    await context.deps.service.runHook(hook, { environment: environmentOf(context, kind), signal: context.signal })
    context.note({ hooksDone: [...done, key] })
  }
}

/** A failure is being told; a hook that fails as well must not change what it tells. */
export async function runFailureHooks(context: PhaseContext): Promise<void> {
  try {
    await runHooks(context, 'onFailure')
  } catch (error) {
    context.log.warn('an onFailure hook failed', {
      err: error,
      reason: error instanceof RestoreError ? error.reason : '',
    })
  }
}

function environmentOf({ request, target, work }: PhaseContext, kind: string): Record<string, string> {
  return {
    MODOSU_HOOK: kind,
    MODOSU_REQUEST: request.name,
    MODOSU_TARGET: target.name,
    MODOSU_PHASE: request.phase,
    MODOSU_DATABASE: work.database ?? target.database,
    MODOSU_BACKUP_ID: work.backup?.id ?? '',
    MODOSU_SAFETY_BACKUP: work.safety?.path ?? '',
    MODOSU_FAILURE_REASON: work.failure?.reason ?? '',
  }
}
