import assert from 'node:assert/strict'
import { renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { beside, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup, makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

/** The whole list is swept by `npm run test:crash`; a sample of it, both sides of the swap among them, is part of the tests. */
const FULL = process.env['MODOSU_CRASH_FULL'] === '1'

const SAMPLE: Readonly<Record<string, readonly string[]>> = {
  SIGKILL: ['Swapping.renamed'],
  SIGTERM: ['Swapping.noted'],
}

/** Every phase at its begin and end, and each point inside the phases that change something. */
const ALL = [
  ...['Preflight', 'SafetyBackup', 'VerifyingChecksum', 'VerifyingBackup', 'Quiescing', 'Swapping'],
  ...['VerifyingRestored', 'Resuming'],
]
  .flatMap((phase) => [`${phase}.begin`, `${phase}.end`])
  .concat(['Swapping.linked', 'Swapping.noted', 'Swapping.ready', 'Swapping.renamed'])
  .concat(['Resuming.started', 'Resuming.healthy', 'Resuming.settled', 'Quiescing.stopped'])

const ROLLBACK_POINTS = ['RollingBack.begin', 'RollingBack.aside', 'RollingBack.back', 'RollingBack.end'] as const

describe('a daemon that is ended in the middle of a restore', () => {
  const installation = new Installation({ target: { rateLimit: { restores: 1000, window: '1h' } } })
  const { database, backups } = installation

  before(() => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40, uncheckpointed: true })
  })
  after(() => installation.remove())

  async function interruptedAt(point: string, signal: string, name: string) {
    rmSync(`${database}-shm`, { force: true })
    makeDatabase(database, { rows: 90, uncheckpointed: true })
    process.env['MODOSU_FAILPOINT'] = `${point}=${signal}`
    const daemon = await installation.start()
    delete process.env['MODOSU_FAILPOINT']
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    installation.drop(name, { source: { latest: {} } })
    await ended
    const rows = countRows(database)
    assert.ok(rows === 90 || rows === 40, `old or new, never neither: ${rows} rows after ${signal} at ${point}`)
    await installation.start()
    const request = await installation.ended(name)
    await installation.stop()
    return request
  }

  for (const signal of ['SIGKILL', 'SIGTERM']) {
    for (const point of FULL ? ALL : (SAMPLE[signal] ?? [])) {
      it(`ends in Succeeded after ${signal} at ${point}`, async () => {
        const name = `${signal}-${point}`.toLowerCase().replace('.', '-')
        const { phase, status } = await interruptedAt(point, signal, name)
        assert.equal(phase, 'Succeeded', JSON.stringify(status))
        assert.equal(countRows(database), 40)
        assert.deepEqual(beside(database), [])
        assert.equal(countRows(safetyBackups(backups).at(-1) ?? ''), 90)
      })
    }
  }

  for (const point of FULL ? ROLLBACK_POINTS : ROLLBACK_POINTS.slice(1, 2)) {
    it(`ends in RolledBack after SIGKILL at ${point}`, async () => {
      installation.configure({
        target: {
          rateLimit: { restores: 1000, window: '1h' },
          smokeQueries: [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 1000 }],
        },
      })
      const name = `back-${point}`.toLowerCase().replace('.', '-')
      const { phase, status } = await interruptedAt(point, 'SIGKILL', name)
      assert.deepEqual([phase, status.reason], ['RolledBack', 'SmokeQueryFailed'], JSON.stringify(status))
      assert.equal(countRows(database), 90)
      assert.deepEqual(beside(database), [])
    })
  }
})

describe('a request that has run', () => {
  const installation = new Installation({ target: { rateLimit: { restores: 3, window: '1h' } } })
  const { database, backups, spool } = installation

  before(async () => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
    await installation.start()
  })
  after(() => installation.remove())

  it('never runs again, however its file is touched, renamed, edited, dropped anew, or found at a restart', async () => {
    installation.drop('once', { source: { latest: {} } })
    const first = await installation.ended('once')
    assert.equal(first.phase, 'Succeeded')
    makeDatabase(database, { rows: 77 })
    utimesSync(join(spool, 'once.yaml'), new Date(), new Date())
    await delay(300)
    renameSync(join(spool, 'once.yaml'), join(spool, 'other.yaml'))
    await delay(500)
    rmSync(join(spool, 'other.yaml'))
    await delay(600)
    installation.drop('once', { source: { latest: {} } })
    await delay(400)
    installation.drop('once', { source: { latest: {} }, reason: 'edited' })
    await installation.stop()
    await installation.start()
    await delay(500)
    const now = installation.request('once')
    assert.deepEqual([now?.uid, now?.generation, now?.phase], [first.uid, 1, 'Succeeded'])
    assert.equal(countRows(database), 77)
    assert.equal(safetyBackups(backups).length, 1)
    assert.match(installation.cli('events', '--for', 'once').stdout, /EditIgnored/)
  })

  it('counts against the rate limit: the fourth waits, and a restart does not forget', async () => {
    for (const name of ['second', 'third']) {
      installation.drop(name, { source: { latest: {} } })
      assert.equal((await installation.ended(name)).phase, 'Succeeded')
    }
    installation.drop('fourth', { source: { latest: {} } })
    const waiting = await installation.when('fourth', ({ status }) => status.reason === 'RateLimited')
    assert.equal(waiting.phase, 'Pending')
    const at = Date.parse(waiting.status.nextAttemptTime ?? '')
    assert.ok(at > Date.now() && at <= Date.now() + 3_600_000)
    await installation.stop()
    await installation.start()
    await delay(500)
    const still = installation.request('fourth')
    assert.deepEqual(
      [still?.phase, still?.status.reason, still?.status.nextAttemptTime],
      ['Pending', 'RateLimited', waiting.status.nextAttemptTime],
    )
  })

  it('is cancelled by deleting its file while it waits', async () => {
    rmSync(join(spool, 'fourth.yaml'))
    assert.equal((await installation.ended('fourth')).phase, 'Cancelled')
    assert.equal(installation.cli('wait', 'fourth', '--timeout', '5s').status, 12)
  })
})

describe('files that were there before the state store', () => {
  const installation = new Installation()
  after(() => installation.remove())

  it('are held until somebody approves', async () => {
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 40 })
    installation.drop('old', { source: { latest: {} } })
    await installation.start()
    const held = await installation.when('old', ({ status }) => status.reason === 'NoHistory')
    assert.equal(held.phase, 'Pending')
    const approved = installation.cli('approve', 'old')
    assert.equal(approved.status, 0, approved.stderr)
    assert.equal((await installation.ended('old')).phase, 'Succeeded')
  })
})
