/**
 * The controller on real files and a real state store, in the test's own process: a test may act at any named point of a
 * restore, and needs no daemon to start.
 */

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Controller } from '../../src/controller/controller.ts'
import { createDatabaseOperations } from '../../src/database/client.ts'
import { isTerminal } from '../../src/domain/phases.ts'
import type { RestoreManifest } from '../../src/domain/resource.ts'
import { systemClock, type Clock } from '../../src/domain/clock.ts'
import type { Target } from '../../src/domain/target.ts'
import { createServiceOperations } from '../../src/service/service.ts'
import type { StoredRequest } from '../../src/store/rows.ts'
import { openStateStore, type StateStore } from '../../src/store/store.ts'
import { targetOf } from '../retention/target.ts'
import { collectedLog } from '../telemetry/collected-log.ts'
import { makeDatabase, type DatabaseShape } from './files.ts'

export const TESTER = { name: 'tester', via: 'socket' } as const

export class InProcess {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'modosu-controller-')))
  readonly database = join(this.root, 'live', 'app.db')
  readonly backups = join(this.root, 'backups')
  readonly state = join(this.root, 'state')
  readonly target: Target
  readonly log = collectedLog()
  /** What happens at a named point, each time that it is reached. */
  readonly at = new Map<string, () => void>()
  readonly store: StateStore
  readonly controller: Controller
  readonly #operations
  #listeners: (() => void)[] = []

  constructor(live: DatabaseShape, changes: Partial<Target> = {}, clock: Clock = systemClock) {
    for (const folder of ['live', 'backups', 'state']) mkdirSync(join(this.root, folder))
    makeDatabase(this.database, live)
    const target = { ...targetOf({ database: this.database, backups: this.backups }), ...changes }
    this.target = { ...target, rateLimit: { restores: 1000, windowMs: 3_600_000 } }
    const lockFile = join(this.state, 'children.lock')
    this.store = openStateStore(this.state, clock)
    this.store.onCommit(() => {
      for (const listener of this.#listeners) listener()
    })
    this.#operations = createDatabaseOperations({ lockFile })
    this.controller = new Controller({
      store: this.store,
      targets: new Map([[this.target.name, this.target]]),
      deps: {
        reader: this.store,
        database: this.#operations,
        service: createServiceOperations({ clock, baseEnvironment: { PATH: '/usr/bin:/bin' } }),
        clock,
        stateDir: this.state,
        reach: (point) => this.at.get(point)?.(),
      },
      clock,
      log: this.log,
      observer: {
        reconciled: () => undefined,
        depth: () => undefined,
        added: () => undefined,
        retried: () => undefined,
        started: () => undefined,
        finished: () => undefined,
      },
      maxConcurrent: () => 2,
      node: () => ({ name: 'here', labels: {} }),
      spoolPath: () => join(this.root, 'spool'),
      onFirstStart: 'Run',
    })
  }

  manifest(name: string, spec: Partial<RestoreManifest['spec']> = {}): RestoreManifest {
    return {
      metadata: { name, labels: {}, annotations: {} },
      spec: {
        target: this.target.name,
        source: { latest: {} },
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

  /** Submits a request and waits for its end. */
  async run(name: string, spec: Partial<RestoreManifest['spec']> = {}): Promise<StoredRequest> {
    this.controller.commands.submit(this.manifest(name, spec), TESTER)
    return this.ended(name)
  }

  async ended(name: string): Promise<StoredRequest> {
    return new Promise((resolve) => {
      const look = (): void => {
        const request = this.store.request(name)
        if (request === undefined || !isTerminal(request.phase)) return
        this.#listeners = this.#listeners.filter((each) => each !== look)
        resolve(request)
      }
      this.#listeners.push(look)
      look()
    })
  }

  async remove(): Promise<void> {
    await this.controller.stop()
    await this.#operations.close()
    this.store.close()
    rmSync(this.root, { recursive: true, force: true })
  }
}
