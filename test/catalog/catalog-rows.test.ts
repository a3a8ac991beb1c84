import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { scanBackups } from '../../src/catalog/scan.ts'
import { BackupFolder, catalogRow, onlySet, reasons, sha256 } from './backup-folder.ts'

const DAILY = 'daily/itsm_nexus_daily_20260215_020015'

describe('the application’s catalog', { timeout: 60_000 }, () => {
  it('names a set by its file, and its id becomes an alias where it tells another second', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const filePath = '/mnt/LinuxHDD/elsewhere/daily/itsm_nexus_daily_20260215_020015.db'
    const set = await onlySet(folder, [catalogRow({ backupId: 'BKP-20260215020014-daily', filePath })])
    assert.equal(set.id, 'BKP-20260215-020015-daily')
    assert.deepEqual(set.aliases, ['BKP-20260215-020014-daily'])
    assert.deepEqual(set.catalogRow, { filePath, fileSize: null })
  })

  it('gives a row to the set whose file it names before the one whose id it has', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    folder.set('daily/itsm_nexus_daily_20260215_020016', ['db'])
    const filePath = '/x/itsm_nexus_daily_20260215_020016.db'
    const { sets } = await scanBackups(folder.target, [catalogRow({ filePath, status: 'deleted', createdAt: null })])
    assert.deepEqual(
      sets.map((set) => [set.id, set.status]),
      [
        ['BKP-20260215-020016-daily', 'deleted'],
        ['BKP-20260215-020015-daily', 'success'],
      ],
    )
  })

  it('names a set by its id where it names no file', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const set = await onlySet(folder, [catalogRow({ status: 'failure' })])
    assert.deepEqual([set.status, set.aliases], ['failure', []])
  })

  for (const status of ['failure', 'deleted', 'in_progress']) {
    it(`keeps a set from being restored that it calls ${status}, though its files are there`, async () => {
      const folder = new BackupFolder()
      folder.set(DAILY, ['db'])
      const set = await onlySet(folder, [catalogRow({ status })])
      assert.equal(set.status, status)
      assert.equal(set.problems[0]?.message, `Backup is not available for restore. Status: ${status}`)
    })
  }

  it('takes a status that nobody knows for no success', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const set = await onlySet(folder, [catalogRow({ status: 'SUCCESS?' })])
    assert.deepEqual([set.status, reasons(set)], ['failure', ['BackupNotAvailable']])
  })

  it('makes a set of a row without files, with the row’s status, type and time', async () => {
    const folder = new BackupFolder()
    const rows = [
      catalogRow({ backupId: 'BKP-20261122103411-daily', status: 'failure', createdAt: '2026-11-22T10:34:11.211Z' }),
      catalogRow({
        backupId: 'by-hand',
        backupType: 'manual',
        createdAt: '2026-01-02 03:04:05',
        filePath: '/gone/x.db',
      }),
    ]
    const { sets } = await scanBackups(folder.target, rows)
    assert.deepEqual(
      sets.map((set) => [set.id, set.type, set.status, set.db, set.createdAtMs, reasons(set)]),
      [
        [
          'BKP-20261122-103411-daily',
          'daily',
          'failure',
          null,
          Date.parse('2026-11-22T10:34:11.211Z'),
          ['BackupNotAvailable', 'BackupFileNotFound'],
        ],
        ['by-hand', 'manual', 'success', null, Date.parse('2026-01-02T03:04:05Z'), ['BackupFileNotFound']],
      ],
    )
    assert.equal(sets[1]?.problems[0]?.message, 'Backup file not found: /gone/x.db')
  })

  it('finds a registered backup of any name inside the backup directory, and none outside', async () => {
    const folder = new BackupFolder()
    const outside = new BackupFolder().write('y.db', 'y')
    folder.write('from-server-b.db', 'x')
    folder.write('brought/special.db', 'x')
    const { sets, passedOver } = await scanBackups(folder.target, [
      catalogRow({ backupId: 'BKP-20260101-000003-manual', backupType: 'manual', filePath: '/srv/b/from-server-b.db' }),
      catalogRow({
        backupId: 'BKP-20260101-000002-manual',
        backupType: 'manual',
        filePath: join(folder.path, 'brought/special.db'),
      }),
      catalogRow({ backupId: 'BKP-20260101-000001-manual', backupType: 'manual', filePath: outside }),
    ])
    assert.deepEqual(
      sets.map((set) => set.db),
      [join(folder.path, 'from-server-b.db'), join(folder.path, 'brought/special.db'), null],
    )
    assert.deepEqual(passedOver, [])
  })

  it('is held against the size of the .db, or of the .db with its -wal', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db', 'db-wal'])
    const { dbSizeBytes, sizeBytes } = await onlySet(folder)
    assert.deepEqual(reasons(await onlySet(folder, [catalogRow({ fileSize: dbSizeBytes })])), [])
    assert.deepEqual(reasons(await onlySet(folder, [catalogRow({ fileSize: sizeBytes })])), [])
    assert.deepEqual(reasons(await onlySet(folder, [catalogRow({ fileSize: sizeBytes - 1 })])), ['BackupIncomplete'])
  })

  it('records the checksum of the .db, with or without its prefix', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const sum = sha256(`db of ${DAILY}`)
    for (const checksum of [sum, `sha256:${sum}`, sum.toUpperCase()]) {
      const set = await onlySet(folder, [catalogRow({ checksum })])
      assert.deepEqual(set.checksums, [{ file: set.db, sha256: sum, recordedIn: 'catalog' }])
    }
  })

  it('cannot have its checksum passed over by garbling it', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    assert.deepEqual(reasons(await onlySet(folder, [catalogRow({ checksum: 'sha256:xyz' })])), [
      'ChecksumFileUnreadable',
    ])
  })

  it('contradicts the checksum file: a mismatch, whatever the bytes are', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    folder.seal(DAILY, ['db'])
    const set = await onlySet(folder, [catalogRow({ checksum: 'c'.repeat(64) })])
    assert.deepEqual(reasons(set), ['ChecksumMismatch'])
  })
})
