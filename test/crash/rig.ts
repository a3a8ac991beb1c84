/** One installation that is struck again and again: the real daemon, its real children, and one database per run. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { isTerminal } from '../../src/domain/phases.ts'
import { waitForOrphans } from '../../src/sandbox/orphans.ts'
import { openStateReader } from '../../src/store/reader.ts'
import type { StoredRequest } from '../../src/store/rows.ts'
import { makeBackup } from '../support/files.ts'
import { Installation, type InstallationOptions } from '../support/installation.ts'
import { StartFiles, NEW_ROWS, type Start } from './starts.ts'
import type { Strike } from './strike.ts'
import { wordsOf } from './strike.ts'

const PRELOAD = fileURLToPath(new URL('../../../test/crash/preload.cjs', import.meta.url))
const PATIENCE_MS = 300_000
const LOOK_MS = 50
const WATCH_MS = 10
const ORPHANS_MS = 20_000

/** Whether the restored data pleases the smoke query: where it does not, everything is put back. */
export type Scenario = 'restore' | 'rollback'

export interface RigOptions {
  /** The program, where it is not the one that was built. */
  readonly main?: string
  /** A file system of its own. */
  readonly root?: string
  /** Whether part of the backup is in a `-wal`. */
  readonly backupWal?: boolean
}

/** More rows than any database here has. */
const TOO_MANY = 1000

/** @param min fewer rows than this in a restored database roll it back. */
function configurationWith(min: number): InstallationOptions {
  return {
    resync: '60s',
    target: {
      rateLimit: { restores: 1000, window: '1h' },
      smokeQueries: [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min }],
    },
  }
}

export class Rig {
  readonly installation: Installation
  readonly files: StartFiles
  readonly scenario: Scenario
  /** The file system of its own on which it lies, or null. */
  readonly root: string | null
  readonly #folder: string
  readonly #environment: Record<string, string> = {}
  #daemon: ChildProcess | undefined
  #tracer: ChildProcess | undefined
  #runs = 0

  constructor(start: Start, scenario: Scenario, { main, root, backupWal = true }: RigOptions = {}) {
    this.scenario = scenario
    const environment = this.#environment
    this.installation = new Installation({
      live: null,
      environment,
      ...(main === undefined ? {} : { main }),
      ...(root === undefined ? {} : { root }),
      ...configurationWith(scenario === 'rollback' ? TOO_MANY : 1),
    })
    const { folder, backups } = this.installation
    // Not beside the rest: a power cut takes that away.
    this.root = root ?? null
    this.#folder = mkdtempSync(join(tmpdir(), 'modosu-sweep-'))
    Object.assign(environment, {
      NODE_OPTIONS: `--require=${PRELOAD}`,
      MODOSU_SWEEP: this.#folder,
      UV_THREADPOOL_SIZE: '1',
    })
    const shape = backupWal ? { rows: NEW_ROWS, uncheckpointed: true } : { rows: NEW_ROWS, wal: false }
    const backup = makeBackup(backups, 'daily', '20260215_020015', shape)
    this.files = new StartFiles(start, join(folder, 'start'), backup)
  }

  get running(): boolean {
    return this.#daemon?.exitCode === null && this.#daemon.signalCode === null
  }

  get traceFile(): string {
    return join(this.#folder, 'trace')
  }

  async boot(prefix: readonly string[] = []): Promise<void> {
    writeFileSync(join(this.#folder, 'processes'), '')
    this.#daemon = await this.installation.start(prefix)
  }

  /** A start that may be struck before the daemon is ready. */
  async bootStruck(): Promise<void> {
    try {
      await this.boot()
    } catch (error) {
      if (this.struck() === null) throw error
      this.#daemon = undefined
    }
  }

  /** Has the daemon die at one of its own failpoints in its next restore; null: nowhere. */
  failAt(point: string | null): void {
    if (point === null) delete this.#environment['MODOSU_FAILPOINT']
    else this.#environment['MODOSU_FAILPOINT'] = `${point}=SIGKILL`
  }

  /** A fresh start's database and no safety backup; returns the name of the next request. */
  lay(): string {
    const { database, backups, folder } = this.installation
    const application = join(folder, 'app')
    for (const name of readdirSync(application)) {
      if (name.startsWith('app.db')) rmSync(join(application, name), { recursive: true })
    }
    for (const name of readdirSync(backups)) if (name.includes('restore_safety_')) rmSync(join(backups, name))
    for (const name of readdirSync(this.installation.spool)) rmSync(join(this.installation.spool, name))
    this.disarm()
    this.forgetOperations()
    this.files.lay(database)
    this.#runs += 1
    return `run-${this.#runs}`
  }

  submit(name: string): void {
    this.installation.drop(name, { source: { latest: {} } })
  }

  /** The strike takes effect from now on: at once in the daemon or at its next start, else when the operation begins. */
  async aim(strike: Strike, request: string, atStart = false): Promise<void> {
    rmSync(this.traceFile, { force: true })
    const words = wordsOf(strike, { request, folder: this.installation.folder, out: this.traceFile })
    const { operation, occurrence, thread } = strike
    if (operation !== 'daemon' || atStart) {
      writeFileSync(join(this.#folder, 'aim.json'), JSON.stringify({ operation, occurrence, thread, words, atStart }))
      return
    }
    const { pid, pool } = this.daemonThreads()
    const tid = thread === 'main' ? pid : pool
    this.#tracer = spawn('strace', [...words, '-p', String(tid)], { stdio: 'ignore' })
    const status = `/proc/${pid}/task/${tid}/status`
    await until(() => !/^TracerPid:\t0$/m.test(readFileSync(status, 'latin1')), 'see strace attached')
  }

  daemonThreads(): { readonly pid: number; readonly pool: number } {
    const lines = readFileSync(join(this.#folder, 'processes'), 'utf8').split('\n')
    const [, pid, pool] = lines.find((line) => line.startsWith('daemon '))?.split(' ') ?? []
    return { pid: Number(pid), pool: Number(pool) }
  }

  /** Lines of `role pid pool-thread` and of `operation pid`, as the preload wrote them. */
  processes(): { readonly processes: string[]; readonly operations: string[] } {
    const read = (name: string) => readFileSync(join(this.#folder, name), 'utf8').split('\n').filter(Boolean)
    return { processes: read('processes'), operations: read('operations') }
  }

  /** Does something with a daemon that every restored database pleases. */
  async withoutSmoke<T>(work: () => T): Promise<T> {
    if (this.scenario === 'restore') return work()
    await this.killDaemon()
    this.installation.configure(configurationWith(1))
    await this.boot()
    const result = work()
    await this.killDaemon()
    this.installation.configure(configurationWith(TOO_MANY))
    return result
  }

  /** Until the request has ended or the daemon is gone. */
  async settled(name: string): Promise<StoredRequest | 'gone'> {
    let found: StoredRequest | undefined
    await until(
      () => {
        if (!this.running) return true
        found = this.stored(name)
        return found !== undefined && isTerminal(found.phase)
      },
      `see ${name} end`,
      () => `${JSON.stringify(found?.status)}\n${this.installation.log().slice(-3000)}`,
    )
    return found !== undefined && isTerminal(found.phase) ? found : 'gone'
  }

  /**
   * Until the strike has had its effect: the daemon is gone, or the request has ended all the same. Where child and
   * daemon are to die together, the daemon is killed as soon as the child is seen struck.
   */
  async struckAndGone({ together = false }: Strike, name: string): Promise<void> {
    let watching = together
    const watch = async () => {
      while (watching) {
        if (this.struck() !== null) return this.killDaemon()
        await delay(WATCH_MS)
      }
    }
    const watcher = watch()
    await this.settled(name)
    watching = false
    await watcher
    await this.endTracer()
  }

  stored(name: string): StoredRequest | undefined {
    if (!existsSync(join(this.installation.state, 'modosu.db'))) return undefined
    const reader = openStateReader(this.installation.state)
    try {
      return reader.request(name)
    } finally {
      reader.close()
    }
  }

  /** Operations are counted from here. */
  forgetOperations(): void {
    writeFileSync(join(this.#folder, 'operations'), '')
  }

  /** The next start is not struck. */
  disarm(): void {
    rmSync(join(this.#folder, 'aim.json'), { force: true })
  }

  /** What strace said about the struck call; null where it was never made. */
  struck(): string | null {
    if (!existsSync(this.traceFile)) return null
    const lines = readFileSync(this.traceFile, 'latin1').split('\n')
    const injected = lines.find((line) => line.includes('(INJECTED)'))
    if (injected !== undefined) return injected
    const end = lines.findIndex((line) => line.includes('+++ killed by SIGKILL'))
    return end > 0 ? (lines[end - 1] ?? '') : null
  }

  /** When the daemon is gone and its children too: the files are what a power switch would have left to the kernel. */
  async childrenGone(): Promise<void> {
    await waitForOrphans(join(this.installation.state, 'children.lock'), ORPHANS_MS)
  }

  async endTracer(): Promise<void> {
    const tracer = this.#tracer
    this.#tracer = undefined
    if (tracer === undefined || tracer.exitCode !== null || tracer.signalCode !== null) return
    const gone = once(tracer, 'exit')
    tracer.kill('SIGTERM')
    await Promise.race([gone, delay(5000)])
  }

  async killDaemon(): Promise<void> {
    const daemon = this.#daemon
    if (daemon === undefined || !this.running) return
    const gone = once(daemon, 'exit')
    const { pid } = this.daemonThreads()
    if (pid > 0) process.kill(pid, 'SIGKILL')
    else daemon.kill('SIGKILL')
    await gone
  }

  async remove(): Promise<void> {
    await this.endTracer()
    await this.killDaemon()
    await this.installation.remove()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export async function until(done: () => boolean, what: string, context: () => string = () => ''): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!done()) {
    if (Date.now() > end) throw new Error(`waited in vain to ${what}\n${context()}`)
    await delay(LOOK_MS)
  }
}
