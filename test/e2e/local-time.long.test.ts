import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import Database from 'better-sqlite3'

import { countRows, makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

describe('an application that names its backups in local time', () => {
  const installation = new Installation()
  const { backups, database } = installation

  before(async () => {
    installation.configure({
      target: { backups: { path: backups, stem: 'app', timezone: 'Asia/Tokyo', catalogTable: 'backup_logs' } },
    })
    makeBackup(backups, 'daily', '20260114_110015', { rows: 1 })
    makeBackup(backups, 'daily', '20260215_110015', { rows: 2 })
    makeBackup(backups, 'daily', '20990101_000000', { rows: 3 })
    const live = new Database(database)
    live.exec(`CREATE TABLE backup_logs (backup_id TEXT, backup_type TEXT, file_path TEXT, file_size INTEGER, checksum TEXT,
      status TEXT, created_at TEXT)`)
    const add = live.prepare('INSERT INTO backup_logs VALUES (?, ?, ?, ?, NULL, ?, ?)')
    const daily = 'backups/daily/app_daily_20260215_110015.db'
    add.run('BKP-20260215020015-daily', 'daily', daily, null, 'success', '2026-02-15T02:00:15.000Z')
    const coloured = '\u001b[0;32m[INFO]\u001b[0m Backup completed successfully!.db'
    add.run('BKP-20260215020016-manual', 'manual', coloured, 0, 'success', '2026-02-15T02:00:16.000Z')
    live.close()
    await installation.start()
  })
  after(() => installation.remove())

  it('has one entry per backup, in UTC, and one of the future last, which is said', () => {
    const { stdout } = installation.cli('get', 'backups', '-o', 'json')
    const { items } = JSON.parse(stdout) as {
      items: { metadata: { name: string; creationTimestamp: string }; warnings: { reason: string }[] }[]
    }
    assert.deepEqual(
      items.map(({ metadata, warnings }) => [
        metadata.name,
        metadata.creationTimestamp,
        warnings.map(({ reason }) => reason),
      ]),
      [
        ['BKP-20260215-020015-daily', '2026-02-15T02:00:15.000Z', []],
        ['BKP-20260114-020015-daily', '2026-01-14T02:00:15.000Z', []],
        ['BKP-20981231-150000-daily', '2098-12-31T15:00:00.000Z', ['FutureTimestamp']],
      ],
    )
  })

  it('gets the backup that was made before the time that it asks for, and a loss that runs forward', async () => {
    installation.drop('before', { source: { latest: { before: '2026-02-15T02:30:00Z' } } })
    const { phase, status } = await installation.ended('before')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(countRows(database), 2)
    assert.equal(status.resolvedBackup?.createdAt, '2026-02-15T02:00:15.000Z')
    assert.equal(status.dataLoss?.from, '2026-02-15T02:00:15.000Z')
    assert.ok(status.dataLoss.to > '2026-02-15T02:00:15.000Z')
  })
})
