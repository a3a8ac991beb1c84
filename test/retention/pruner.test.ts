import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import type { PhaseContext } from '../../src/controller/context.ts'
import { resolveSource } from '../../src/controller/source.ts'
import type { RestoreWork } from '../../src/domain/work.ts'
import { watchPressure } from '../../src/retention/pressure.ts'
import { digestOf } from '../../src/retention/survey.ts'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { RULES } from './sets.ts'
import { Yard } from './yard.ts'

let yard: Yard

beforeEach(() => {
  yard = new Yard()
})
afterEach(() => {
  yard.close()
})

const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name).sort()

describe('a prune', () => {
  it('deletes old sets as a whole, and records each before and after', async () => {
    const old = yard.safety(20, ['-wal', '-shm'])
    const [kept, newest] = [yard.safety(13), yard.safety(1)]
    const report = await yard.prune()
    assert.deepEqual(names(report.deleted), [old])
    assert.deepEqual(readdirSync(yard.backups).sort(), ['daily', kept, newest].sort())
    assert.equal(report.freedBytes, 30)
    assert.deepEqual(yard.pruned, [{ kind: 'safety', files: 3, sizeBytes: 30 }])
    const audit = yard.store.audit()
    assert.deepEqual(
      audit.map(({ operation, actor, status, backupId }) => [operation, actor, status, backupId]),
      [
        ['prune', 'tester', 'info', old],
        ['prune', 'tester', 'success', old],
      ],
    )
    assert.deepEqual(audit[0]?.details['files'], [
      { name: old, sizeBytes: 10 },
      { name: `${old}-wal`, sizeBytes: 10 },
      { name: `${old}-shm`, sizeBytes: 10 },
    ])
    assert.equal(verifyChain(audit).broken, null)
    assert.deepEqual(yard.store.upkeep.deletions(), [])
  })

  it('touches nothing that only looks like one of ours', async () => {
    const strangers = [
      'restore_safety_mine.db',
      'restore_safety_20260101.db',
      'restore_safety_20261301000000.db',
      'restore_safety_20260101000000.db.bak',
      'xrestore_safety_20260101000000.db',
      'restore_safety_20260101000000-copy.db',
    ]
    for (const name of strangers) writeFileSync(join(yard.backups, name), 'x')
    const beside = ['app.db.broken.note', 'other.db.broken.20260101_000000', 'app.db.broken.20260101_000000.txt']
    for (const name of beside) writeFileSync(join(yard.root, 'live', name), 'x')
    symlinkSync(yard.database, join(yard.backups, 'restore_safety_20260102000000.db'))
    mkdirSync(join(yard.backups, 'restore_safety_20260103000000.db'))
    yard.safety(1)
    const { deleted } = await yard.prune()
    assert.deepEqual(deleted, [])
    assert.ok(strangers.every((name) => yard.has(name)) && existsSync(yard.database))
  })

  it('lets .broken files go with their side files, and a displaced original only of a request that has ended', async () => {
    const live = join(yard.root, 'live')
    for (const name of ['app.db.broken.20260601_000000', 'app.db-wal.broken.20260601_000000']) {
      writeFileSync(join(live, name), 'x')
    }
    for (const request of ['inc-1', 'inc-2', 'nobody']) writeFileSync(join(live, `app.db.modosu-${request}.old`), 'x')
    const now = yard.nowMs
    yard.nowMs = Date.parse('2026-06-01T00:00:00Z')
    yard.request('inc-1')
    yard.walk('inc-1', ['Cancelled'])
    yard.request('inc-2')
    yard.nowMs = now
    yard.walk('inc-2', ['Preflight'])
    const { deleted } = await yard.prune()
    // inc-2 is not finished and began before the .broken file was made: both may be its.
    assert.deepEqual(names(deleted), ['app.db.modosu-inc-1.old'])
    yard.walk('inc-2', ['Failed'])
    assert.deepEqual(names((await yard.prune()).deleted), ['app.db.broken.20260601_000000'])
    assert.deepEqual(readdirSync(live).sort(), ['app.db', 'app.db.modosu-inc-2.old', 'app.db.modosu-nobody.old'])
  })

  it('deletes only what was confirmed', async () => {
    yard.safety(20)
    yard.safety(1)
    const { plan } = await yard.survey()
    const late = yard.safety(30)
    await assert.rejects(yard.prune({ digest: digestOf(plan) }), { reason: 'Conflict' })
    assert.ok(yard.has(late))
    assert.equal((await yard.prune({ digest: digestOf((await yard.survey()).plan) })).deleted.length, 2)
  })

  it('leaves what the configuration has turned off, unless a person names it, and backups even then', async () => {
    yard.close()
    const off = { enabled: false }
    yard = new Yard({
      ...RULES,
      safetyBackups: { ...RULES.safetyBackups, ...off },
      backups: { ...RULES.backups, ...off },
    })
    const old = yard.safety(20)
    yard.safety(1)
    for (const day of ['01', '02']) writeFileSync(join(yard.backups, 'daily', `app_daily_202601${day}_000000.db`), 'x')
    assert.deepEqual((await yard.prune()).deleted, [])
    assert.deepEqual(names((await yard.prune({ kinds: ['safety', 'backups'] })).deleted), [old])
  })

  it('follows no link that was put in the place of a folder, and says so', async () => {
    const old = yard.safety(20)
    yard.safety(1)
    const elsewhere = join(yard.root, 'elsewhere')
    yard.at.set('Prune.intended', () => {
      renameSync(yard.backups, elsewhere)
      symlinkSync(elsewhere, yard.backups)
    })
    const { failed } = await yard.prune()
    assert.equal(failed[0]?.name, old)
    assert.ok(existsSync(join(elsewhere, old)))
    assert.equal(yard.store.audit().at(-1)?.status, 'failure')
    assert.deepEqual(yard.store.upkeep.deletions(), [])
  })

  it('spares a set whose files were replaced since, and one whose keeper is gone', async () => {
    const [old, newest] = [yard.safety(20), yard.safety(1)]
    yard.at.set('Prune.planned', () => {
      rmSync(join(yard.backups, newest))
    })
    const { spared } = await yard.prune()
    assert.match(spared[0]?.why ?? '', new RegExp(`^${newest}, which was to stay in its place, is gone$`))
    assert.ok(yard.has(old))
  })
})

describe('pins', () => {
  const safetyNote = (name: string): RestoreWork => ({
    safety: { name, path: `/backups/${name}`, sha256: 'ab', raw: false, fingerprint: null, racy: false },
  })

  it('hold what a request that is not finished names, made, or may choose', async () => {
    const [named, made, free] = [yard.safety(20), yard.safety(21), yard.safety(22)]
    yard.safety(1)
    yard.request('rollback', { source: { safetyBackup: { name: named } }, suspend: true })
    yard.request('inc-1')
    yard.walk('inc-1', ['Preflight', 'SafetyBackup'], { work: safetyNote(made) })
    assert.deepEqual(names((await yard.prune()).deleted), [free])
    const { plan } = await yard.survey()
    const pins = new Map(plan.decisions.map(({ set, pinnedBy }) => [set.name, pinnedBy]))
    assert.deepEqual([pins.get(named), pins.get(made)], ['rollback', 'inc-1'])
  })

  it('hold what one that ended L2 needs until it is acknowledged', async () => {
    const made = yard.safety(20)
    yard.safety(1)
    yard.request('inc-1')
    const phases = [
      'Preflight',
      'SafetyBackup',
      'VerifyingChecksum',
      'VerifyingBackup',
      'Quiescing',
      'Swapping',
    ] as const
    const level = { level: 'L2', acknowledged: false } as const
    yard.walk('inc-1', [...phases, 'RollingBack', 'RolledBack'], {
      work: safetyNote(made),
      status: { escalation: level },
    })
    assert.deepEqual((await yard.prune()).deleted, [])
    yard.store.commit('inc-1', {
      from: 'RolledBack',
      reason: 'acknowledge',
      message: '',
      status: { escalation: { ...level, acknowledged: true } },
    })
    assert.deepEqual(names((await yard.prune()).deleted), [made])
  })

  it('hold every backup that source.latest may still choose', async () => {
    for (const day of ['01', '02', '03']) {
      writeFileSync(join(yard.backups, 'daily', `app_daily_202601${day}_000000.db`), 'x')
    }
    yard.request('inc-1', { source: { latest: { types: ['daily'], before: '2026-01-02T12:00:00Z' } } })
    assert.deepEqual((await yard.prune()).deleted, [])
    yard.walk('inc-1', ['Cancelled'])
    assert.equal((await yard.prune()).deleted.length, 2)
  })

  it('and a deletion cannot race: a request that comes between plan and deletion spares its file', async () => {
    const old = yard.safety(20)
    yard.safety(1)
    yard.at.set('Prune.planned', () => {
      yard.request('rollback', { source: { safetyBackup: { name: old } } })
    })
    const { spared, deleted } = await yard.prune()
    assert.deepEqual([deleted, spared.map(({ why }) => why)], [[], ['the request rollback needs it (Pending)']])
    assert.ok(yard.has(old))
  })

  it('and one that comes after the decision is refused, though the file still lies there', async () => {
    const old = yard.safety(20)
    yard.safety(1)
    let refusal: Promise<unknown> = Promise.resolve()
    yard.at.set('Prune.intended', () => {
      const request = yard.request('rollback', { source: { safetyBackup: { name: old } } })
      const context = {
        request,
        target: yard.target,
        work: {},
        deps: { reader: yard.store },
      } as unknown as PhaseContext
      assert.ok(yard.has(old))
      refusal = resolveSource(context).then(
        () => 'resolved',
        (error: unknown) => error,
      )
    })
    await yard.prune()
    assert.equal(((await refusal) as { reason?: string }).reason, 'BackupNotFound')
  })
})

describe('a deletion that was broken off', () => {
  it('is ended before anything else, whatever was left of the set', async () => {
    const old = yard.safety(20, ['-wal'])
    yard.safety(1)
    yard.at.set('Prune.removed.1', () => {
      throw new Error('the disk is gone')
    })
    const { failed } = await yard.prune()
    assert.deepEqual([yard.has(old), yard.has(`${old}-wal`), failed.length], [false, true, 1])
    assert.equal(yard.store.upkeep.deletions().length, 1)
    assert.equal((await yard.survey()).underWay.length, 1)
    yard.at.clear()
    await yard.pruner.finishDeletions()
    assert.deepEqual([yard.has(`${old}-wal`), yard.store.upkeep.deletions()], [false, []])
    const last = yard.store.audit().at(-1)
    assert.match(
      last?.message ?? '',
      /^deleted restore_safety_\d+\.db: older than 14d \(interrupted, finished later\)$/,
    )
  })

  it('leaves a file that has come into the place of one of its own', async () => {
    const old = yard.safety(20, ['-wal'])
    yard.safety(1)
    yard.at.set('Prune.removed.1', () => {
      throw new Error('the disk is gone')
    })
    await yard.prune()
    yard.at.clear()
    rmSync(join(yard.backups, `${old}-wal`))
    writeFileSync(join(yard.backups, 'other'), 'mine')
    writeFileSync(join(yard.backups, `${old}-wal`), 'mine')
    await yard.pruner.finishDeletions()
    assert.ok(yard.has(`${old}-wal`))
    assert.match(yard.store.audit().at(-1)?.message ?? '', /left alone, for they are other files by now/)
  })
})

describe('the look at free space', () => {
  it('prunes at once when it is short, and tells what cannot be had', async () => {
    yard.close()
    const minFreeBytes = Number.MAX_SAFE_INTEGER
    yard = new Yard({ ...RULES, safetyBackups: { ...RULES.safetyBackups, minFreeBytes } })
    const [seen, newest] = [yard.safety(10), yard.safety(1)]
    for (const name of [seen, newest]) {
      const request = `made-${name.slice(15, 29)}`
      yard.request(request)
      const safetyBackup = { name, path: join(yard.backups, name), sha256: 'ab', raw: false }
      yard.walk(request, ['Cancelled'], { safetyBackup })
    }
    const { target, rules, pruner, log } = yard
    const stop = watchPressure({
      targets: [target],
      rules,
      pruner,
      telemetry: { retentionShort: () => undefined },
      log,
    })
    const end = Date.now() + 30_000
    while (yard.has(seen) && Date.now() < end) await delay(20)
    stop()
    await pruner.stop()
    assert.deepEqual([yard.has(seen), yard.has(newest)], [false, true])
    assert.ok((yard.short.at(-1) ?? 0) > 0)
    assert.match(yard.store.audit().at(-1)?.message ?? '', /: free space is short: the oldest goes first$/)
  })
})
