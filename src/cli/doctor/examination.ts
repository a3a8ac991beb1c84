/** What the checks of `modosu doctor` share: each fact is asked for once, when the first check wants it. Nothing here changes anything. */

import { statSync } from 'node:fs'

import type { Configuration } from '../../daemon/configuration.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Target } from '../../domain/target.ts'
import { createServiceOperations } from '../../service/service.ts'
import type { ServiceOperations } from '../../service/contract.ts'
import { stateStorePath, type StateReader } from '../../store/reader.ts'
import type { CliContext } from '../context.ts'
import { absoluteWord } from '../paths.ts'
import { ContentLook, type Content } from './content.ts'
import { identityOfProcess, identityOfUnit, identityOfUser, type Identity } from './identity.ts'
import { lastLines, lookAtUnit, lookForManager, type Manager, type UnitState } from './units.ts'

/** The daemon's own unit, as deploy/systemd installs it. */
export const DAEMON_UNIT = 'modosu.service'
const ANSWER_MS = 5000
const LOOK_MS = 10_000

/** Whether the daemon answers on its socket. */
export type DaemonAnswer =
  | { readonly kind: 'answers'; readonly version: string }
  | { readonly kind: 'down' | 'denied' | 'late'; readonly error: RestoreError }

export class Examination {
  readonly cli: CliContext
  readonly configuration: Configuration
  /** Leaves out what reads a whole database. */
  readonly quick: boolean
  readonly service: ServiceOperations
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly #signal: AbortSignal
  readonly #facts = new Map<string, unknown>()

  /** @param signal ends what reads a whole database, so that its copy is removed. */
  constructor(cli: CliContext, configuration: Configuration, quick: boolean, signal: AbortSignal) {
    this.#signal = signal
    this.cli = cli
    this.configuration = configuration
    this.quick = quick
    this.variables = cli.environment.variables
    this.service = createServiceOperations({
      clock: cli.clock,
      baseEnvironment: { PATH: this.variables['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      scratchDir: cli.environment.temporaryDirectory,
    })
  }

  get isRoot(): boolean {
    return process.geteuid?.() === 0
  }

  /** A line of ours that a person copies, with the configuration that this one was given. */
  modosu(words: string): string {
    const { configPath, environment } = this.cli
    const given = configPath === environment.configPath ? '' : ` --config ${absoluteWord(configPath)}`
    return `modosu ${words}${given}`
  }

  /** A line that only root may run. */
  asRoot(...commands: readonly string[]): string {
    return commands.map((command) => (this.isRoot ? command : `sudo ${command}`)).join(' && ')
  }

  manager(): Promise<Manager> {
    return this.#once('manager', () => lookForManager(this.variables))
  }

  unit(name: string): Promise<UnitState | null> {
    return this.#once(`unit ${name}`, () => lookAtUnit(name, this.variables))
  }

  /** The unit of a target's application; null without one, or without systemd. */
  async unitOf({ service }: Target): Promise<UnitState | null> {
    if (service?.unit === undefined || (await this.manager()) !== 'present') return null
    return this.unit(service.unit)
  }

  log(unit: string): Promise<readonly string[] | null> {
    return this.#once(`log ${unit}`, () => lastLines(unit, this.variables))
  }

  daemon(): Promise<DaemonAnswer> {
    return this.#once('daemon', async (): Promise<DaemonAnswer> => {
      try {
        const { modosu } = await this.cli.client({ timeoutMs: ANSWER_MS }).version()
        return { kind: 'answers', version: modosu }
      } catch (error) {
        const known =
          error instanceof RestoreError ? error : new RestoreError(String(error), { reason: 'InternalError' })
        if (known.reason === 'SocketAccessDenied') return { kind: 'denied', error: known }
        return { kind: known.message.includes('no answer within') ? 'late' : 'down', error: known }
      }
    })
  }

  /** As whom the daemon runs, or would: its process, else its unit, else the owner of its directory. null: nobody can tell. */
  daemonIdentity(): Promise<Identity | null> {
    return this.#once('identity', async () => {
      const unit = (await this.manager()) === 'present' ? await this.unit(DAEMON_UNIT) : null
      const pid = Number(unit?.properties.MainPID ?? 0) || (await this.daemonPid())
      const running = pid > 0 ? identityOfProcess(pid) : null
      if (running !== null) return running
      if (unit !== null && unit.properties.LoadState === 'loaded') return identityOfUnit(unit, this.variables)
      const owner = ownerOf(this.configuration.stateDir)
      return owner === null ? null : identityOfUser(String(owner), this.variables)
    })
  }

  /** The daemon's process: whoever has the state store open. 0: it does not run, or cannot be seen. */
  daemonPid(): Promise<number> {
    return this.#once('pid', () => this.#findDaemon())
  }

  async #findDaemon(): Promise<number> {
    if ((await this.daemon()).kind !== 'answers') return 0
    const { holders } = await this.cli
      .database()
      .holders([stateStorePath(this.configuration.stateDir)], { deadlineMs: LOOK_MS })
    return holders.find(({ pid }) => pid !== process.pid)?.pid ?? 0
  }

  /** The state store, or why it cannot be read. */
  store(): Promise<StateReader | RestoreError> {
    return this.#once('store', () => {
      const opened = Promise.resolve().then((): StateReader | RestoreError => this.cli.reader())
      return opened.catch((error: unknown) => {
        if (error instanceof RestoreError) return error
        throw error
      })
    })
  }

  /** What is in a target's database, read on a copy. */
  content(target: Target): Promise<Content> {
    return this.#once(`content ${target.name}`, () => this.#contents.ofDatabase(target))
  }

  get #contents(): ContentLook {
    const { environment } = this.cli
    return new ContentLook(
      this.cli.database(),
      this.configuration.stateDir,
      environment.temporaryDirectory,
      this.#signal,
    )
  }

  /** What is in a file and its side files, read on a copy. */
  contentOf(path: string, target: Target | null): Promise<Content> {
    return this.#once(`content of ${path}`, () => this.#contents.ofFile(path, target))
  }

  #once<T>(name: string, find: () => Promise<T>): Promise<T> {
    const known = this.#facts.get(name) as Promise<T> | undefined
    if (known !== undefined) return known
    const found = find()
    this.#facts.set(name, found)
    return found
  }
}

function ownerOf(path: string): number | null {
  try {
    return statSync(path).uid
  } catch {
    return null
  }
}
