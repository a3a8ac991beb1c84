/** What every command is given: the configuration, the state store and the daemon, each opened when first asked for. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { lastGoodConfiguration } from '../daemon/config-copy.ts'
import { loadConfiguration, type Configuration } from '../daemon/config.ts'
import { timeBeside } from '../daemon/time-keeper.ts'
import { createDatabaseOperations } from '../database/client.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import type { Clock } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import type { Language } from '../domain/messages.ts'
import type { ExitCode } from '../domain/reasons/entry.ts'
import { nearest } from '../manifest/edit-distance.ts'
import type { Target } from '../domain/target.ts'
import { openStateReader, type StateReader } from '../store/reader.ts'
import { DaemonClient } from './client.ts'
import type { Environment } from './environment.ts'
import type { Output } from './output.ts'
import { sayings, type Sayings } from './texts.ts'
import { said } from './translation/japanese.ts'

export interface GlobalOptions {
  readonly config?: string
  readonly verbose?: boolean
}

/** A table asks for the time once a row. */
const SHIFT_HOLDS_MS = 1000

export class CliContext {
  readonly environment: Environment
  readonly output: Output
  readonly stdin: NodeJS.ReadStream
  /** The time that the daemon believes in, where its record can be read. */
  readonly clock: Clock = { nowMs: () => this.time().nowMs }
  readonly #system: Clock
  #shift: { readonly ms: number; readonly doubt: string | null; readonly atMs: number } | null = null
  /** What the process ends with when the command returns. */
  exitCode: ExitCode = 0
  #options: GlobalOptions = {}
  #lang: Language | undefined
  #unsaid: Language = 'en'
  #language: Language | undefined
  #configuration: Configuration | undefined
  #reader: StateReader | undefined
  #database: (DatabaseOperations & { close(): Promise<void> }) | undefined

  constructor(parts: Pick<CliContext, 'environment' | 'output' | 'stdin'> & { readonly system: Clock }) {
    this.environment = parts.environment
    this.output = parts.output
    this.stdin = parts.stdin
    this.#system = parts.system
    this.output.speakThrough(this.say)
  }

  /** What the command line says; told once, before the command runs. */
  speak(lang: Language | undefined, unsaid: Language): void {
    this.#lang = lang
    this.#unsaid = unsaid
  }

  /** In which language this command speaks. Never throws. */
  get language(): Language {
    this.#language ??=
      this.#lang ?? this.environment.language ?? this.#configuredLanguage() ?? this.environment.localeLanguage
    return this.#language ?? this.#unsaid
  }

  #configuredLanguage(): Language | undefined {
    try {
      return existsSync(this.configPath)
        ? ((this.#configuration ?? this.strictConfiguration()).language ?? undefined)
        : undefined
    } catch {
      return lastGoodConfiguration(this.configPath)?.configuration.language ?? undefined
    }
  }

  /** An English text in the language of this command; what has no translation as it is. Never throws. */
  readonly say = (text: string): string => said(text, this.language)

  /** What this command says to a person. */
  get sayings(): Sayings {
    return sayings(this.language)
  }

  useOptions(options: GlobalOptions): void {
    this.#options = options
  }

  get verbose(): boolean {
    return this.#options.verbose === true || this.environment.debug
  }

  get configPath(): string {
    return this.#options.config ?? this.environment.configPath
  }

  /**
   * What the file says; where it has a mistake, with a warning, the copy of what the daemon last took, which it goes on with.
   *
   * @throws RestoreError `ConfigurationNotFound`, `InvalidConfiguration` where there is no such copy either.
   */
  configuration(): Configuration {
    this.#configuration ??= this.#lenientConfiguration()
    return this.#configuration
  }

  #lenientConfiguration(): Configuration {
    try {
      return this.strictConfiguration()
    } catch (error) {
      if (!(error instanceof RestoreError) || error.reason !== 'InvalidConfiguration') throw error
      const last = lastGoodConfiguration(this.configPath)
      if (last === undefined) throw error
      this.output.warning(
        `${error.message}\nthe configuration has a mistake; used is what the daemon last took, ${last.copy}`,
      )
      return last.configuration
    }
  }

  /**
   * The file alone, for whoever starts with it or checks it.
   *
   * @throws RestoreError `ConfigurationNotFound`, `InvalidConfiguration`.
   */
  strictConfiguration(): Configuration {
    if (!existsSync(this.configPath)) {
      throw new RestoreError(`no configuration at ${this.configPath}`, {
        reason: 'ConfigurationNotFound',
        hint: 'name it with --config FILE, or set MODOSU_CONFIG',
      })
    }
    return loadConfiguration(this.configPath)
  }

  /** From now on this is the configuration, whatever the file says: for a command that has looked at the file by itself. */
  useConfiguration(configuration: Configuration): void {
    this.#configuration = configuration
  }

  /** The present, and why the system's clock is not believed where it is not. */
  time(): { readonly nowMs: number; readonly doubt: string | null } {
    const atMs = performance.now()
    if (this.#shift === null || atMs - this.#shift.atMs > SHIFT_HOLDS_MS) {
      const stateDir = this.#configuration?.stateDir
      const beside = stateDir === undefined ? { shiftMs: 0, doubt: null } : timeBeside(stateDir)
      this.#shift = { ms: beside.shiftMs, doubt: beside.doubt, atMs }
    }
    return { nowMs: this.#system.nowMs() + this.#shift.ms, doubt: this.#shift.doubt }
  }

  /** Undefined where none is at the default path and nobody named another. */
  configurationIfAny(): Configuration | undefined {
    const chosen = this.#options.config !== undefined || this.environment.configChosen
    return chosen || existsSync(this.configPath) ? this.configuration() : undefined
  }

  /** @throws RestoreError `NoStateStore`. */
  reader(): StateReader {
    this.#reader ??= openStateReader(this.configuration().stateDir)
    return this.#reader
  }

  client(options: { readonly timeoutMs?: number } = {}): DaemonClient {
    return new DaemonClient({
      ...options,
      socketPath: this.configuration().api.socket,
      login: this.environment.login,
      configPath: this.configPath,
    })
  }

  /** This process's own children: reading works with the daemon down. */
  database(): DatabaseOperations {
    // No lock file: a daemon that starts must not wait for somebody's verification.
    this.#database ??= createDatabaseOperations({ lockFile: null })
    return this.#database
  }

  /**
   * The target of that name; without a name the only one there is.
   *
   * @throws RestoreError `TargetNotFound`, `UsageError`.
   */
  target(name: string | undefined): Target {
    const { targets } = this.configuration()
    const names = targets.map((target) => target.name).join(', ')
    const found = name === undefined && targets.length === 1 ? targets[0] : targets.find((each) => each.name === name)
    if (found !== undefined) return found
    if (name === undefined) {
      throw new RestoreError('which target? the configuration has several', {
        reason: 'UsageError',
        hint: `--target NAME, one of: ${names}`,
      })
    }
    const near = nearest(
      name,
      targets.map((target) => target.name),
    )
    throw new RestoreError(`target not found: ${name}`, {
      reason: 'TargetNotFound',
      hint: `${near === undefined ? '' : `did you mean ${near}? `}targets are: ${names}`,
    })
  }

  /** The targets that a listing covers: the named one, or all. */
  targets(name: string | undefined): readonly Target[] {
    return name === undefined ? this.configuration().targets : [this.target(name)]
  }

  /** Where the daemon mirrors the files that it refused (design, section 5). */
  get rejectedDir(): string {
    return join(this.configuration().stateDir, 'status', '_rejected')
  }

  async close(): Promise<void> {
    this.#reader?.close()
    await this.#database?.close()
  }
}
