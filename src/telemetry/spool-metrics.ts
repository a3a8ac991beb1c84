/** The spool directory, as its scans find it. */

import { createInstruments, type Definitions, type Instruments, type Scope } from './metric.ts'
import { SPOOL_STATES, type SpoolState, type SpoolTelemetry } from './telemetry.ts'

export const SPOOL_METRICS = {
  files: {
    name: 'modosu_spool_files',
    type: 'gauge',
    help: "Files in the spool at the last scan. rejected: not readable as a request, see STATE/status/_rejected. elsewhere: for other nodes, left alone. ignored: not a file of requests, such as an editor's backup.",
    labels: { state: SPOOL_STATES },
    birth: 'zero',
  },
  lastScan: {
    name: 'modosu_spool_last_scan_timestamp_seconds',
    type: 'gauge',
    help: 'When the spool was last read as a whole. Older than a few resync periods (60 s): requests are not seen. Absent until the first scan.',
    labels: {},
    birth: 'absent',
  },
  scanErrors: {
    name: 'modosu_spool_scan_errors_total',
    type: 'counter',
    help: 'Scans of the spool that failed since the daemon started: the directory is gone, or not readable.',
    labels: {},
    birth: 'zero',
  },
} as const satisfies Definitions

export class SpoolMetrics implements SpoolTelemetry {
  readonly #instruments: Instruments<typeof SPOOL_METRICS>

  constructor(scope: Scope) {
    this.#instruments = createInstruments(SPOOL_METRICS, scope)
  }

  spoolScanned(files: Readonly<Record<SpoolState, number>>, atMs: number): void {
    for (const state of SPOOL_STATES) this.#instruments.files.set({ state }, files[state])
    this.#instruments.lastScan.set(atMs / 1000)
  }

  spoolScanFailed(): void {
    this.#instruments.scanErrors.inc()
  }
}
