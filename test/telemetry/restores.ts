/** A real state store in a directory of its own, and restores that go through it to an end of choice. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

import type { Clock } from '../../src/domain/clock.ts'
import { isTerminal, TRANSITIONS, type Phase, type TerminalPhase } from '../../src/domain/phases.ts'
import type { EscalationLevel, Mode, Source } from '../../src/domain/resource.ts'
import type { Target } from '../../src/domain/target.ts'
import type { Change } from '../../src/store/change.ts'
import { openStateStore, type StateStore } from '../../src/store/store.ts'
import { DiskSampler } from '../../src/telemetry/disk-sampler.ts'
import type { OutboxStore } from '../../src/telemetry/outbox.ts'
import { PrometheusTelemetry } from '../../src/telemetry/prometheus-telemetry.ts'
import type { StateSource } from '../../src/telemetry/state-source.ts'

export class TestClock implements Clock {
  timeMs = Date.parse('2026-02-15T02:00:00.000Z')

  nowMs(): number {
    return this.timeMs
  }
}

export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'modosu-telemetry-'))
  after(() => {
    rmSync(directory, { recursive: true, force: true })
  })
  return directory
}

export interface TestStore {
  readonly directory: string
  readonly store: StateStore
  /** What telemetry reads of the store. */
  readonly source: StateSource & OutboxStore
  readonly clock: TestClock
  close(): void
}

/** Opens the state store of the directory, as a start of the daemon does; ends with the test file where nobody closes it. */
export function openTestStore(directory = scratchDirectory(), clock = new TestClock()): TestStore {
  mkdirSync(directory, { recursive: true })
  const store = openStateStore(directory, clock)
  const close = (): void => {
    store.close()
  }
  after(close)
  return { directory, store, source: store, clock, close }
}

export interface RestoreStory {
  readonly target?: string
  readonly mode?: Mode
  readonly source?: Source
  readonly end: TerminalPhase
  /** The phase that fails, or after which a drill or a dry run ends. */
  readonly at?: keyof typeof TRANSITIONS
  readonly seconds?: number
  readonly downtimeMs?: number
  readonly level?: EscalationLevel
}

export function createRequest(store: StateStore, name: string, story: Partial<RestoreStory> = {}): void {
  store.create({
    manifest: {
      metadata: { name, labels: {}, annotations: {} },
      spec: {
        target: story.target ?? 'itsm-nexus',
        source: story.source ?? { backupId: 'BKP-20260215-020015-daily' },
        confirm: true,
        backupCurrent: true,
        mode: story.mode ?? 'Restore',
        strategy: 'Replace',
        tables: [],
        servicePolicy: 'StopStart',
        suspend: false,
        activeDeadlineSeconds: 900,
        ttlSecondsAfterFinished: 2_592_000,
        approval: { required: 0 },
      },
    },
    specHash: name,
    origin: { kind: 'Spool', file: `${name}.yaml` },
    held: false,
    events: [],
  })
}

/** Takes a request from Pending to the end, each phase lasting a second of the clock. */
export function runRestore({ store, clock }: TestStore, name: string, story: RestoreStory): void {
  createRequest(store, name, story)
  const startMs = clock.timeMs
  for (let phase: Phase = 'Pending'; !isTerminal(phase);) {
    clock.timeMs += 1000
    const to = nextOf(phase, story)
    const ended = isTerminal(to)
    const change: Change = {
      from: phase,
      to,
      reason: ended ? story.end : 'Advanced',
      message: '',
      ...(phase === 'Quiescing' ? { interruptsAtMs: clock.timeMs } : {}),
      status: {
        startTime: new Date(startMs).toISOString(),
        ...(ended && story.seconds !== undefined ? { durationSeconds: story.seconds } : {}),
        ...(ended && story.downtimeMs !== undefined ? { downtimeMs: story.downtimeMs } : {}),
        ...(ended && story.level !== undefined ? { escalation: { level: story.level, acknowledged: false } } : {}),
      },
    }
    store.commit(name, change)
    phase = to
  }
}

function nextOf(phase: keyof typeof TRANSITIONS, { end, at }: RestoreStory): Phase {
  if (phase === 'RollingBack') return end
  if (phase !== (at ?? 'Resuming')) return TRANSITIONS[phase].next
  return TRANSITIONS[phase].onFailure === 'RollingBack' && end.startsWith('Roll') ? 'RollingBack' : end
}

export function testTarget(name: string, changes: Partial<Target> = {}): Target {
  return {
    name,
    database: `/nonexistent/${name}.db`,
    backups: { path: '/nonexistent/backups', stem: name, timezone: 'UTC', catalogTable: null, auditTable: null },
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
    ...changes,
  }
}

/** A directory with a database, a -wal and a backup directory, and the target that names them. */
export function targetOnDisk(directory: string, name: string, changes: Partial<Target> = {}): Target {
  const backups = join(directory, `${name}-backups`)
  mkdirSync(backups, { recursive: true })
  return testTarget(name, {
    database: join(directory, `${name}.db`),
    backups: { path: backups, stem: name, timezone: 'UTC', catalogTable: null, auditTable: null },
    ...changes,
  })
}

export function telemetryOf(
  { source, clock, store, directory }: TestStore,
  targets: readonly Target[] = [testTarget('itsm-nexus')],
  disk = new DiskSampler(targets, directory, source, clock),
): PrometheusTelemetry {
  const build = { version: '0.1.0', nodeVersion: process.version, sqliteVersion: '3.53.0' }
  const jobs = ['prune', 'verifyBackups', 'drill']
  const telemetry = new PrometheusTelemetry({ targets, jobs, source, disk, build, clock })
  store.onCommit((request, change) => {
    telemetry.requestCommitted(request, change)
  })
  return telemetry
}
