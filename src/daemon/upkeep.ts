/** What the daemon does by the clock: pruning, verification of backups, drills. Wires the parts and says when each has its turn. */

import { join } from 'node:path'

import { verifySet } from '../api/backup-verification.ts'
import type { Controller } from '../controller/controller.ts'
import type { Reach } from '../controller/failpoints.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import type { Clock } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { isTerminal } from '../domain/phases.ts'
import { submitDrills } from '../retention/drill.ts'
import { watchPressure } from '../retention/pressure.ts'
import { Pruner, requireComplete, type PruneOrder, type PruneReport } from '../retention/pruner.ts'
import { Scheduler } from '../retention/scheduler.ts'
import { BackupVerifications } from '../retention/verification.ts'
import type { StateStore } from '../store/store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { CatalogObserver } from './catalog-observer.ts'
import type { Closers } from './closers.ts'
import type { Configuration } from './configuration.ts'

/** Names of the jobs, as the metrics and the configuration call them. */
export const JOBS = ['prune', 'verifyBackups', 'drill'] as const

export interface UpkeepParts {
  readonly configuration: Configuration
  readonly store: StateStore
  readonly controller: Controller
  readonly database: DatabaseOperations
  readonly catalog: CatalogObserver
  readonly telemetry: Telemetry
  readonly clock: Clock
  readonly log: Log
  readonly reach: Reach
}

export interface Upkeep {
  /** Ends what a crash left half deleted, and schedules. Returns at once. */
  start(): void
  prune(order: PruneOrder): Promise<PruneReport>
}

export function createUpkeep(parts: UpkeepParts, closers: Closers): Upkeep {
  const { configuration, store, telemetry, clock, log, reach } = parts
  const { targets, retention: rules } = configuration
  const pruner = new Pruner({ store, targets, rules, telemetry, clock, log, reach })
  const verifications = createVerifications(parts)
  const scheduler = createScheduler(parts, pruner, verifications)
  closers.add('the pruner', () => pruner.stop())
  store.onCommit((request, { to }) => {
    verifications.requestCommitted(request)
    if (to !== undefined && isTerminal(to) && request.spec.mode === 'Restore') scheduler.announce()
  })
  return {
    start: () => {
      void pruner.finishDeletions()
      scheduler.start()
      closers.add('the scheduler', () => scheduler.stop())
      const stopWatching = watchPressure({ targets, rules, pruner, telemetry, log })
      closers.add('the look at free space', stopWatching)
    },
    prune: (order) => {
      if (order.target === null || targets.some(({ name }) => name === order.target)) return pruner.prune(order)
      throw new RestoreError(`unknown target: ${order.target}`, { reason: 'NotFound', hint: 'modosu get targets' })
    },
  }
}

function createVerifications({ configuration, store, database, catalog, telemetry, clock, log }: UpkeepParts) {
  const { targets, schedules, stateDir } = configuration
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
  { configuration, store, controller, telemetry, clock, log }: UpkeepParts,
  pruner: Pruner,
  verifications: BackupVerifications,
): Scheduler {
  const { targets, schedules } = configuration
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
