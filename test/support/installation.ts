/** A whole installation in a temporary folder: configuration, spool, state, one target, and the daemon as a process of its own. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'

import { isTerminal } from '../../src/domain/phases.ts'
import { openStateReader } from '../../src/store/reader.ts'
import type { EventRecord, StoredRequest } from '../../src/store/rows.ts'
import { makeDatabase, type DatabaseShape } from './files.ts'

export const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
export const APPLICATION = fileURLToPath(new URL('../../../demo/application.mjs', import.meta.url))
const PATIENCE_MS = 180_000
const LOOK_MS = 25

type Json = Readonly<Record<string, unknown>>

export interface InstallationOptions {
  /** The live database; null: none. */
  readonly live?: DatabaseShape | null
  /** Merged over the target's configuration. */
  readonly target?: Json
  /** Merged over the whole configuration. */
  readonly configuration?: Json
  /** Further targets, by name. */
  readonly targets?: readonly Json[]
  /** Of the spool: how often it is read anew without being told to. */
  readonly resync?: string
  /** Where the folder is made, if not among the temporary ones. */
  readonly root?: string
  /** Added to the daemon's environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** The program to run, where it is not the one that was built. */
  readonly main?: string
}

export class Installation {
  readonly folder: string
  readonly database: string
  readonly backups: string
  readonly spool: string
  readonly state: string
  readonly configFile: string
  readonly logFile: string
  readonly #environment: Readonly<Record<string, string>>
  readonly #main: string
  #daemon: ChildProcess | undefined

  constructor(options: InstallationOptions = {}) {
    this.#environment = options.environment ?? {}
    this.#main = options.main ?? MAIN
    this.folder = mkdtempSync(join(options.root ?? tmpdir(), 'modosu-test-'))
    this.database = join(this.folder, 'app', 'app.db')
    this.backups = join(this.folder, 'app', 'backups')
    this.spool = join(this.folder, 'spool')
    this.state = join(this.folder, 'state')
    this.configFile = join(this.folder, 'modosu.yaml')
    this.logFile = join(this.folder, 'daemon.log')
    for (const folder of [join(this.folder, 'app'), this.backups, this.spool]) mkdirSync(folder, { recursive: true })
    writeFileSync(this.logFile, '')
    const live = options.live === undefined ? { rows: 100, uncheckpointed: true } : options.live
    if (live !== null) makeDatabase(this.database, live)
    this.configure(options)
  }

  configure(options: InstallationOptions): void {
    const target = {
      name: 'app',
      database: this.database,
      backups: { path: this.backups, stem: 'app', timezone: 'UTC', catalogTable: null, auditTable: null },
      ...options.target,
    }
    const configuration = {
      apiVersion: 'modosu.dev/v1',
      kind: 'Configuration',
      stateDir: this.state,
      spool: { path: this.spool, settle: '50ms', resync: options.resync ?? '1s', deleteGrace: '2s' },
      metrics: { listen: null },
      // Whatever the hour at which the tests run.
      schedules: { prune: null, verifyBackups: null, drill: null, verifyNewBackups: false },
      targets: [target, ...(options.targets ?? [])],
      ...options.configuration,
    }
    writeFileSync(this.configFile, stringify(configuration))
  }

  /** Starts the daemon and waits until it says that it is ready. */
  async start(prefix: readonly string[] = [], environment: Record<string, string> = {}): Promise<ChildProcess> {
    const before = this.log().length
    const log = openSync(this.logFile, 'a')
    const words = [
      ...prefix,
      process.execPath,
      this.#main,
      'daemon',
      '--config',
      this.configFile,
      '--insecure-permissions',
    ]
    const daemon = spawn(words[0] ?? process.execPath, words.slice(1), {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.#environment, ...environment },
    })
    closeSync(log)
    this.#daemon = daemon
    await until(
      () =>
        this.log().slice(before).includes('"msg":"ready"') || daemon.exitCode !== null || daemon.signalCode !== null,
      'get ready',
      () => this.log(),
    )
    const { exitCode, signalCode } = daemon
    if (exitCode !== null || signalCode !== null)
      throw new Error(`the daemon ended with ${exitCode ?? signalCode ?? ''}:\n${this.log().slice(before)}`)
    return daemon
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const daemon = this.#daemon
    if (daemon === undefined) return null
    this.#daemon = undefined
    if (daemon.exitCode !== null || daemon.signalCode !== null) return daemon.exitCode
    const ended = new Promise<number | null>((resolve) => {
      daemon.once('exit', resolve)
    })
    daemon.kill(signal)
    return ended
  }

  /** Drops a request into the spool in one rename, as a careful tool does. */
  drop(name: string, spec: Json, file = `${name}.yaml`, annotations: Json = {}): void {
    const request = {
      apiVersion: 'modosu.dev/v1',
      kind: 'RestoreRequest',
      metadata: { name, annotations },
      spec: { target: 'app', confirm: true, ...spec },
    }
    this.dropText(file, stringify(request))
  }

  dropText(file: string, text: string): void {
    const hidden = join(this.spool, `.${file}.tmp`)
    writeFileSync(hidden, text, { mode: 0o644 })
    renameSync(hidden, join(this.spool, file))
  }

  request(name: string): StoredRequest | undefined {
    const reader = openStateReader(this.state)
    try {
      return reader.request(name)
    } finally {
      reader.close()
    }
  }

  /** The events of a request, as they stand in the state store. */
  events(name: string): readonly EventRecord[] {
    const reader = openStateReader(this.state)
    try {
      return reader.events({ request: name })
    } finally {
      reader.close()
    }
  }

  async ended(name: string): Promise<StoredRequest> {
    return this.when(name, (request) => isTerminal(request.phase))
  }

  async when(name: string, is: (request: StoredRequest) => boolean): Promise<StoredRequest> {
    const found = () => {
      const request = this.request(name)
      return request !== undefined && is(request) ? request : undefined
    }
    await until(
      () => found() !== undefined,
      `see ${name} there; it is ${JSON.stringify(this.request(name)?.status)}`,
      () => this.log(),
    )
    return found() as StoredRequest
  }

  /** The state store is written first: a line of the log follows it, on a busy machine a while later. */
  async logged(text: string): Promise<void> {
    await until(
      () => this.log().includes(text),
      `read ${text}`,
      () => this.log(),
    )
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8')
  }

  cli(...args: readonly string[]) {
    const result = spawnSync(process.execPath, [MAIN, ...args, '--config', this.configFile], { encoding: 'utf8' })
    return { status: result.status, stdout: result.stdout, stderr: result.stderr }
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** @param what what was waited for, for the error; `context` is shown with it. */
export async function until(
  done: () => boolean | Promise<boolean>,
  what: string,
  context: () => string,
): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`waited in vain to ${what}\n${context().slice(-4000)}`)
    await delay(LOOK_MS)
  }
}
