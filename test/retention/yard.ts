/** A backup directory, a database and a state store in a temporary folder, and a pruner over them with a clock of its own. */

import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { compactTimestamp } from '../../src/domain/clock.ts'
import type { RestoreManifest } from '../../src/domain/resource.ts'
import { PRUNE_KINDS, type RetentionRules } from '../../src/domain/retention.ts'
import { Pruner } from '../../src/retention/pruner.ts'
import { survey } from '../../src/retention/survey.ts'
import type { Change } from '../../src/store/change.ts'
import { openStateStore } from '../../src/store/store.ts'
import { collectedLog } from '../telemetry/collected-log.ts'
import { DAY_MS, NOW, RULES } from './sets.ts'
import { targetOf } from './target.ts'

export class Yard {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'modosu-yard-')))
  readonly backups = join(this.root, 'backups')
  readonly database = join(this.root, 'live', 'app.db')
  nowMs = NOW
  readonly clock = { nowMs: () => this.nowMs }
  readonly log = collectedLog()
  readonly targets
  readonly target
  /** What happens at a named point. */
  readonly at = new Map<string, () => void>()
  readonly pruned: { kind: string; files: number; sizeBytes: number }[] = []
  readonly short: number[] = []
  readonly store
  readonly pruner
  readonly rules: RetentionRules

  /** @param others further targets, which keep their backups in the same directory. */
  constructor(rules: RetentionRules = RULES, others: readonly string[] = []) {
    this.rules = rules
    for (const folder of ['live', 'backups/daily', 'state']) mkdirSync(join(this.root, folder), { recursive: true })
    writeFileSync(this.database, 'live')
    const names = ['app', ...others]
    this.targets = names.map((name) => {
      const target = targetOf({ name, database: join(this.root, 'live', `${name}.db`), backups: this.backups })
      const sharedWith = names.filter((other) => other !== name)
      return { ...target, backups: { ...target.backups, stem: name, ...(others.length === 0 ? {} : { sharedWith }) } }
    })
    this.target = this.targets[0]!
    this.store = openStateStore(join(this.root, 'state'), this.clock)
    this.pruner = new Pruner({
      store: this.store,
      targets: this.targets,
      rules,
      telemetry: {
        pruned: (_target, kind, files, sizeBytes) => this.pruned.push({ kind, files, sizeBytes }),
        retentionShort: (_target, bytes) => this.short.push(bytes),
      },
      clock: this.clock,
      log: this.log,
      clockDoubt: () => null,
      reach: (point) => this.at.get(point)?.(),
    })
  }

  /** The name of a safety backup so many days old, with the given side files beside it. */
  safety(days: number, sides: readonly string[] = []): string {
    const name = `restore_safety_${compactTimestamp(this.nowMs - days * DAY_MS)}.db`
    for (const suffix of ['', ...sides]) writeFileSync(join(this.backups, `${name}${suffix}`), 'x'.repeat(10))
    return name
  }

  has(name: string): boolean {
    return existsSync(join(this.backups, name))
  }

  request(name: string, spec: Partial<RestoreManifest['spec']> = {}) {
    const manifest: RestoreManifest = {
      metadata: { name, labels: {}, annotations: {} },
      spec: {
        target: 'app',
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
    const origin = { kind: 'Api', client: 'test' } as const
    return this.store.create({ manifest, specHash: name, origin, held: false, events: [] })
  }

  /** Takes a request through phases; the last one carries the change. */
  walk(name: string, phases: readonly NonNullable<Change['to']>[], last: Partial<Change> = {}): void {
    phases.forEach((to, index) => {
      const from = this.store.request(name)!.phase
      const extra = index === phases.length - 1 ? last : {}
      this.store.commit(name, { from, to, reason: to, message: to, ...extra })
    })
  }

  prune(more: Partial<Parameters<Pruner['prune']>[0]> = {}) {
    return this.pruner.prune({ kinds: null, target: null, digest: null, actor: 'tester', ...more })
  }

  survey() {
    const { targets, rules, store: reader, nowMs } = this
    return survey({ targets, rules, kinds: new Set(PRUNE_KINDS), reader, nowMs })
  }

  close(): void {
    this.store.close()
    rmSync(this.root, { recursive: true, force: true })
  }
}
