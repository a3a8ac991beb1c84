/** What the routes of the API share, made once for all doors. */

import type { BackupIndex } from '../api/backup-index.ts'
import { RequestFeed } from '../api/request-feed.ts'
import { createInventories } from '../api/resources/inventories.ts'
import type { Clock } from '../domain/clock.ts'
import type { PruneKind, RetentionRules } from '../domain/retention.ts'
import type { Target } from '../domain/target.ts'
import { survey } from '../retention/survey.ts'
import type { StateStore } from '../store/store.ts'
import { HealthChecks, type HealthCheck } from '../telemetry/health.ts'
import type { LiveTargets } from './live-targets.ts'

/** A probe that waits longer for an answer has given up. */
const READY_MS = 1000
const SAFETY: ReadonlySet<PruneKind> = new Set(['safety'])

export interface ApiSources {
  readonly store: StateStore
  readonly backups: BackupIndex
  readonly clock: Clock
  readonly targets: LiveTargets
  readonly retention: () => RetentionRules
  /** Of /readyz; the list may change in place. */
  readonly readyz: readonly HealthCheck[]
}

export function apiParts({ store, backups, clock, targets, retention, readyz }: ApiSources) {
  const feed = new RequestFeed()
  store.onCommit((request) => {
    feed.committed(request)
  })
  const checks = new HealthChecks(readyz, READY_MS)
  const keepsSafety = async (target: Target) => {
    const options = { targets: [target], rules: retention(), kinds: SAFETY, reader: store, nowMs: clock.nowMs() }
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
    inventories: createInventories({ reader: store, targets: list, backups, clock, keepsSafety }),
    notReady: async () => {
      const verdicts = await checks.run()
      return verdicts.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]))
    },
  }
}
