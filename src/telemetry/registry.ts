/** Every metric of the program's own, in the order of docs/metrics.md, which a test holds against this list. */

import { CATALOG_METRICS } from './catalog-metrics.ts'
import { CONFIGURATION_METRICS } from './configuration-metrics.ts'
import { DISK_METRICS } from './disk-metrics.ts'
import { DOOR_METRICS } from './door-metrics.ts'
import { LIMIT_METRICS } from './limit-metrics.ts'
import type { MetricDefinition } from './metric.ts'
import { OUTCOME_METRICS } from './outcome-metrics.ts'
import { PHASE_METRICS } from './phase-metrics.ts'
import { PROCESS_METRICS } from './process-metrics.ts'
import { RECONCILER_METRICS } from './reconciler-metrics.ts'
import { REQUEST_METRICS } from './request-metrics.ts'
import { SCHEDULE_METRICS } from './schedule-metrics.ts'
import { SPOOL_METRICS } from './spool-metrics.ts'

export const ALL_METRICS: readonly MetricDefinition[] = [
  REQUEST_METRICS,
  OUTCOME_METRICS,
  PHASE_METRICS,
  LIMIT_METRICS,
  CATALOG_METRICS,
  DISK_METRICS,
  SCHEDULE_METRICS,
  SPOOL_METRICS,
  RECONCILER_METRICS,
  DOOR_METRICS,
  CONFIGURATION_METRICS,
  PROCESS_METRICS,
].flatMap((area) => Object.values<MetricDefinition>(area))
