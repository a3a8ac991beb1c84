/** An application that is a systemd unit, stopped and started through `systemctl` (manual 7.2-1 and 7.2-9). */

import { RestoreError } from '../domain/errors.ts'
import type { ServiceSpec } from '../domain/target.ts'
import { POLL_MS, STATE_TIMEOUT_MS, type ApplicationControl } from './application-control.ts'
import type { ServiceState } from './contract.ts'
import { interrupted, inWords, isInterrupted, pause, pollUntil, withDeadline } from './deadline.ts'
import { failureText, runCommand, withLastLine, type CommandEnvironment, type CommandResult } from './run-command.ts'
import type { SystemdGate } from './systemd-gate.ts'
import { belongsTo } from './control-group.ts'
import { fullUnitName, systemctl } from './systemctl.ts'

/** The states that `systemctl is-active` prints (systemctl(1)); between up and down is not down. */
const STATES: Readonly<Record<string, ServiceState>> = {
  active: 'active',
  reloading: 'active',
  refreshing: 'active',
  activating: 'active',
  deactivating: 'active',
  inactive: 'inactive',
  failed: 'inactive',
}

/** Load states of a unit that systemd does not start, whatever it is doing now (systemctl(1)). */
const UNSTARTABLE: ReadonlySet<string> = new Set(['masked', 'not-found', 'bad-setting', 'error'])

/** From the SIGTERM to the SIGKILL, and for all of it. */
const TERMINATION_MS = 5000
const REMAINING_MS = TERMINATION_MS + 2 * STATE_TIMEOUT_MS

/** A unit of Type=simple is active before its program has run: the second look tells whether it stayed. */
const SECOND_LOOK_MS = 250

export class SystemdUnit implements ApplicationControl {
  readonly #unit: string
  readonly #spec: ServiceSpec
  readonly #environment: CommandEnvironment
  readonly #gate: SystemdGate

  constructor(unit: string, spec: ServiceSpec, environment: CommandEnvironment, gate: SystemdGate) {
    this.#unit = unit
    this.#spec = spec
    this.#environment = environment
    this.#gate = gate
  }

  async state(): Promise<ServiceState> {
    return withDeadline(STATE_TIMEOUT_MS, undefined, async (deadline) => {
      const active = await this.#activeState(this.#unit, deadline)
      return STATES[active] ?? 'unknown'
    })
  }

  async triggers(signal?: AbortSignal): Promise<readonly string[]> {
    return withDeadline(this.#spec.stopTimeoutMs, signal, (deadline) => this.#activeTriggers(deadline))
  }

  /**
   * The gate first: from then on the unit may stop and not start. Then its triggers: a socket or timer that is still up
   * would try to (systemd.socket(5)), fail at the gate, and be down for good.
   *
   * Dies the daemon after any of these lines, systemd carries the job to its end, and the next call finds what is left: the
   * gate closed, which is what `stop` wants and what `start` and `release` end.
   */
  async stop(signal?: AbortSignal): Promise<{ readonly stopped: readonly string[] }> {
    const { stopTimeoutMs } = this.#spec
    return withDeadline(stopTimeoutMs, signal, async (deadline) => {
      const stopped = await this.#activeTriggers(deadline)
      await this.#closeGate(deadline)
      const failures: RestoreError[] = []
      for (const unit of [...stopped, this.#unit]) {
        const result = await this.#systemctl(['stop', unit], stopTimeoutMs, deadline)
        if (result.status !== 0) failures.push(this.#failure('stop', unit, result, deadline))
      }
      const [failure] = failures
      if (failure !== undefined) await this.#unlessDown(failure, [...stopped, this.#unit], deadline)
      const isDown = async (): Promise<boolean> => STATES[await this.#activeState(this.#unit, deadline)] === 'inactive'
      if (!(await pollUntil(isDown, POLL_MS, deadline))) throw this.#late('stop', stopTimeoutMs, deadline)
      return { stopped }
    })
  }

  /** A unit that is masked, failed or not loaded may refuse to be stopped; where it is down all the same, it is stopped. */
  async #unlessDown(failure: RestoreError, units: readonly string[], deadline: AbortSignal): Promise<void> {
    if (isInterrupted(deadline)) throw failure
    const states = await withDeadline(STATE_TIMEOUT_MS, undefined, (last) =>
      Promise.all(units.map((unit) => this.#activeState(unit, last))),
    )
    if (!states.every((state) => STATES[state] === 'inactive')) throw failure
  }

  async release(): Promise<void> {
    const { startTimeoutMs } = this.#spec
    await withDeadline(startTimeoutMs, undefined, (deadline) => this.#openGate(startTimeoutMs, deadline))
  }

  releaseCommand(): string | null {
    return this.#gate.isClosed ? `systemctl stop ${this.#gate.keeper}` : null
  }

  async unstartable(): Promise<string | null> {
    return withDeadline(STATE_TIMEOUT_MS, undefined, async (deadline) => {
      const shown = await this.#systemctl(['show', '-p', 'LoadState', this.#unit], STATE_TIMEOUT_MS, deadline)
      const state = /^LoadState=(.*)$/m.exec(shown.output)?.[1] ?? ''
      return UNSTARTABLE.has(state) ? `unit ${this.#unit} is ${state}` : null
    })
  }

  /**
   * `KillMode=process` and the like leave processes in the unit's control group when the unit is down (systemd.kill(5)). The
   * group is looked at for each of them: what only uses the same database is somebody else's.
   */
  async endRemaining(pids: readonly number[]): Promise<string | null> {
    const foreign = pids.filter((pid) => !belongsTo(pid, fullUnitName(this.#unit)))
    if (foreign.length > 0) return `pid ${foreign.join(', ')} is no process of ${this.#unit}`
    return withDeadline(REMAINING_MS, undefined, async (deadline) => {
      const terminated = await this.#kill('SIGTERM', deadline)
      if (terminated !== null) return terminated
      const areGone = (): Promise<boolean> =>
        Promise.resolve(!pids.some((pid) => belongsTo(pid, fullUnitName(this.#unit))))
      const patience = AbortSignal.any([deadline, AbortSignal.timeout(TERMINATION_MS)])
      return (await pollUntil(areGone, POLL_MS, patience)) ? null : this.#kill('SIGKILL', deadline)
    })
  }

  async #kill(signal: string, deadline: AbortSignal): Promise<string | null> {
    // All of its processes; the option that says so has another name in each version.
    const words = ['kill', `--signal=${signal}`, this.#unit]
    const result = await this.#systemctl(words, STATE_TIMEOUT_MS, deadline)
    return result.status === 0 ? null : failureText(`systemctl ${words.join(' ')}`, result)
  }

  /** `activating` is none: systemd starts it anew, until its start limit is hit and it is `failed` (systemd.unit(5)). */
  async givenUp(deadline: AbortSignal): Promise<string | null> {
    const shown = await this.#systemctl(['show', '-p', 'ActiveState,Result', this.#unit], STATE_TIMEOUT_MS, deadline)
    const state = /^ActiveState=(.*)$/m.exec(shown.output)?.[1] ?? ''
    if (shown.status !== 0 || STATES[state] !== 'inactive') return null
    const result = /^Result=(.*)$/m.exec(shown.output)?.[1] ?? 'unknown'
    const words = ['journalctl', '-u', this.#unit, '-n', '1', '-o', 'cat', '--no-pager', '-q']
    const journal = await runCommand(words, this.#environment, STATE_TIMEOUT_MS, deadline)
    return withLastLine(`unit ${this.#unit} is ${state} (${result})`, journal.status === 0 ? journal.output : '')
  }

  /** Sockets before the unit: systemd refuses to start a socket whose service runs already. Timers and paths after it. */
  async start(stopped: readonly string[], signal?: AbortSignal): Promise<void> {
    const { startTimeoutMs } = this.#spec
    const sockets = stopped.filter((unit) => unit.endsWith('.socket'))
    const others = stopped.filter((unit) => !unit.endsWith('.socket'))
    await withDeadline(startTimeoutMs, signal, async (deadline) => {
      await this.#openGate(startTimeoutMs, deadline)
      for (const unit of [...sockets, this.#unit]) await this.#startUnit(unit, startTimeoutMs, deadline)
      await this.#awaitActive(startTimeoutMs, deadline)
      for (const unit of others) await this.#startUnit(unit, startTimeoutMs, deadline)
    })
  }

  /** Nothing is stopped by then, and the gate must not outlive a failure: whoever fails here starts nothing again. */
  async #closeGate(deadline: AbortSignal): Promise<void> {
    const { stopTimeoutMs } = this.#spec
    const trouble = await this.#gate.close(stopTimeoutMs, deadline)
    if (trouble === null) return
    await withDeadline(stopTimeoutMs, undefined, (last) => this.#gate.open(stopTimeoutMs, last))
    if (isInterrupted(deadline)) throw interrupted(`stopping ${this.#unit}`)
    throw new RestoreError(`unit ${this.#unit} cannot be kept from starting: ${trouble}`, {
      reason: 'ServiceNotGated',
      hint: `install deploy/systemd/modosu-gate@.service and let the daemon start ${this.#gate.keeper} (50-modosu.rules)`,
    })
  }

  async #openGate(timeoutMs: number, deadline: AbortSignal): Promise<void> {
    const trouble = await this.#gate.open(timeoutMs, deadline)
    if (trouble === null) return
    if (isInterrupted(deadline)) throw interrupted(`starting ${this.#unit}`)
    throw new RestoreError(`unit ${this.#unit} is still kept from starting: ${trouble}`, {
      reason: 'ServiceStartFailed',
      hint: `systemctl stop ${this.#gate.keeper}`,
    })
  }

  async #startUnit(unit: string, timeoutMs: number, deadline: AbortSignal): Promise<void> {
    const result = await this.#systemctl(['start', unit], timeoutMs, deadline)
    if (result.status !== 0) throw this.#failure('start', unit, result, deadline)
  }

  async #awaitActive(timeoutMs: number, deadline: AbortSignal): Promise<void> {
    let last = ''
    const hasSettled = async (): Promise<boolean> => {
      last = await this.#activeState(this.#unit, deadline)
      return last === 'active' || last === 'failed'
    }
    const settled = await pollUntil(hasSettled, POLL_MS, deadline)
    await pause(SECOND_LOOK_MS, deadline)
    if (!settled || deadline.aborted) throw this.#late('start', timeoutMs, deadline)
    const state = last === 'active' ? await this.#activeState(this.#unit, deadline) : last
    // `activating` by now means that it has ended and is being restarted
    if (state !== 'active' && state !== 'reloading') {
      throw new RestoreError(`unit ${this.#unit} is ${state} after its start`, {
        reason: 'ServiceStartFailed',
        hint: `systemctl status ${this.#unit}; ${this.#journal(this.#unit)}`,
      })
    }
  }

  /** @throws RestoreError `ServiceStopFailed` where systemd does not say: one that was overlooked would start the unit. */
  async #activeTriggers(deadline: AbortSignal): Promise<readonly string[]> {
    const { stopTimeoutMs } = this.#spec
    const result = await this.#systemctl(['show', '-p', 'TriggeredBy', this.#unit], stopTimeoutMs, deadline)
    if (result.status !== 0) throw this.#failure('stop', this.#unit, result, deadline)
    const line = result.output.split('\n').find((text) => text.startsWith('TriggeredBy='))
    const units = (line?.slice('TriggeredBy='.length) ?? '').split(' ').filter((unit) => unit !== '')
    const active: string[] = []
    for (const unit of units) {
      if (STATES[await this.#activeState(unit, deadline)] === 'active') active.push(unit)
    }
    return active
  }

  /** One of the words of STATES, or an empty text. Its exit status tells less: `activating` and `inactive` are both 3. */
  async #activeState(unit: string, deadline: AbortSignal): Promise<string> {
    const { output } = await this.#systemctl(['is-active', unit], STATE_TIMEOUT_MS, deadline)
    return output.split('\n').find((line) => line in STATES) ?? ''
  }

  #systemctl(args: readonly string[], timeoutMs: number, deadline: AbortSignal): Promise<CommandResult> {
    return systemctl(args, this.#environment, timeoutMs, deadline)
  }

  #failure(verb: 'stop' | 'start', unit: string, result: CommandResult, deadline: AbortSignal): RestoreError {
    if (isInterrupted(deadline)) return interrupted(`${verb === 'stop' ? 'stopping' : 'starting'} ${unit}`)
    return new RestoreError(failureText(`unit ${unit} did not ${verb}`, result), {
      reason: verb === 'stop' ? 'ServiceStopFailed' : 'ServiceStartFailed',
      hint: this.#journal(unit),
    })
  }

  #late(verb: 'stop' | 'start', timeoutMs: number, deadline: AbortSignal): RestoreError {
    const ending = `still not ${verb === 'stop' ? 'down' : 'up'} after ${inWords(timeoutMs)}`
    return this.#failure(verb, this.#unit, { status: null, cutShort: true, ending, output: '' }, deadline)
  }

  #journal(unit: string): string {
    return `journalctl -u ${unit} -n 50`
  }
}
