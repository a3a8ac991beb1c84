/** The stand-in for the application around an installation's database: its commands, its manners, and what it has acknowledged. */

import Database from 'better-sqlite3'
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { migrate } from './application/migrations.ts'
import { runningPid, type ApplicationSettings } from './application/settings.ts'
import { until, type Installation } from './installation.ts'
import { freePort } from './free-port.ts'

const PROGRAM = fileURLToPath(new URL('./application/application-stand-in.js', import.meta.url))

/** What a test may change between a stop and the next start. */
export type Manners = Partial<
  Pick<
    ApplicationSettings,
    'bootMs' | 'writers' | 'writeEveryMs' | 'refusesToStart' | 'ignoresSigterm' | 'crashesAfterMs'
  >
>

export class Application {
  readonly settingsFile: string
  readonly timezone: string
  #settings: ApplicationSettings

  private constructor(settingsFile: string, settings: ApplicationSettings, timezone: string) {
    this.settingsFile = settingsFile
    this.#settings = settings
    this.timezone = timezone
    this.behave({})
  }

  /**
   * Lays the application's database and settings into an installation that was made with `live: null`.
   *
   * @param timezone what the backup script's `date` goes by.
   */
  static async around(
    { folder, database, backups }: Installation,
    manners: Manners = {},
    timezone = 'Asia/Tokyo',
  ): Promise<Application> {
    const settings: ApplicationSettings = {
      database,
      backups,
      stem: 'app',
      port: await freePort(),
      pidFile: join(folder, 'application.pid'),
      acknowledged: join(folder, 'acknowledged.log'),
      logFile: join(folder, 'application.log'),
      bootMs: 300,
      writers: 1,
      writeEveryMs: 50,
      refusesToStart: false,
      ignoresSigterm: false,
      crashesAfterMs: null,
      ...manners,
    }
    const connection = new Database(database)
    connection.pragma('journal_mode = WAL')
    migrate(connection)
    connection.close()
    return new Application(join(folder, 'application.json'), settings, timezone)
  }

  get pid(): number | null {
    return runningPid(this.#settings.pidFile)
  }

  get pidFile(): string {
    return this.#settings.pidFile
  }

  get healthUrl(): string {
    return `http://127.0.0.1:${this.#settings.port}/health`
  }

  /** Holds from its next command on. */
  behave(manners: Manners): void {
    this.#settings = { ...this.#settings, ...manners }
    writeFileSync(this.settingsFile, JSON.stringify(this.#settings))
  }

  /** For `service.command` and hooks. */
  command(verb: string): string[] {
    return [process.execPath, PROGRAM, verb, this.settingsFile]
  }

  /** `service` and `healthCheck` of the target's configuration. */
  configuration(healthTimeout = '60s') {
    return {
      service: {
        command: { stop: this.command('stop'), start: this.command('start'), status: this.command('status') },
        startTimeout: '60s',
      },
      healthCheck: { url: this.healthUrl, timeout: healthTimeout },
    }
  }

  run(verb: string, ...more: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const [program = '', ...rest] = this.command(verb)
    return spawnSync(program, [...rest, ...more], { encoding: 'utf8', env: { ...process.env, TZ: this.timezone } })
  }

  /** @returns the path of the set's `.db`. */
  backup(type = 'daily'): string {
    const { status, stdout, stderr } = this.run('backup', type)
    if (status !== 0) throw new Error(`the backup script failed: ${stderr}`)
    return stdout.trim()
  }

  async ready(): Promise<void> {
    await until(
      () => this.isHealthy(),
      'find the application healthy',
      () => this.log(),
    )
  }

  async isHealthy(): Promise<boolean> {
    try {
      return (await fetch(this.healthUrl)).ok
    } catch {
      return false
    }
  }

  /** Waits until it has acknowledged so many writes more. */
  async wrote(more: number): Promise<void> {
    const before = this.acknowledged().length
    await until(
      () => this.acknowledged().length >= before + more,
      `see ${more} writes`,
      () => this.log(),
    )
  }

  acknowledged(): readonly string[] {
    const { acknowledged } = this.#settings
    return existsSync(acknowledged) ? readFileSync(acknowledged, 'utf8').split('\n').slice(0, -1) : []
  }

  log(): string {
    const { logFile } = this.#settings
    return existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''
  }

  /** Rows of a query on a copy of the database (or of another file), so that nothing changes. */
  rows(sql: string, path = this.#settings.database): readonly Readonly<Record<string, unknown>>[] {
    const copy = `${this.settingsFile}.looked-at`
    for (const suffix of ['', '-wal']) {
      rmSync(`${copy}${suffix}`, { force: true })
      if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
    }
    const connection = new Database(copy)
    try {
      return connection.prepare<[], Record<string, unknown>>(sql).all()
    } finally {
      connection.close()
    }
  }

  /** Ends it for good, whatever its manners. */
  remove(): void {
    this.run('crash')
  }
}
