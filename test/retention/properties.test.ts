import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import fc from 'fast-check'

import { compactTimestamp } from '../../src/domain/clock.ts'
import { BACKUP_TYPES } from '../../src/domain/resource.ts'
import { keyOfSet, type PrunableSet } from '../../src/domain/retention.ts'
import { findSets } from '../../src/retention/inventory.ts'
import { planPrune, type Pin } from '../../src/retention/policy.ts'
import { targetOf } from './target.ts'
import { aSet, backup, broken, input, NOW, RULES, safety } from './sets.ts'

const MINUTE_MS = 60_000

const ages = fc.integer({ min: -2 * 24 * 60, max: 900 * 24 * 60 }).map((minutes) => NOW - minutes * MINUTE_MS)
const extras = fc.record({
  target: fc.constantFrom('app', 'other'),
  good: fc.constantFrom(true, false, null),
  whole: fc.boolean(),
})

const anySet: fc.Arbitrary<PrunableSet> = fc.oneof(
  fc.tuple(ages, extras).map(([time, more]) => safety(time, more)),
  fc.tuple(ages, extras).map(([time, { target }]) => broken(time, { target })),
  fc.tuple(ages, extras).map(([time, { target }]) => aSet('displaced', `app.db.modosu-r.old`, time, { target })),
  fc
    .tuple(ages, extras, fc.constantFrom(...BACKUP_TYPES))
    .map(([time, more, type]) => backup(type, time, { ...more, folder: `/${more.target}/${type}` })),
)

const cases = fc.record({
  sets: fc.uniqueArray(anySet, { maxLength: 60, selector: (set) => `${set.target} ${keyOfSet(set)}` }),
  pinEvery: fc.integer({ min: 1, max: 5 }),
  seen: fc.boolean(),
  keepLast: fc.integer({ min: 1, max: 4 }),
  availableBytes: fc.integer({ min: 0, max: 3000 }),
})

it('never deletes what is pinned, the newest, the last good set, or what is younger than the minimum', () => {
  fc.assert(
    fc.property(cases, ({ sets, pinEvery, seen, keepLast, availableBytes }) => {
      const rules = { ...RULES, safetyBackups: { ...RULES.safetyBackups, keepLast, minFreeBytes: 2000 } }
      const pinned = new Set(sets.filter((_, index) => index % pinEvery === 0 && pinEvery > 1))
      const pin: Pin = { request: 'inc-1', why: 'needed' }
      const space = ['app', 'other'].map((target) => ({ target, dev: '1', availableBytes }))
      const plan = planPrune(
        input(sets, { rules, space, isAcknowledged: () => seen, pinOf: (set) => (pinned.has(set) ? pin : null) }),
      )
      const deleted = new Set(plan.decisions.filter(({ act }) => act === 'delete').map(({ set }) => set))
      assert.equal(plan.decisions.length, sets.length)
      for (const set of deleted) {
        assert.ok(!pinned.has(set), 'pinned')
        if (set.kind === 'safety') assert.ok(NOW - (set.createdAtMs ?? 0) >= RULES.safetyBackups.minAgeMs, 'too young')
        assert.notEqual(set.type, 'manual')
      }
      for (const target of ['app', 'other']) {
        const whole = sets.filter((set) => set.target === target && set.whole)
        keepsNewest(
          whole.filter(({ kind }) => kind === 'safety'),
          deleted,
          keepLast,
        )
        for (const type of BACKUP_TYPES)
          keepsNewest(
            whole.filter((set) => set.type === type),
            deleted,
            1,
          )
        for (const kind of ['safety', 'backups'] as const) {
          const good = whole.filter((set) => set.kind === kind && set.good === true)
          keepsNewest(good, deleted, 1)
        }
      }
    }),
    { numRuns: 500 },
  )
})

function keepsNewest(sets: readonly PrunableSet[], deleted: ReadonlySet<PrunableSet>, count: number): void {
  const times = sets.map(({ createdAtMs }) => createdAtMs ?? 0).sort((a, b) => b - a)
  const oldestKept = times[Math.min(count, times.length) - 1] ?? Infinity
  for (const set of sets) if ((set.createdAtMs ?? 0) > oldestKept) assert.ok(!deleted.has(set), 'one of the newest')
  const kept = sets.filter((set) => !deleted.has(set))
  assert.ok(kept.length >= Math.min(count, sets.length), 'too few are left')
}

const root = mkdtempSync(join(tmpdir(), 'modosu-find-'))
after(() => {
  rmSync(root, { recursive: true, force: true })
})

it("deletes, with no pins, exactly what the manual's find -mtime +14 lists, the newest aside", async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      // Half an hour from each whole day, for find reads the clock a moment later than we do.
      fc.uniqueArray(fc.integer({ min: 0, max: 24 * 40 }), { minLength: 1, maxLength: 40 }),
      async (hours) => {
        const backups = join(root, String((run += 1)))
        mkdirSync(backups)
        const nowMs = Date.now()
        for (const hour of hours) {
          const time = nowMs - hour * 3_600_000 - 30 * MINUTE_MS
          const path = join(backups, `restore_safety_${compactTimestamp(time)}.db`)
          writeFileSync(path, 'x')
          utimesSync(path, time / 1000, time / 1000)
        }
        const { stdout } = spawnSync('find', [backups, '-name', 'restore_safety_*.db', '-mtime', '+14'], {
          encoding: 'utf8',
        })
        const listed = stdout.split('\n').filter((line) => line !== '')
        const found = await findSets(targetOf({ backups }), new Set(['safety']))
        const sets = found.map((set) => ({ ...set, good: null }))
        const plan = planPrune(input(sets, { nowMs }))
        const gone = plan.decisions.filter(({ act }) => act === 'delete').map(({ set }) => join(set.folder, set.name))
        const newest = sets
          .map((set) => join(set.folder, set.name))
          .sort()
          .at(-1)
        assert.deepEqual(gone.sort(), listed.filter((path) => path !== newest).sort())
        assert.ok(!gone.includes(newest!))
        assert.equal(sets.length, hours.length)
      },
    ),
    { numRuns: 25 },
  )
})
