/** Runs the operator's hooks around a restore (`hooks` of the configuration). */

import { RestoreError } from '../domain/errors.ts'
import type { CommandSpec } from '../domain/target.ts'
import type { HookContext } from './contract.ts'
import { interrupted, isInterrupted, withDeadline } from './deadline.ts'
import { failureText, runCommand, type CommandEnvironment } from './run-command.ts'

const VARIABLE = /^MODOSU_[A-Z0-9_]+$/

/**
 * Runs one hook with what the restore says of itself in MODOSU_* variables.
 *
 * @throws RestoreError `HookFailed` where it does not end with status 0 in time, `Interrupted`
 */
export async function runHook(hook: CommandSpec, context: HookContext, commands: CommandEnvironment): Promise<void> {
  const environment = { ...commands.environment, ...hookVariables(context.environment) }
  await withDeadline(hook.timeoutMs, context.signal, async (deadline) => {
    const result = await runCommand(hook.command, { ...commands, environment }, hook.timeoutMs, deadline)
    if (result.status === 0) return
    if (isInterrupted(deadline)) throw interrupted(`running hook ${hook.name}`)
    throw new RestoreError(failureText(`hook ${hook.name} failed`, result), {
      reason: 'HookFailed',
      hint: `look at its output above, or run it by hand as the daemon's user: hook ${hook.name} of the configuration`,
    })
  })
}

/** Nothing but MODOSU_* gets through, so that no request can set PATH or LD_PRELOAD; a NUL would keep the hook from running. */
function hookVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => VARIABLE.test(name))
      .map(([name, value]) => [name, value.replaceAll('\0', '')]),
  )
}
