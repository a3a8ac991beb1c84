/** Puts the ways to stop, start and ask an application together, as the target's configuration says. */

import { tmpdir } from 'node:os'
import type { Clock } from '../domain/clock.ts'
import type { Target } from '../domain/target.ts'
import { NO_APPLICATION, type ApplicationControl } from './application-control.ts'
import { CommandService } from './command-service.ts'
import type { ApplicationLook, ServiceOperations, ServiceState } from './contract.ts'
import { lookAtHealth, waitUntilHealthy } from './health.ts'
import { runHook } from './hooks.ts'
import { probeLogin } from './login-probe.ts'
import type { CommandEnvironment } from './run-command.ts'
import { SYSTEMD_RUNTIME_DIR, SystemdGate } from './systemd-gate.ts'
import { SystemdUnit } from './systemd-unit.ts'

export interface ServiceOptions {
  readonly clock: Clock
  /** What every command gets: PATH, LANG, HOME and no secrets. `systemctl` is looked for on its PATH. */
  readonly baseEnvironment: Readonly<Record<string, string>>
  /** Where a running command's output is kept; default: the system's directory for temporary files. */
  readonly scratchDir?: string
  /** Where systemd keeps units of its run time; another one for tests. */
  readonly systemdRuntimeDir?: string
}

/**
 * The operations on real units, commands, hooks and health checks.
 *
 * Commands run in sessions of their own and outlive the daemon. Under systemd that takes `KillMode=process` in the daemon's own
 * unit as well, or its stop would end what a start command has left behind in the unit's control group.
 */
export function createServiceOperations(options: ServiceOptions): ServiceOperations {
  const { clock, baseEnvironment, scratchDir = tmpdir(), systemdRuntimeDir = SYSTEMD_RUNTIME_DIR } = options
  const commands: CommandEnvironment = { environment: baseEnvironment, scratchDir }
  const control = (target: Target): ApplicationControl => controlOf(target, commands, systemdRuntimeDir)
  return {
    state: (target) => control(target).state(),
    triggers: (target, signal) => control(target).triggers(signal),
    stop: (target, signal) => control(target).stop(signal),
    release: (target) => control(target).release(),
    releaseCommand: (target) => control(target).releaseCommand(),
    unstartable: (target) => control(target).unstartable(),
    endRemaining: (target, pids) => control(target).endRemaining(pids),
    start: (target, stopped, signal) => control(target).start(stopped, signal),
    waitHealthy: async (target, signal) =>
      target.healthCheck === null
        ? { attempts: 0, tookMs: 0 }
        : waitUntilHealthy(
            target.healthCheck,
            clock,
            healthHint(target),
            (deadline) => control(target).givenUp(deadline),
            signal,
          ),
    look: async (target) =>
      target.healthCheck === null ? lookAtState(await control(target).state()) : lookAtHealth(target.healthCheck),
    probeLogin: ({ loginProbe }) =>
      loginProbe === undefined
        ? Promise.resolve({ verdict: 'unknown', text: 'no login probe is configured' })
        : probeLogin(loginProbe),
    startHint,
    runHook: (hook, context) => runHook(hook, context, commands),
  }
}

function controlOf({ service }: Target, commands: CommandEnvironment, runtimeDir: string): ApplicationControl {
  if (service?.unit !== undefined) {
    const gate = new SystemdGate(service.unit, commands, runtimeDir)
    return new SystemdUnit(service.unit, service, commands, gate)
  }
  if (service?.command !== undefined) return new CommandService(service, service.command, commands)
  return NO_APPLICATION
}

function lookAtState(state: ServiceState): ApplicationLook {
  switch (state) {
    case 'active':
      return { running: true, text: 'it runs; without a health check nobody knows more' }
    case 'inactive':
      return { running: false, text: 'it is stopped' }
    case 'unknown':
      return { running: null, text: 'neither a health check nor a status command tells' }
  }
}

function startHint({ service }: Target): string {
  if (service?.unit !== undefined) {
    return `systemctl status ${service.unit}; journalctl -u ${service.unit} -n 50; then: systemctl start ${service.unit}`
  }
  if (service === null) return "look at the application's log, then start it by hand"
  return "look at the application's log, then run service.command.start of the configuration by hand"
}

/** Manual Q3, steps 1 and 2. */
function healthHint({ service }: Target): string {
  const unit = service?.unit
  if (unit === undefined)
    return "look at the application's log, at the database's owner and mode, and for a port conflict"
  return `systemctl status ${unit}; journalctl -u ${unit} --since "5 minutes ago" -n 50`
}
