import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { PrunableSet, PrunePlan } from '../../src/domain/retention.ts'
import { deletableText, planPrune } from '../../src/retention/policy.ts'
import { aSet, backup, broken, DAY_MS, input, NOW, RULES, safety } from './sets.ts'

function going(plan: PrunePlan): string[] {
  return plan.decisions.filter(({ act }) => act === 'delete').map(({ set }) => set.name)
}

function whyOf(plan: PrunePlan, set: PrunableSet): string | undefined {
  return plan.decisions.find((decision) => decision.set === set)?.why
}

const days = (n: number): number => NOW - n * DAY_MS

describe('the plan for safety backups', () => {
  it('keeps at 13 days, deletes at 15, and keeps the newest at 400 (R75)', () => {
    for (const [age, gone] of [
      [13, false],
      [14, false],
      [14.99, false],
      [15, true],
      [400, true],
    ] as const) {
      const old = safety(days(age))
      assert.deepEqual(going(planPrune(input([old, safety(days(1))]))), gone ? [old.name] : [], `${age} days`)
    }
    assert.deepEqual(going(planPrune(input([safety(days(400))]))), [])
  })

  it('keeps the newest so many', () => {
    const rules = { ...RULES, safetyBackups: { ...RULES.safetyBackups, keepLast: 3 } }
    const sets = [100, 90, 80, 70].map((age) => safety(days(age)))
    assert.deepEqual(going(planPrune(input(sets, { rules }))), [sets[0]!.name])
  })

  it('keeps the newest that passed its checks beside one that could not be read', () => {
    const [good, older, raw] = [safety(days(40)), safety(days(50)), safety(days(30), { good: false })]
    const plan = planPrune(input([good, older, raw]))
    assert.deepEqual(going(plan), [older.name])
    assert.equal(whyOf(plan, good), 'the newest that passed its checks')
    assert.equal(whyOf(plan, raw), 'the newest')
  })

  it('says why each stays, and when age alone lets it go', () => {
    const [young, middle, pinned] = [safety(days(3)), safety(days(10)), safety(days(30))]
    const pin = { request: 'inc-1', why: 'the request inc-1 needs it (Pending)' }
    const plan = planPrune(input([young, middle, pinned], { pinOf: (set) => (set === pinned ? pin : null) }))
    assert.deepEqual(
      plan.decisions.map((decision) => [decision.act, decision.why, deletableText(decision)]),
      [
        ['keep', pin.why, 'pinned'],
        ['keep', 'not older than 14d', '2026-07-05 12:00Z'],
        ['keep', 'the newest', 'never'],
      ],
    )
  })

  it('deletes the rest of an unfinished copy after the minimum age, and never takes it for the newest', () => {
    const name = (age: number): string => `${safety(days(age)).name}.partial`
    const [rest, fresh] = [
      aSet('safety', name(8), days(8), { whole: false, good: false }),
      aSet('safety', name(2), days(2), { whole: false, good: false }),
    ]
    const whole = safety(days(90))
    const plan = planPrune(input([whole, rest, fresh]))
    assert.deepEqual(going(plan), [rest.name])
  })
})

describe('disk pressure', () => {
  const rules = { ...RULES, safetyBackups: { ...RULES.safetyBackups, minFreeBytes: 1000 } }
  const all = { rules, isAcknowledged: () => true }
  const space = (availableBytes: number) => [{ target: 'app', dev: '1', availableBytes }]

  it('lets the oldest go first, no more than needed, down to the minimum age and the newest', () => {
    const sets = [13, 12, 11, 8, 6].map((age) => safety(days(age)))
    assert.deepEqual(going(planPrune(input(sets, { ...all, space: space(1000) }))), [])
    assert.deepEqual(
      going(planPrune(input(sets, { ...all, space: space(850) }))),
      sets.slice(0, 2).map(({ name }) => name),
    )
    const plan = planPrune(input(sets, { ...all, space: space(0) }))
    assert.deepEqual(
      going(plan),
      sets.slice(0, 4).map(({ name }) => name),
    )
    assert.deepEqual([...plan.shortBytes], [['app', 600]])
  })

  it('spares what nobody has acknowledged, until its maximum age', () => {
    const [seen, unseen, old] = [safety(days(10)), safety(days(12)), safety(days(15))]
    const isAcknowledged = (set: PrunableSet): boolean => set === seen
    const plan = planPrune(input([seen, unseen, old, safety(days(1))], { rules, isAcknowledged, space: space(0) }))
    assert.deepEqual(going(plan), [old.name, seen.name])
  })

  it('counts what goes by age, and what other targets on the same file system free', () => {
    const mine = safety(days(10))
    const others = safety(days(12), { target: 'other' })
    const newest = [safety(days(1)), safety(days(1), { target: 'other' })]
    const shared = ['app', 'other'].map((target) => ({ target, dev: '1', availableBytes: 850 }))
    const sets = [mine, others, ...newest, broken(days(9))]
    assert.deepEqual(going(planPrune(input(sets, { ...all, space: shared }))), [sets[4]!.name, others.name])
  })

  it('frees nothing on a file system that has room', () => {
    const elsewhere = safety(days(10), { files: [{ name: 'x', sizeBytes: 9, dev: '2', ino: '1', mtimeNs: '0' }] })
    const plan = planPrune(input([elsewhere, safety(days(1))], { ...all, space: space(0) }))
    assert.deepEqual(going(plan), [])
  })
})

describe('the plan for what lies beside the database', () => {
  it('lets .broken files go after 7 days, dump copies and displaced originals after 14', () => {
    const sets = [7, 8].map((age) => broken(days(age)))
    const copies = [14, 15].map((age) => aSet('presqldump', `app.db.pre_sqldump_restore.${age}`, days(age)))
    const displaced = [14, 15].map((age) => aSet('displaced', `app.db.modosu-r${age}.old`, days(age)))
    assert.deepEqual(going(planPrune(input([...sets, ...copies, ...displaced]))), [
      displaced[1]!.name,
      sets[1]!.name,
      copies[1]!.name,
    ])
  })

  it('leaves a displaced original whose request nobody knows', () => {
    const set = aSet('displaced', 'app.db.modosu-inc-1.old', null)
    const plan = planPrune(input([set]))
    assert.deepEqual(going(plan), [])
    assert.match(whyOf(plan, set)!, /not known/)
  })

  it('decides nothing of a kind that was not asked for', () => {
    const plan = planPrune(input([broken(days(90)), safety(days(90))], { kinds: new Set(['safety']) }))
    assert.deepEqual(
      plan.decisions.map(({ set }) => set.kind),
      ['safety'],
    )
  })
})

describe('60 daily, 20 weekly, 30 monthly backups and 40 safety backups', () => {
  it('come to the plan of this table (R22)', () => {
    const daily = Array.from({ length: 60 }, (_, n) => backup('daily', days(n) - 1000))
    const weekly = Array.from({ length: 20 }, (_, n) => backup('weekly', days(7 * n) - 1000))
    const monthly = Array.from({ length: 30 }, (_, n) => backup('monthly', days(30 * n) - 1000))
    const safeties = Array.from({ length: 40 }, (_, n) => safety(days(n) - 1000))
    const plan = planPrune(input([...daily, ...weekly, ...monthly, ...safeties]))
    const table = [
      // The first that goes is the one that is older than the rule says by a whole day.
      { sets: daily, kept: 8, deleted: 52, newestDeleted: '2026-06-22' },
      { sets: weekly, kept: 5, deleted: 15, newestDeleted: '2026-05-26' },
      { sets: monthly, kept: 13, deleted: 17, newestDeleted: '2025-06-05' },
      { sets: safeties, kept: 15, deleted: 25, newestDeleted: '2026-06-15' },
    ]
    const deleted = new Set(going(plan))
    for (const { sets, ...expected } of table) {
      const gone = sets.filter(({ name }) => deleted.has(name))
      const newest = Math.max(...gone.map(({ createdAtMs }) => createdAtMs ?? 0))
      const found = {
        kept: sets.length - gone.length,
        deleted: gone.length,
        newestDeleted: new Date(newest).toISOString().slice(0, 10),
      }
      assert.deepEqual(found, expected, sets[0]!.name)
      assert.deepEqual(
        gone.map(({ name }) => name),
        sets.slice(found.kept).map(({ name }) => name),
      )
    }
    assert.equal(deleted.size, 52 + 15 + 17 + 25)
  })

  it('of which manual ones, the newest of a type and the last good one never go', () => {
    const manual = backup('manual', days(2000))
    const lonely = backup('monthly', days(900), { good: false })
    const [bad, good, older] = [
      backup('daily', days(100), { good: false }),
      backup('daily', days(110)),
      backup('daily', days(120)),
    ]
    const plan = planPrune(input([manual, lonely, bad, good, older]))
    assert.deepEqual(going(plan), [older.name])
    assert.equal(whyOf(plan, good), 'the newest that passed its checks')
    assert.equal(whyOf(plan, lonely), 'the newest monthly backup')
  })
})
