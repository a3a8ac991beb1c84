import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import { beside, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup } from '../support/files.ts'
import { APPLICATION, Installation } from '../support/installation.ts'
import { freePort } from '../support/free-port.ts'

describe('a database that an application keeps open and writes to', () => {
  const installation = new Installation({ live: { rows: 60, uncheckpointed: true } })
  const { database, backups } = installation
  let port = 0
  const application = (verb: string) =>
    spawnSync(process.execPath, [APPLICATION, verb, database, String(port)], { encoding: 'utf8' })
  const service = (verb: string) => [process.execPath, APPLICATION, verb, database, String(port)]

  before(async () => {
    port = await freePort()
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40, uncheckpointed: true })
    assert.equal(application('start').status, 0)
  })
  after(async () => {
    await installation.stop()
    application('stop')
    await installation.remove()
  })

  it('is not restored while nobody says how to stop it: the process is named and nothing changes', async () => {
    await installation.start()
    const pid = readFileSync(`${database}.pid`, 'utf8')
    installation.drop('in-use', { source: { latest: {} } })
    const { phase, status } = await installation.ended('in-use')
    assert.deepEqual([phase, status.reason], ['Failed', 'DatabaseInUse'], JSON.stringify(status))
    assert.match(status.message ?? '', new RegExp(`pid ${pid} \\(.*application`))
    assert.equal(installation.cli('wait', 'in-use', '--timeout', '5s').status, 6)
    assert.deepEqual(safetyBackups(backups), [])
    assert.ok(countRows(database) >= 60)
    assert.equal(beside(database).filter((name) => name.includes('modosu')).length, 0)
  })

  it('is restored once service.command stops it, and runs again afterwards', async () => {
    await installation.stop()
    installation.configure({
      target: {
        service: { command: { stop: service('stop'), start: service('start'), status: service('status') } },
        healthCheck: { url: `http://127.0.0.1:${port}/`, timeout: '20s' },
        smokeQueries: [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 40 }],
      },
    })
    await installation.start()
    const before = countRows(database)
    installation.drop('stopped', { source: { latest: {} } })
    const { phase, status } = await installation.ended('stopped')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(application('status').status, 0)
    assert.ok(countRows(database) < before)
    assert.ok((status.downtimeMs ?? 0) > 0)
    const [safety] = safetyBackups(backups)
    // The application went on writing after the safety copy was made: those commits are in it too.
    assert.ok(countRows(safety ?? '') >= before)
  })

  it('is rolled back to its very bytes where the application does not become healthy', async () => {
    await installation.stop()
    installation.configure({
      target: {
        service: { command: { stop: service('stop'), start: service('start'), status: service('status') } },
        healthCheck: { url: 'http://127.0.0.1:9/', timeout: '1s' },
      },
    })
    await installation.start()
    const before = countRows(database)
    installation.drop('unhealthy', { source: { backupId: 'BKP-20260215-020015-daily' } })
    const { phase, status, work } = await installation.ended('unhealthy')
    assert.deepEqual([phase, status.reason], ['RolledBack', 'HealthCheckFailed'], JSON.stringify(status))
    assert.deepEqual(status.escalation, { level: 'L2', acknowledged: false })
    assert.ok(countRows(database) >= before)
    await installation.logged('[Restore] Rollback completed from safety backup')
    assert.equal(installation.cli('wait', 'unhealthy', '--timeout', '5s').status, 10)
    assert.equal(application('status').status, 0)
    assert.ok(work.swap?.old !== null && work.swap?.old !== undefined)
    const ours = beside(database).filter((name) => name.includes('.modosu-'))
    assert.deepEqual(ours, [])
  })
})

describe('a database that an idle process holds open in rollback-journal mode', () => {
  const installation = new Installation({ live: { rows: 60, wal: false } })
  after(() => installation.remove())

  it('is refused, although no lock is held', async () => {
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    // For as long as the test takes, on a busy machine too.
    const holder = spawn('sleep', ['infinity'], { stdio: [openSync(installation.database, 'r'), 'ignore', 'ignore'] })
    try {
      await once(holder, 'spawn')
      await installation.start()
      installation.drop('held', { source: { latest: {} } })
      const { phase, status } = await installation.ended('held')
      assert.deepEqual([phase, status.reason], ['Failed', 'DatabaseInUse'], JSON.stringify(status))
      assert.match(status.message ?? '', new RegExp(`pid ${holder.pid ?? 0} \\(sleep infinity\\)`))
    } finally {
      holder.kill()
    }
  })
})

describe('a restore whose smoke query fails, without an application', () => {
  const installation = new Installation({
    live: { rows: 60, wal: false },
    target: { smokeQueries: [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 1000 }] },
  })
  after(() => installation.remove())

  it('puts back the exact bytes of before', async () => {
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    await installation.start()
    const before = readFileSync(installation.database)
    installation.drop('smoke', { source: { latest: {} } })
    const { phase, status } = await installation.ended('smoke')
    assert.deepEqual([phase, status.reason], ['RolledBack', 'SmokeQueryFailed'], JSON.stringify(status))
    assert.ok(readFileSync(installation.database).equals(before))
    assert.deepEqual(beside(installation.database), [])
  })

  it('leaves the restored database and keeps the old one where the safety backup was waived', async () => {
    installation.drop('waived', { source: { latest: {} }, backupCurrent: false })
    const { phase, status } = await installation.ended('waived')
    assert.deepEqual([phase, status.escalation?.level], ['Failed', 'L3'], JSON.stringify(status))
    assert.equal(countRows(installation.database), 40)
    assert.match(beside(installation.database).join(), /^app\.db\.broken\.\d{8}_\d{6}$/)
    assert.equal(installation.cli('wait', 'waived', '--timeout', '5s').status, 11)
  })
})
