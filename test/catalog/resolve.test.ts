import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  expectedSha256,
  findBackup,
  latestCandidates,
  requireDump,
  requireRestorable,
  resolveFile,
} from '../../src/catalog/resolve.ts'
import { scanBackups } from '../../src/catalog/scan.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { BackupFolder, catalogRow, sha256 } from './backup-folder.ts'

const NOW = Date.parse('2026-03-01T00:00:00Z')
const DAILY = 'daily/itsm_nexus_daily_20260215_020015'

/** Asserts on a RestoreError and leaves its text to the test. */
function refusal(reason: string, message: string | RegExp, hint?: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RestoreError)
    assert.equal(error.reason, reason)
    if (typeof message === 'string') assert.equal(error.message, message)
    else assert.match(error.message, message)
    if (hint !== undefined) assert.match(error.hint ?? '', hint)
    return true
  }
}

describe('a backup id', { timeout: 60_000 }, () => {
  it('finds its set in either spelling, and by the id that the catalog gives it', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const filePath = '/x/itsm_nexus_daily_20260215_020015.db'
    const listing = await scanBackups(folder.target, [catalogRow({ backupId: 'BKP-20260215020014-daily', filePath })])
    for (const id of [
      'BKP-20260215-020015-daily',
      'BKP-20260215020015-daily',
      'BKP-20260215-020014-daily',
      'BKP-20260215020014-daily',
    ])
      assert.equal(findBackup(listing, id), listing.sets[0])
  })

  it('that is unknown is echoed as it was typed, with the nearest ones and the next command', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const listing = await scanBackups(folder.target, [])
    assert.throws(
      () => findBackup(listing, 'BKP-20260215020051-daily'),
      refusal(
        'BackupNotFound',
        'Backup not found: BKP-20260215020051-daily',
        /BKP-20260215-020015-daily.*modosu get backups --target itsm-nexus/,
      ),
    )
    assert.throws(() => findBackup(listing, 'x'), refusal('BackupNotFound', 'Backup not found: x', /^list them/))
  })

  it('that one set has and another is called by is refused', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    folder.set('daily/itsm_nexus_daily_20260215_020016', ['db'])
    const filePath = '/x/itsm_nexus_daily_20260215_020016.db'
    const listing = await scanBackups(folder.target, [catalogRow({ filePath })])
    assert.throws(() => findBackup(listing, 'BKP-20260215020015-daily'), refusal('BackupAmbiguous', /names 2 backups/))
    assert.equal(
      findBackup(listing, 'BKP-20260215-020016-daily').db,
      join(folder.path, 'daily/itsm_nexus_daily_20260215_020016.db'),
    )
  })
})

describe('a set', { timeout: 60_000 }, () => {
  it('passes when nothing is known against it', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    const [set] = (await scanBackups(folder.target, [])).sets
    assert.equal(requireRestorable(set!).db, join(folder.path, `${DAILY}.db`))
  })

  it('is refused with its first problem: the catalog’s word before the missing file', async () => {
    const folder = new BackupFolder()
    const { sets } = await scanBackups(folder.target, [catalogRow({ status: 'deleted' })])
    assert.throws(
      () => requireRestorable(sets[0]!),
      refusal('BackupNotAvailable', 'Backup is not available for restore. Status: deleted', /modosu get backups/),
    )
  })

  it('gives its dump though its .db is gone, with the checksum that is recorded', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db', 'sql.gz'])
    folder.seal(DAILY, ['sql.gz'])
    const [set] = (await scanBackups(folder.target, [])).sets
    assert.deepEqual(requireDump(set!), {
      path: join(folder.path, `${DAILY}.sql.gz`),
      sha256: sha256(`sql.gz of ${DAILY}`),
    })
    assert.equal(expectedSha256(set!, set!.db!), null)
  })
})

describe('the latest backup', { timeout: 60_000 }, () => {
  async function listing() {
    const folder = new BackupFolder()
    folder.set('daily/itsm_nexus_daily_20260213_020013', ['db'])
    folder.set('daily/itsm_nexus_daily_20260214_020014', ['db'])
    folder.write(`${DAILY}.db`, '')
    folder.set('weekly/itsm_nexus_weekly_20260209_030012', ['db'])
    folder.set('monthly/itsm_nexus_monthly_20260201_040008', ['db'])
    return scanBackups(folder.target, [catalogRow({ backupId: 'BKP-20260209030012-weekly', status: 'failure' })])
  }

  it('is sought among the restorable ones, newest first', async () => {
    assert.deepEqual(
      latestCandidates(await listing(), {}, NOW).map((set) => set.id),
      ['BKP-20260214-020014-daily', 'BKP-20260213-020013-daily', 'BKP-20260201-040008-monthly'],
    )
  })

  it('can be of some types only, and before a time only', async () => {
    const sets = latestCandidates(await listing(), { types: ['daily', 'weekly'], before: '2026-02-14T02:00:14Z' }, NOW)
    assert.deepEqual(
      sets.map((set) => set.id),
      ['BKP-20260213-020013-daily'],
    )
  })

  it('is not sought before a time that is none', async () => {
    const all = await listing()
    assert.throws(() => latestCandidates(all, { before: 'yesterday' }, NOW), refusal('InvalidSource', /before/))
  })
})

describe('a backup named by its file', { timeout: 60_000 }, () => {
  it('is the same set that a scan finds, its -wal and its catalog row included', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db', 'db-wal', 'sql.gz'])
    folder.seal(DAILY, ['db', 'db-wal', 'sql.gz'])
    const rows = [catalogRow({ status: 'failure' })]
    const [scanned] = (await scanBackups(folder.target, rows)).sets
    assert.deepEqual(await resolveFile(folder.target, `${DAILY}.db`, rows), scanned)
    assert.deepEqual(
      await resolveFile(folder.target, `./daily/../${DAILY}.sql.gz`.replace('daily/../', ''), rows),
      scanned,
    )
  })

  it('may have any name, which is then its id, and its time is the file’s', async () => {
    const folder = new BackupFolder()
    const path = folder.write('from-server-b/copy.db', 'x')
    utimesSync(path, 1_771_000_000, 1_771_000_000)
    const set = await resolveFile(folder.target, 'from-server-b/copy.db')
    assert.deepEqual(
      [set.id, set.type, set.createdAtMs, set.db],
      ['from-server-b/copy.db', 'manual', 1_771_000_000_000, path],
    )
  })

  for (const path of [
    '../x.db',
    '/etc/x.db',
    'daily/../../x.db',
    'daily/../x.db',
    '',
    'x.db\0.db',
    'daily',
    'x.sqlite',
    'x.db-wal',
  ]) {
    it(`is refused as ${JSON.stringify(path)}`, async () => {
      const folder = new BackupFolder()
      await assert.rejects(resolveFile(folder.target, path), refusal('PathNotAllowed', /backup directory/))
    })
  }

  it('is refused where a link leads out of the backup directory, be it the folder’s or the file’s', async () => {
    const folder = new BackupFolder()
    const elsewhere = new BackupFolder()
    const file = elsewhere.write('x.db', 'x')
    symlinkSync(elsewhere.path, join(folder.path, 'linked'))
    await assert.rejects(resolveFile(folder.target, 'linked/x.db'), refusal('PathNotAllowed', /backup directory/))
    mkdirSync(join(folder.path, 'daily'))
    symlinkSync(file, join(folder.path, 'daily/x.db'))
    await assert.rejects(
      resolveFile(folder.target, 'daily/x.db'),
      refusal('BackupNotRegular', `the backup is a symbolic link: ${join(folder.path, 'daily/x.db')}`),
    )
  })
})
