/** A configuration, a backup directory and a state store in a temporary folder, and the command line to look at them with. */

import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'

import type { Environment } from '../../src/cli/environment.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import { toRfc3339 } from '../../src/domain/clock.ts'
import type { RestoreManifest } from '../../src/domain/resource.ts'
import type { Change } from '../../src/store/change.ts'
import { openStateStore, type StateStore } from '../../src/store/store.ts'
import type { StoredRequest } from '../../src/store/rows.ts'
import { makeBackup, makeDatabase } from '../support/files.ts'

export const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))

export interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export class Workplace {
  readonly root = mkdtempSync(join(tmpdir(), 'modosu-cli-'))
  readonly config = join(this.root, 'modosu.yaml')
  readonly stateDir = join(this.root, 'state')
  readonly backups = join(this.root, 'backups')
  readonly database = join(this.root, 'live', 'app.db')
  readonly socket = join(this.stateDir, 'api.sock')
  /** What the store's clock says, in milliseconds; a test moves it. */
  nowMs = Date.parse('2026-02-15T15:05:30.000Z')
  #store: StateStore | undefined

  constructor() {
    for (const folder of [this.stateDir, this.backups, join(this.root, 'live'), join(this.root, 'spool')]) {
      mkdirSync(folder, { recursive: true })
    }
    chmodSync(this.root, 0o755)
    writeFileSync(
      this.config,
      stringify({
        apiVersion: 'modosu.dev/v1',
        kind: 'Configuration',
        stateDir: 'state',
        spool: { path: 'spool' },
        metrics: { listen: null },
        targets: [{ name: 'shop', database: 'live/app.db', backups: { path: 'backups', stem: 'app' } }],
      }),
    )
  }

  /** The state store, written as the daemon would; opened when first asked for. */
  get store(): StateStore {
    this.#store ??= openStateStore(this.stateDir, { nowMs: () => this.nowMs })
    return this.#store
  }

  live(rows = 10): void {
    makeDatabase(this.database, { rows })
  }

  /** @returns the path of the set's `.db`. */
  backup(type: string, digits: string, rows = 10): string {
    return makeBackup(this.backups, type, digits, { rows })
  }

  request(name: string, spec: Partial<RestoreManifest['spec']> = {}): StoredRequest {
    return this.store.create({
      manifest: manifest(name, spec),
      specHash: 'a'.repeat(64),
      origin: { kind: 'Spool', file: `${name}.yaml` },
      held: false,
      events: [{ type: 'Normal', reason: 'Received', message: `from file ${name}.yaml` }],
    })
  }

  /** Takes a request through the given phases, each a second after the one before. */
  walk(name: string, phases: readonly Change['to'][], last: Partial<Change> = {}): StoredRequest {
    phases.forEach((to, index) => {
      this.nowMs += 1000
      const from = this.store.request(name)!.phase
      const extra = index === phases.length - 1 ? last : {}
      this.store.commit(name, { from, to: to!, reason: to!, message: `now ${to!}`, ...extra })
    })
    return this.store.request(name)!
  }

  now(): string {
    return toRfc3339(this.nowMs)
  }

  /** Runs a command line in this process. */
  async run(
    words: readonly string[],
    options: { stdin?: string; environment?: Partial<Environment>; terminal?: boolean } = {},
  ): Promise<Result> {
    const stdout = new PassThrough()
    const stderr = Object.assign(new PassThrough(), { isTTY: options.terminal ?? false })
    const stdin = Object.assign(new PassThrough(), { isTTY: options.terminal ?? false })
    stdin.end(options.stdin ?? '')
    const told = Promise.all([text(stdout), text(stderr)])
    const code = await runCommandLine(
      words,
      // A pipe is all that a command may ask of its input.
      { stdin: stdin as unknown as NodeJS.ReadStream, stdout, stderr },
      { ...this.environment(), ...options.environment },
    )
    stdout.end()
    stderr.end()
    const [out, err] = await told
    return { code, stdout: out, stderr: err }
  }

  environment(): Environment {
    return {
      configPath: this.config,
      configChosen: true,
      noColor: true,
      dumbTerminal: false,
      debug: false,
      login: 'ops-oncall',
      temporaryDirectory: this.root,
      variables: {},
    }
  }

  /** Runs the program itself. */
  spawn(words: readonly string[], options: { uid?: number; variables?: NodeJS.ProcessEnv } = {}) {
    const child = spawn(process.execPath, [MAIN, ...words], {
      env: { ...process.env, MODOSU_CONFIG: this.config, ...options.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    })
    const result = Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number>((resolve) =>
        child.once('close', (code) => {
          resolve(code ?? -1)
        }),
      ),
    ]).then(([stdout, stderr, code]): Result => ({ code, stdout, stderr }))
    return { child, result }
  }

  close(): void {
    this.#store?.close()
    rmSync(this.root, { recursive: true, force: true })
  }
}

export function manifest(name: string, spec: Partial<RestoreManifest['spec']> = {}): RestoreManifest {
  return {
    metadata: { name, labels: {}, annotations: {} },
    spec: {
      target: 'shop',
      source: { backupId: 'BKP-20260215-020015-daily' },
      confirm: true,
      backupCurrent: true,
      mode: 'Restore',
      strategy: 'Replace',
      tables: [],
      servicePolicy: 'StopStart',
      suspend: false,
      activeDeadlineSeconds: 900,
      ttlSecondsAfterFinished: 2_592_000,
      approval: { required: 0 },
      ...spec,
    },
  }
}

/** The request as a file would hold it. */
export function manifestYaml(name: string, spec: Partial<RestoreManifest['spec']> = {}): string {
  const { metadata, spec: all } = manifest(name, spec)
  return stringify({
    apiVersion: 'modosu.dev/v1',
    kind: 'RestoreRequest',
    metadata: { name: metadata.name },
    spec: all,
  })
}
