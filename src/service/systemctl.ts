/** One call of systemctl. */

import { runCommand, type CommandEnvironment, type CommandResult } from './run-command.ts'

const UNIT_NAME = /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]*$/
/** systemd.unit(5); without one of them systemctl means a service. */
const UNIT_TYPE = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/

/** The last argument, where there is one, is a unit's name; anything that is none is not handed on. */
export function systemctl(
  args: readonly string[],
  environment: CommandEnvironment,
  timeoutMs: number,
  deadline: AbortSignal,
): Promise<CommandResult> {
  const unit = args.length > 1 ? args.at(-1) : undefined
  if (unit !== undefined && !UNIT_NAME.test(unit)) {
    return Promise.resolve({ status: null, cutShort: false, ending: `is no unit's name: ${unit}`, output: '' })
  }
  return runCommand(['systemctl', ...args], environment, timeoutMs, deadline)
}

/** The name with its type, as systemd files it: `app` is `app.service`. */
export function fullUnitName(unit: string): string {
  return UNIT_TYPE.test(unit) ? unit : `${unit}.service`
}
