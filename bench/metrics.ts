/**
 * What a scrape costs, and what the start costs, with a history of many restores. A scrape must stay far below the 50 ms
 * in which the event loop has to answer, however long the history is.
 */

import Database from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bench } from 'tinybench'

import { systemClock } from '../src/domain/clock.ts'
import { ACTIVE_PHASES } from '../src/domain/phases.ts'
import type { Target } from '../src/domain/target.ts'
import { stateStorePath } from '../src/store/reader.ts'
import { openStateStore, type StateStore } from '../src/store/store.ts'
import { DiskSampler } from '../src/telemetry/disk-sampler.ts'
import { PrometheusTelemetry } from '../src/telemetry/prometheus-telemetry.ts'

export interface MetricsFigures {
  readonly restores: number
  readonly targets: number
  readonly startMs: number
  readonly scrapeMs: number
  readonly scrapeP99Ms: number
  readonly scrapeBytes: number
}

/** Measures with a history of `restores` restores spread over `targets` targets. */
export async function measureMetrics(restores: number, targets: number): Promise<MetricsFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'modosu-bench-'))
  const store = openStateStore(directory, systemClock)
  try {
    const names = Array.from({ length: targets }, (_, index) => `target-${index}`)
    writeHistory(directory, names, restores)
    const before = performance.now()
    const telemetry = telemetryOf(store, names, directory)
    const startMs = performance.now() - before
    const bench = new Bench({ time: 2000, warmupTime: 200 })
    bench.add('scrape', () => telemetry.render())
    const [task] = await bench.run()
    const latency = task?.result.state === 'completed' ? task.result.latency : undefined
    return {
      restores,
      targets,
      startMs,
      scrapeMs: latency?.p50 ?? Number.NaN,
      scrapeP99Ms: latency?.p99 ?? Number.NaN,
      scrapeBytes: Buffer.byteLength(await telemetry.render()),
    }
  } finally {
    store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

function telemetryOf(store: StateStore, names: readonly string[], stateDir: string): PrometheusTelemetry {
  const targets = names.map((name) => targetOf(name, stateDir))
  return new PrometheusTelemetry({
    targets,
    jobs: ['prune', 'verifyBackups', 'drill'],
    source: store,
    disk: new DiskSampler(targets, stateDir, store, systemClock),
    build: { version: 'bench', nodeVersion: process.version, sqliteVersion: 'bench' },
    clock: systemClock,
  })
}

/** Straight into the tables: committing so many restores one by one would take minutes. */
function writeHistory(directory: string, targets: readonly string[], restores: number): void {
  const database = new Database(stateStorePath(directory))
  const outcome = database.prepare(
    `INSERT INTO outcomes (uid, generation, request, target, source, mode, result, reason, duration_ms, downtime_ms, at)
      VALUES (?, 1, ?, ?, 'backupId', 'Restore', 'Succeeded', 'Succeeded', 8000, 4, ?)`,
  )
  const transition = database.prepare(
    `INSERT INTO transitions (request, uid, from_phase, to_phase, reason, message, at) VALUES (?, ?, ?, ?, 'r', 'm', ?)`,
  )
  const request = database.prepare(
    `INSERT INTO requests (name, uid, target, phase, generation, origin, labels, annotations, spec, spec_hash, status, work,
      held, suspended, approvals, attempts, created_at)
      VALUES (?, ?, ?, 'Succeeded', 1, '{}', '{}', '{}', ?, 'h', ?, '{}', 0, 0, '[]', 0, ?)`,
  )
  const phases = [...ACTIVE_PHASES.filter((phase) => phase !== 'RollingBack'), 'Succeeded']
  const escalation = { level: 'L1', acknowledged: true }
  const write = database.transaction(() => {
    for (let index = 0; index < restores; index += 1) {
      const target = targets[index % targets.length] ?? ''
      const [name, uid, at] = [`restore-${index}`, `uid-${index}`, new Date(index * 60_000).toISOString()]
      request.run(name, uid, target, JSON.stringify({ target, mode: 'Restore' }), JSON.stringify({ escalation }), at)
      phases.forEach((phase, step) => transition.run(name, uid, phases[step - 1] ?? null, phase, at))
      outcome.run(uid, name, target, at)
    }
  })
  write()
  database.close()
}

function targetOf(name: string, directory: string): Target {
  return {
    name,
    database: join(directory, `${name}.db`),
    backups: { path: directory, stem: name, timezone: 'UTC', catalogTable: null, auditTable: null },
    service: null,
    healthCheck: null,
    smokeQueries: [],
    hooks: { preRestore: [], postRestore: [], onFailure: [] },
    verification: {
      afterSwap: 'full',
      requireChecksum: false,
      foreignKeys: 'warn',
      checkTimeoutMs: null,
      allowUnverifiable: false,
    },
    rateLimit: { restores: 3, windowMs: 3_600_000 },
    rtoMs: 900_000,
    notifications: [],
  }
}
