/** What the routes of the API share, made once for all doors. */

import type { BackupIndex } from '../api/backup-index.ts'
import { RequestFeed } from '../api/request-feed.ts'
import { createInventories } from '../api/resources/inventories.ts'
import type { Clock } from '../domain/clock.ts'
import type { PruneKind } from '../domain/retention.ts'
import type { Target } from '../domain/target.ts'
import { survey } from '../retention/survey.ts'
import type { StateStore } from '../store/store.ts'
import { HealthChecks, type HealthCheck } from '../telemetry/health.ts'
import { DISK_MAX_AGE_MS } from '../telemetry/prometheus-telemetry.ts'
import type { DiskSampler } from '../telemetry/disk-sampler.ts'
import type { Configuration } from './configuration.ts'
import type { LiveTargets } from './live-targets.ts'
import { JOBS } from './upkeep.ts'

/** A probe that waits longer for an answer has given up. */
const READY_MS = 1000
const SAFETY: ReadonlySet<PruneKind> = new Set(['safety'])

export interface ApiSources {
  readonly store: StateStore
  readonly backups: BackupIndex
  readonly clock: Clock
  readonly targets: LiveTargets
  readonly configuration: () => Pick<Configuration, 'retention' | 'schedules'>
  readonly disk: DiskSampler
  /** Of /readyz; the list may change in place. */
  readonly readyz: readonly HealthCheck[]
}

export function apiParts({ store, backups, clock, targets, configuration, disk, readyz }: ApiSources) {
  const feed = new RequestFeed()
  store.onCommit((request) => {
    feed.committed(request)
  })
  const checks = new HealthChecks(readyz, READY_MS)
  const keepsSafety = async (target: Target) => {
    const options = {
      targets: [target],
      rules: configuration().retention,
      kinds: SAFETY,
      reader: store,
      nowMs: clock.nowMs(),
    }
    const { plan } = await survey(options)
    return new Map(plan.decisions.map((decision) => [decision.set.name, decision]))
  }
  const list = (): readonly Target[] => targets.list
  return {
    backups,
    feed,
    clock,
    targets: list,
    keepsSafety,
    disk: (target: string) => disk.latest(target, DISK_MAX_AGE_MS),
    scheduledJobs: () => JOBS.filter((job) => configuration().schedules[job] !== null),
    inventories: createInventories({ reader: store, targets: list, backups, clock, keepsSafety }),
    notReady: async () => {
      const verdicts = await checks.run()
      return verdicts.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]))
    },
  }
}
