/** The daemon as a process: its version, and what prom-client measures of Node. */

import { collectDefaultMetrics, type Registry } from 'prom-client'

import { createInstruments, type Definitions, type Scope } from './metric.ts'

export const PROCESS_METRICS = {
  build: {
    name: 'modosu_build_info',
    type: 'gauge',
    help: 'Always 1; its labels say what runs: the version of Modosu, of Node and of the SQLite that checks the databases.',
    labels: { version: 'build', node_version: 'build', sqlite_version: 'build' },
    birth: 'absent',
  },
} as const satisfies Definitions

/** Gauges of prom-client that end in _total, as only a counter may (`promtool check metrics`). */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const

export interface BuildInfo {
  readonly version: string
  readonly nodeVersion: string
  readonly sqliteVersion: string
}

/** Registers both; prom-client measures when the registry is read. */
export function registerProcessMetrics(scope: Scope, build: BuildInfo): void {
  const { build: gauge } = createInstruments(PROCESS_METRICS, scope)
  gauge.set({ version: build.version, node_version: build.nodeVersion, sqlite_version: build.sqliteVersion }, 1)
  registerNode(scope.register)
}

function registerNode(register: Registry): void {
  collectDefaultMetrics({ register })
  for (const name of MISNAMED) register.removeSingleMetric(name)
}
