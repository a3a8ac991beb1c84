/**
 * Keeps a unit from starting while its database is replaced, whoever asks: a person, a socket, a path, a timer, another
 * unit, Restart=. A drop-in below /run makes every start of the unit fail by an assertion; stopping the unit and its
 * triggers alone would leave it to luck that nobody starts them in between.
 *
 * Not a runtime mask: a unit file in /etc, where an administrator's units are, goes before one in /run (systemd.unit(5)).
 *
 * The drop-in is laid by modosu-gate@UNIT.service (deploy/systemd), so that the daemon need not be allowed to write units;
 * where that is not installed, by the daemon itself, which takes root.
 *
 * What is so when the daemon dies: the gate stays closed until the next start's recovery starts the application, or stands
 * down. When the machine goes down: /run is empty after it, and the application starts at boot on the old database or on
 * the new one, both whole; recovery then stops it again where the restore still has to go on.
 */

import { existsSync } from 'node:fs'
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../domain/errors.ts'
import { pollUntil } from './deadline.ts'
import { failureText, type CommandEnvironment, type CommandResult } from './run-command.ts'
import { fullUnitName, systemctl } from './systemctl.ts'

/** There while systemd is the system's manager (sd_booted(3)), and where it looks for units first after /etc. */
export const SYSTEMD_RUNTIME_DIR = '/run/systemd/system'

const DROP_IN = '50-modosu-gate.conf'
const LOOK_MS = 20
/** The keeper removes one file. */
const KEEPER_MS = 15_000
/** systemctl(1), exit status: no such unit. */
const NO_SUCH_UNIT = 5

export class SystemdGate {
  readonly #unit: string
  readonly #environment: CommandEnvironment
  readonly #runtimeDir: string

  constructor(unit: string, environment: CommandEnvironment, runtimeDir: string) {
    this.#unit = fullUnitName(unit)
    this.#environment = environment
    this.#runtimeDir = runtimeDir
  }

  /** The unit that holds the gate; stopping it opens the gate. */
  get keeper(): string {
    return `modosu-gate@${this.#unit}.service`
  }

  /** Whether the unit is kept from starting. */
  get isClosed(): boolean {
    return existsSync(join(this.#folder, DROP_IN))
  }

  /** @returns why the gate could not be closed; null when it is. Does nothing where systemd does not run. */
  async close(timeoutMs: number, deadline: AbortSignal): Promise<string | null> {
    if (!existsSync(this.#runtimeDir)) return null
    const ask = (verb: string): Promise<CommandResult> => this.#systemctl([verb, this.keeper], timeoutMs, deadline)
    let result = await ask('start')
    // It holds a gate that somebody has opened by hand since.
    if (result.status === 0 && !this.isClosed) result = await ask('restart')
    if (result.status === NO_SUCH_UNIT) return this.#closeByHand(timeoutMs, deadline)
    if (result.status === 0 && this.isClosed) return null
    return result.status === 0 ? `${this.keeper} did its work and left no gate` : failureText(this.keeper, result)
  }

  /** @returns why the gate is still closed; null when it is open. */
  async open(timeoutMs: number, deadline: AbortSignal): Promise<string | null> {
    if (!existsSync(this.#runtimeDir) || !this.isClosed) return null
    // Not waited for: once the file is gone the unit may start, and every moment longer is downtime.
    const result = await this.#systemctl(['stop', '--no-block', this.keeper], timeoutMs, deadline)
    if (result.status !== 0 && result.status !== NO_SUCH_UNIT) return failureText(this.keeper, result)
    const until = AbortSignal.any([deadline, AbortSignal.timeout(KEEPER_MS)])
    const opened = result.status === 0 && (await pollUntil(() => Promise.resolve(!this.isClosed), LOOK_MS, until))
    // Not laid by the keeper, or the keeper is gone.
    return opened ? null : this.#openByHand(timeoutMs, deadline)
  }

  get #folder(): string {
    return join(this.#runtimeDir, `${this.#unit}.d`)
  }

  /** The assertion looks at its own file: once that is gone the unit may start, whether or not systemd has read it anew. */
  async #closeByHand(timeoutMs: number, deadline: AbortSignal): Promise<string | null> {
    const path = join(this.#folder, DROP_IN)
    const lines = [
      '# Modosu replaces a database of this unit; it may start again afterwards.',
      `# By hand: rm ${path}`,
      '[Unit]',
      `AssertPathExists=!${path.replaceAll('%', '%%')}`,
    ]
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o755 })
      await writeFile(`${path}.new`, `${lines.join('\n')}\n`, { mode: 0o644 })
      await rename(`${path}.new`, path)
    } catch (error) {
      return `${this.keeper} is not installed (deploy/systemd), and ${messageOf(error)}`
    }
    const result = await this.#systemctl(['daemon-reload'], timeoutMs, deadline)
    return result.status === 0 ? null : failureText('systemctl daemon-reload', result)
  }

  async #openByHand(timeoutMs: number, deadline: AbortSignal): Promise<string | null> {
    try {
      await rm(join(this.#folder, DROP_IN), { force: true })
      await rmdir(this.#folder).catch(() => undefined)
    } catch (error) {
      return messageOf(error)
    }
    // Only tidies up: the assertion holds by now.
    await this.#systemctl(['daemon-reload'], timeoutMs, deadline)
    return null
  }

  #systemctl(args: readonly string[], timeoutMs: number, deadline: AbortSignal): Promise<CommandResult> {
    return systemctl(args, this.#environment, timeoutMs, deadline)
  }
}
