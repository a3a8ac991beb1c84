/** An application that is stopped and started by commands of the configuration (`service.command`). */

import { RestoreError } from '../domain/errors.ts'
import type { ServiceSpec } from '../domain/target.ts'
import { POLL_MS, STATE_TIMEOUT_MS, type ApplicationControl } from './application-control.ts'
import type { ServiceState } from './contract.ts'
import { interrupted, inWords, isInterrupted, pollUntil, withDeadline } from './deadline.ts'
import { failureText, runCommand, withLastLine, type CommandEnvironment, type CommandResult } from './run-command.ts'

type Commands = NonNullable<ServiceSpec['command']>

/** Exit statuses of a status command, as `systemctl is-active` and the LSB have them. */
const RUNNING = 0
const STOPPED = 3

export class CommandService implements ApplicationControl {
  readonly #spec: ServiceSpec
  readonly #commands: Commands
  readonly #environment: CommandEnvironment

  constructor(spec: ServiceSpec, commands: Commands, environment: CommandEnvironment) {
    this.#spec = spec
    this.#commands = commands
    this.#environment = environment
  }

  async state(): Promise<ServiceState> {
    return withDeadline(STATE_TIMEOUT_MS, undefined, (deadline) => this.#state(deadline))
  }

  /** Commands keep nobody from starting the application. */
  release(): Promise<void> {
    return Promise.resolve()
  }

  releaseCommand(): string | null {
    return null
  }

  /** A command is known to work when it has worked. */
  unstartable(): Promise<string | null> {
    return Promise.resolve(null)
  }

  endRemaining(): Promise<string | null> {
    return Promise.resolve('nobody knows which processes are those of service.command')
  }

  async givenUp(deadline: AbortSignal): Promise<string | null> {
    const { status } = this.#commands
    if (status === undefined) return null
    const result = await runCommand(status, this.#environment, STATE_TIMEOUT_MS, deadline)
    if (result.status !== STOPPED) return null
    return withLastLine('its status command says that it has stopped', result.output)
  }

  triggers(): Promise<readonly string[]> {
    return Promise.resolve([])
  }

  /** Dies it half way, the command goes on, in a session of its own; the next start asks or stops again. */
  async stop(signal?: AbortSignal): Promise<{ readonly stopped: readonly string[] }> {
    const { stopTimeoutMs } = this.#spec
    await withDeadline(stopTimeoutMs, signal, async (deadline) => {
      if ((await this.#state(deadline)) === 'inactive') return
      const result = await runCommand(this.#commands.stop, this.#environment, stopTimeoutMs, deadline)
      if (isInterrupted(deadline)) throw interrupted('stopping the application')
      // pkill and its like fail when there is nothing to stop
      if (result.status !== 0 && (await this.#state(deadline)) !== 'inactive') throw stopFailed(result)
      if (!(await this.#reaches('inactive', deadline))) {
        if (isInterrupted(deadline)) throw interrupted('waiting for the application to stop')
        throw new RestoreError(`application is still not down after ${inWords(stopTimeoutMs)}`, {
          reason: 'ServiceStopFailed',
          hint: BY_HAND.status,
        })
      }
    })
    return { stopped: [] }
  }

  async start(_stopped: readonly string[], signal?: AbortSignal): Promise<void> {
    const { startTimeoutMs } = this.#spec
    await withDeadline(startTimeoutMs, signal, async (deadline) => {
      if ((await this.#state(deadline)) === 'active') return
      const result = await runCommand(this.#commands.start, this.#environment, startTimeoutMs, deadline)
      if (isInterrupted(deadline)) throw interrupted('starting the application')
      if (result.status !== 0) throw startFailed(result)
      if (!(await this.#reaches('active', deadline))) {
        if (isInterrupted(deadline)) throw interrupted('waiting for the application to start')
        throw new RestoreError(`application is still not up after ${inWords(startTimeoutMs)}`, {
          reason: 'ServiceStartFailed',
          hint: `look at the application's log; ${BY_HAND.status}`,
        })
      }
    })
  }

  /** Without a status command there is nothing to wait for. */
  async #reaches(wanted: ServiceState, deadline: AbortSignal): Promise<boolean> {
    if (this.#commands.status === undefined) return true
    return pollUntil(async () => (await this.#state(deadline)) === wanted, POLL_MS, deadline)
  }

  async #state(deadline: AbortSignal): Promise<ServiceState> {
    const { status } = this.#commands
    if (status === undefined) return 'unknown'
    const result = await runCommand(status, this.#environment, STATE_TIMEOUT_MS, deadline)
    if (result.status === RUNNING) return 'active'
    return result.status === STOPPED ? 'inactive' : 'unknown'
  }
}

/** The commands themselves are not shown: their arguments may hold what is not for a log. */
const BY_HAND = {
  stop: 'run service.command.stop of the configuration by hand',
  start: 'run service.command.start of the configuration by hand',
  status: 'run service.command.status of the configuration by hand: 0 means running, 3 stopped',
} as const

function stopFailed(result: CommandResult): RestoreError {
  return new RestoreError(failureText('stop command failed', result), {
    reason: 'ServiceStopFailed',
    hint: BY_HAND.stop,
  })
}

/** A command that does not end is the application itself in the foreground, more often than not. */
function startFailed(result: CommandResult): RestoreError {
  return new RestoreError(failureText('start command failed', result), {
    reason: 'ServiceStartFailed',
    hint: result.cutShort
      ? 'the start command must end once the application runs: have it start the application in the background (systemd-run, a process manager)'
      : BY_HAND.start,
  })
}
