import assert from 'node:assert/strict'
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { beside, contentHash, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup, makeDatabase, sha256, writeChecksums } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

describe('a request dropped into the spool', () => {
  const installation = new Installation({
    live: { rows: 180, uncheckpointed: true },
    target: { rateLimit: { restores: 100, window: '1h' } },
  })
  const { database, backups } = installation

  before(async () => {
    makeBackup(backups, 'weekly', '20260209_030012', { rows: 30, uncheckpointed: true })
    makeBackup(backups, 'daily', '20260214_020014', { rows: 120, uncheckpointed: true })
    makeBackup(backups, 'daily', '20260215_020015', { rows: 150 })
    await installation.start()
  })
  after(() => installation.remove())

  it('restores the whole set, its -wal included, and leaves nothing beside the database', async () => {
    chmodSync(database, 0o640)
    if (process.getuid?.() === 0) chownSync(database, 12345, 23456)
    const owner = statSync(database)
    installation.drop('weekly', { source: { backupId: 'BKP-20260209-030012-weekly' } })
    const request = await installation.ended('weekly')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(countRows(database), 30)
    assert.deepEqual(beside(database), [])
    const now = statSync(database)
    assert.deepEqual([now.uid, now.gid, now.mode], [owner.uid, owner.gid, owner.mode])
  })

  it('keeps every commit of the replaced database in a safety backup that opens alone', () => {
    const [safety] = safetyBackups(backups)
    assert.match(basename(safety ?? ''), /^restore_safety_\d{14}\.db$/)
    assert.equal(safetyBackups(backups).length, 1)
    assert.equal(countRows(safety ?? ''), 180)
  })

  it('says so in conditions, checks, events, audit and the status file', async () => {
    const request = installation.request('weekly')
    const conditions = new Map(request?.status.conditions.map(({ type, status }) => [type, status]))
    for (const type of [
      'Accepted',
      'PreflightPassed',
      'SafetyBackupTaken',
      'BackupVerified',
      'Swapped',
      'RestoredVerified',
      'Succeeded',
    ] as const) {
      assert.equal(conditions.get(type), 'True', type)
    }
    assert.equal(conditions.has('Reconciling'), false)
    assert.deepEqual(request?.status.escalation, { level: 'L1', acknowledged: false })
    // The mirror follows the store; whoever reads the store first may be a moment early.
    const mirror = () => readFileSync(join(installation.state, 'status', 'weekly.yaml'), 'utf8')
    for (let looks = 0; looks < 200 && !mirror().includes('phase: Succeeded'); looks += 1) await delay(50)
    assert.match(mirror(), /phase: Succeeded/)
    const audit = installation.cli('get', 'audit', '-o', 'json')
    assert.match(audit.stdout, /"operation": ?"restore"/)
    for (const line of [
      '[1/5] 安全バックアップを作成中...',
      '[5/5] 復元後の整合性チェック中...',
      'Restore completed successfully',
    ]) {
      assert.ok(installation.log().includes(line), line)
    }
  })

  it('runs the phases in the order of the table', () => {
    const events = installation.cli('get', 'request', 'weekly', '-o', 'json')
    assert.equal(events.status, 0)
    const order = [...installation.log().matchAll(/\[([1-5])\/5\]/g)].map((match) => match[1]).join('')
    assert.ok(order.startsWith('12345'), order)
  })

  it('accepts the id in the spelling without the inner hyphen', async () => {
    installation.drop('daily', { source: { backupId: 'BKP-20260214020014-daily' } })
    const request = await installation.ended('daily')
    assert.equal(request.phase, 'Succeeded')
    assert.equal(request.status.resolvedBackup?.backupId, 'BKP-20260214-020014-daily')
    assert.equal(countRows(database), 120)
  })

  it('takes the newest set that passes every check as the latest one', async () => {
    const corrupt = makeBackup(backups, 'daily', '20260216_020016', { rows: 160 })
    damagePage(corrupt)
    writeChecksums(corrupt)
    installation.drop('latest', { source: { latest: {} } })
    const request = await installation.ended('latest')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(request.status.resolvedBackup?.backupId, 'BKP-20260215-020015-daily')
    assert.equal(countRows(database), 150)
  })

  it('restores a safety backup, and what it replaced is a safety backup in its turn', async () => {
    const [oldest] = safetyBackups(backups)
    installation.drop('back', { source: { safetyBackup: { name: basename(oldest ?? '') } } })
    const request = await installation.ended('back')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(countRows(database), 180)
    assert.deepEqual(beside(database), [])
    assert.equal(countRows(request.status.safetyBackup?.path ?? ''), 150)
  })

  it('makes the plan only, in a dry run', async () => {
    const before = contentHash(database)
    installation.drop('dry', { source: { backupId: 'BKP-20260214-020014-daily' }, mode: 'DryRun' })
    const request = await installation.ended('dry')
    assert.equal(request.phase, 'Succeeded')
    assert.ok((request.status.plan ?? []).length > 5)
    assert.deepEqual(
      request.status.checks.map(({ name, result }) => [name, result]),
      [['integrity', 'pass']],
    )
    const [loss] = request.status.dataLoss?.tables ?? []
    assert.deepEqual([loss?.table, loss?.current], ['incidents', countRows(database)])
    const { current, restored, vanishing, returning, changed } = loss ?? {}
    assert.equal(typeof changed, 'number')
    assert.equal(Number(current) - Number(vanishing), Number(restored) - Number(returning))
    const scratch = readdirSync(join(installation.state, 'scratch'))
    assert.deepEqual(
      scratch.filter((name) => name.startsWith('dry')),
      [],
    )
    assert.equal(contentHash(database), before)
  })

  it('restores to scratch, checks and deletes, in a drill', async () => {
    const before = contentHash(database)
    const safetyBefore = safetyBackups(backups).length
    installation.drop('drill', { source: { backupId: 'BKP-20260214-020014-daily' }, mode: 'Drill' })
    const request = await installation.ended('drill')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(contentHash(database), before)
    assert.equal(safetyBackups(backups).length, safetyBefore)
    assert.equal(existsSync(join(installation.state, 'scratch', 'drill.new')), false)
  })

  it('replaces a database that SQLite cannot read, keeping all of its files', async () => {
    writeFileSync(database, Buffer.alloc(20_000, 7))
    const wrecked = sha256(database)
    installation.drop('wrecked', { source: { backupId: 'BKP-20260215-020015-daily' } })
    const request = await installation.ended('wrecked')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(countRows(database), 150)
    assert.equal(request.status.safetyBackup?.raw, true)
    const broken = beside(database).map((name) => sha256(join(database, '..', name)))
    assert.ok(broken.includes(wrecked))
  })
})

describe('a target without a database', () => {
  const installation = new Installation({ live: null })
  after(() => installation.remove())

  it('gets one', async () => {
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 15, uncheckpointed: true })
    await installation.start()
    installation.drop('first', { source: { latest: {} } })
    const request = await installation.ended('first')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(countRows(installation.database), 15)
    assert.deepEqual(beside(installation.database), [])
  })
})

describe('a database in rollback-journal mode', () => {
  const installation = new Installation({ live: { rows: 44, wal: false } })
  after(() => installation.remove())

  it('is restored without a safety backup where the request waives it', async () => {
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 15, wal: false })
    await installation.start()
    installation.drop('waived', { source: { latest: {} }, backupCurrent: false })
    const request = await installation.ended('waived')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(countRows(installation.database), 15)
    assert.deepEqual(safetyBackups(installation.backups), [])
    assert.deepEqual(beside(installation.database), [])
  })

  it('is restored after a hot journal was left by a crash', async () => {
    makeDatabase(installation.database, { rows: 44, wal: false })
    installation.drop('again', { source: { latest: {} } })
    assert.equal((await installation.ended('again')).phase, 'Succeeded')
  })
})

/** Overwrites a page of the table's content: integrity_check finds it. */
function damagePage(path: string): void {
  const bytes = readFileSync(path)
  bytes.fill(0xaa, 8192, 12_288)
  writeFileSync(path, bytes)
}
