/** What the daemon does by the clock: pruning, verification of backups, drills. Wires the parts and says when each has its turn. */

import { join } from 'node:path'

import { verifySet } from '../api/backup-verification.ts'
import type { BackupSet } from '../catalog/contract.ts'
import type { Controller } from '../controller/controller.ts'
import type { Reach } from '../controller/failpoints.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import type { Clock } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { isTerminal } from '../domain/phases.ts'
import type { Target } from '../domain/target.ts'
import { Expiry } from '../retention/expiry.ts'
import { submitDrills } from '../retention/drill.ts'
import { watchPressure } from '../retention/pressure.ts'
import { Pruner, requireComplete, type PruneOrder, type PruneReport } from '../retention/pruner.ts'
import { Scheduler } from '../retention/scheduler.ts'
import { BackupVerifications } from '../retention/verification.ts'
import type { Change } from '../store/change.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { StateStore } from '../store/store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { CatalogObserver } from './catalog-observer.ts'
import type { TimeKeeper } from './time-keeper.ts'
import type { Configuration } from './configuration.ts'

/** Names of the jobs, as the metrics and the configuration call them. */
export const JOBS = ['prune', 'verifyBackups', 'drill'] as const

export interface UpkeepParts extends Pick<Configuration, 'stateDir' | 'retention' | 'schedules'> {
  readonly targets: readonly Target[]
  readonly store: StateStore
  readonly controller: Controller
  readonly database: DatabaseOperations
  readonly catalog: CatalogObserver
  readonly telemetry: Telemetry
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'doubt' | 'trust'>
  readonly log: Log
  readonly reach: Reach
}

/** Made anew when targets, rules or schedules change: each of its parts takes them in when it is made. */
export class Upkeep {
  readonly #parts: UpkeepParts
  readonly #pruner: Pruner
  readonly #verifications: BackupVerifications
  readonly #scheduler: Scheduler
  readonly #expiry: Expiry
  readonly #stopping = new AbortController()
  /** The last arrival that is being checked, and with it those before. */
  #arrivals: Promise<void> = Promise.resolve()
  #stopWatching: () => void = () => undefined

  constructor(parts: UpkeepParts) {
    const { store, targets, retention: rules, telemetry, clock, time, log, reach } = parts
    this.#parts = parts
    const clockDoubt = (): string | null => time.doubt()
    this.#pruner = new Pruner({ store, targets, rules, telemetry, clock, clockDoubt, log, reach })
    this.#verifications = createVerifications(parts)
    this.#expiry = new Expiry({ store, clock, clockDoubt, log })
    this.#scheduler = createScheduler(parts, this.#pruner, this.#verifications)
  }

  /** Ends what a crash left half deleted, and schedules. Returns at once. */
  start(): void {
    const { targets, retention: rules, telemetry, log } = this.#parts
    void this.#pruner.finishDeletions()
    this.#scheduler.start()
    this.#expiry.start()
    this.#stopWatching = watchPressure({ targets, rules, pruner: this.#pruner, telemetry, log })
  }

  /** Resolves when nothing is deleted or verified any more. */
  async stop(): Promise<void> {
    this.#stopWatching()
    this.#stopping.abort()
    await this.#scheduler.stop()
    await this.#expiry.stop()
    await this.#arrivals
    await this.#pruner.stop()
  }

  /** After each commit of the state store. */
  committed(request: StoredRequest, { to }: Change): void {
    this.#verifications.requestCommitted(request)
    if (to !== undefined && isTerminal(to) && request.spec.mode === 'Restore') this.#scheduler.announce()
  }

  /** A backup has appeared. Returns at once. */
  arrived(target: Target, set: BackupSet): void {
    if (!this.#parts.schedules.verifyNewBackups || this.#stopping.signal.aborted) return
    this.#arrivals = this.#verifications.arrived(target, set, this.#stopping.signal)
  }

  /** @throws RestoreError `NotFound` for a target that is not configured. */
  async prune({ trustClock = false, ...order }: PruneOrder & { readonly trustClock?: boolean }): Promise<PruneReport> {
    const { targets, time, log } = this.#parts
    if (order.target === null || targets.some(({ name }) => name === order.target)) {
      if (trustClock) {
        log.warn(`${order.actor} vouches for the system clock`)
        time.trust()
      }
      return this.#pruner.prune(order)
    }
    throw new RestoreError(`unknown target: ${order.target}`, { reason: 'NotFound', hint: 'modosu get targets' })
  }
}

function createVerifications(parts: UpkeepParts): BackupVerifications {
  const { targets, schedules, stateDir, store, database, catalog, telemetry, clock, log } = parts
  const scratchDir = join(stateDir, 'scratch')
  const bytesPerSecond = schedules.verifyBytesPerSecond
  return new BackupVerifications({
    targets,
    store,
    list: (target, signal) => catalog.list(target, signal),
    verify: (target, set, signal) => verifySet(target, set, { database, clock, scratchDir, signal, bytesPerSecond }),
    telemetry,
    changed: (target) => {
      catalog.look(target)
    },
    clock,
    log,
  })
}

function createScheduler(
  { targets, schedules, store, controller, telemetry, clock, log }: UpkeepParts,
  pruner: Pruner,
  verifications: BackupVerifications,
): Scheduler {
  const work: Readonly<Record<(typeof JOBS)[number], (signal: AbortSignal) => Promise<void>>> = {
    prune: async (signal) => {
      requireComplete(await pruner.prune({ kinds: null, target: null, digest: null, actor: 'schedule', signal }))
    },
    verifyBackups: (signal) => verifications.run(signal),
    drill: () => {
      submitDrills({ targets, commands: controller.commands, reader: store, clock })
      return Promise.resolve()
    },
  }
  const jobs = JOBS.map((name) => ({ name, schedule: schedules[name], run: work[name] }))
  return new Scheduler({ jobs, timezone: schedules.timezone, store, telemetry, clock, log })
}
