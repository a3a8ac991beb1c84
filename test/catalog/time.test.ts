import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { CatalogRowInput } from '../../src/catalog/contract.ts'
import { futureProblem, newestFirst } from '../../src/catalog/future.ts'
import { localNamesWarning } from '../../src/catalog/local-names.ts'
import type { CatalogTarget } from '../../src/catalog/members.ts'
import { findBackup, latestCandidates, resolveFile } from '../../src/catalog/resolve.ts'
import { scanBackups } from '../../src/catalog/scan.ts'
import { toRfc3339 } from '../../src/domain/clock.ts'
import { instantsOf, isTimeZone } from '../../src/domain/time-zone.ts'
import { BackupFolder, catalogRow } from './backup-folder.ts'

const LOCAL = 'daily/itsm_nexus_daily_20260215_110015'
const ROW = catalogRow({ filePath: `backups/${LOCAL}.db` })
/** What the application's API writes in place of a path. */
const COLOURED = '\u001b[0;32m[INFO]\u001b[0m Backup completed successfully!.db'
const NOW = Date.parse('2026-02-15T02:30:00Z')

function zoned({ target }: BackupFolder, timezone: string): CatalogTarget {
  return { ...target, backups: { ...target.backups, timezone } }
}

async function times(target: CatalogTarget, rows: readonly CatalogRowInput[] = []): Promise<string[]> {
  const { sets } = await scanBackups(target, rows)
  return sets.map(({ id, createdAtMs }) => `${id} ${toRfc3339(createdAtMs)}`)
}

describe('the time of a backup', { timeout: 60_000 }, () => {
  it('is that of its name in the zone of the target, and its id is UTC', async () => {
    const folder = new BackupFolder()
    folder.set(LOCAL, ['db'])
    assert.deepEqual(await times(zoned(folder, 'Asia/Tokyo')), ['BKP-20260215-020015-daily 2026-02-15T02:00:15.000Z'])
    assert.deepEqual(await times(folder.target), ['BKP-20260215-110015-daily 2026-02-15T11:00:15.000Z'])
  })

  it('is that of its catalog row, whatever zone its name is in', async () => {
    const folder = new BackupFolder()
    folder.set(LOCAL, ['db'])
    for (const createdAt of ['2026-02-15T02:00:15.000Z', '2026-02-15 02:00:15', '2026-02-15T02:00:15']) {
      const [only, ...others] = await times(folder.target, [{ ...ROW, createdAt }])
      assert.match(only ?? '', / 2026-02-15T02:00:15.000Z$/)
      assert.deepEqual(others, [])
    }
  })

  it('is that of its name where the row was made long after it, as for a backup from another server', async () => {
    const folder = new BackupFolder()
    folder.set(LOCAL, ['db'])
    const [only] = await times(folder.target, [{ ...ROW, createdAt: '2026-09-01 00:00:00' }])
    assert.match(only ?? '', / 2026-02-15T11:00:15.000Z$/)
  })

  it('lets latest choose it from the moment at which it was made', async () => {
    const folder = new BackupFolder()
    folder.set(LOCAL, ['db'])
    folder.set('daily/itsm_nexus_daily_20260114_110015', ['db'])
    const latest = async (target: CatalogTarget, rows: readonly CatalogRowInput[]) =>
      latestCandidates(await scanBackups(target, rows), { before: '2026-02-15T02:30:00Z' }, NOW)[0]?.db
    for (const chosen of [await latest(zoned(folder, 'Asia/Tokyo'), []), await latest(folder.target, [ROW])]) {
      assert.match(chosen ?? '', /20260215_110015\.db$/)
    }
  })

  it('names one entry for a file and its row, found by every spelling of its id', async () => {
    const folder = new BackupFolder()
    folder.set(LOCAL, ['db'])
    const coloured = { backupId: 'BKP-20260215020016-manual', backupType: 'manual', fileSize: 0, filePath: COLOURED }
    const rows = [catalogRow({ ...coloured, createdAt: '2026-02-15T02:00:16.000Z' }), ROW]
    for (const target of [folder.target, zoned(folder, 'Asia/Tokyo')]) {
      const listing = await scanBackups(target, rows)
      assert.equal(listing.sets.length, 1)
      assert.deepEqual(listing.sets[0]?.problems, [])
      for (const id of [
        'BKP-20260215020015-daily',
        'BKP-20260215-020015-daily',
        'BKP-20260215-110015-daily',
        'BKP-20260215020016-manual',
      ]) {
        assert.equal(findBackup(listing, id), listing.sets[0])
      }
      assert.deepEqual((await resolveFile(target, `${LOCAL}.db`, [ROW])).createdAtMs, listing.sets[0].createdAtMs)
    }
  })

  it('does not give the digits of a name to a backup where another has that id', async () => {
    const folder = new BackupFolder()
    folder.set(LOCAL, ['db'])
    folder.set('daily/itsm_nexus_daily_20260215_200015', ['db'])
    const listing = await scanBackups(zoned(folder, 'Asia/Tokyo'), [])
    assert.match(findBackup(listing, 'BKP-20260215-110015-daily').db ?? '', /20260215_200015\.db$/)
    assert.match(findBackup(listing, 'BKP-20260215-200015-daily').db ?? '', /20260215_200015\.db$/)
    assert.match(findBackup(listing, 'BKP-20260215-020015-daily').db ?? '', /20260215_110015\.db$/)
  })

  it('links a row with a script’s output for a path by the name in it, or by the minute', async () => {
    const base = 'manual/itsm_nexus_manual_20260215_110020'
    const row = { backupId: 'BKP-20260215020015-manual', backupType: 'manual', fileSize: 0, checksum: null }
    for (const filePath of [`\u001b[0;32m[INFO]\u001b[0m made: /srv/app/backups/${base}.db (5 MB)`, COLOURED]) {
      const folder = new BackupFolder()
      folder.set(base, ['db'])
      const { sets } = await scanBackups(zoned(folder, 'Asia/Tokyo'), [catalogRow({ ...row, filePath })])
      assert.deepEqual(
        sets.map(({ aliases, problems }) => [aliases, problems]),
        [[['BKP-20260215-020015-manual'], []]],
      )
    }
  })

  it('is one instant in an hour that an autumn night has twice, told by the file’s own time', async () => {
    const folder = new BackupFolder()
    const base = 'daily/itsm_nexus_daily_20261025_013000'
    const target = zoned(folder, 'Europe/London')
    folder.set(base, ['db'])
    const at = async (mtime: string): Promise<string | undefined> => {
      utimesSync(`${folder.path}/${base}.db`, new Date(mtime), new Date(mtime))
      return (await times(target))[0]?.slice(-24)
    }
    assert.equal(await at('2026-10-25T00:31:00Z'), '2026-10-25T00:30:00.000Z')
    assert.equal(await at('2026-10-25T01:31:00Z'), '2026-10-25T01:30:00.000Z')
    // a copy made later tells nothing: the earlier one, so that it is not taken for newer than it can be
    assert.equal(await at('2026-12-01T00:00:00Z'), '2026-10-25T00:30:00.000Z')
  })

  it('has an instant in the hour that a spring night leaves out', () => {
    const wall = Date.parse('2026-03-29T01:30:00Z')
    assert.deepEqual(instantsOf(wall, 'Europe/London'), [Date.parse('2026-03-29T01:30:00Z')])
    assert.deepEqual(instantsOf(wall, 'Asia/Kolkata'), [Date.parse('2026-03-28T20:00:00Z')])
  })

  it('is in a zone that has a name', () => {
    assert.deepEqual(
      ['UTC', 'Asia/Tokyo', 'Asia/Tokio', '+09:00', 'JST-9', ''].map((zone) => isTimeZone(zone)),
      [true, true, false, false, false, false],
    )
  })
})

describe('a backup that is dated in the future', { timeout: 60_000 }, () => {
  it('is never the latest, is listed last, and is found by its id all the same', async () => {
    const folder = new BackupFolder()
    folder.set('daily/itsm_nexus_daily_20260215_020015', ['db'])
    folder.set('daily/itsm_nexus_daily_20990101_000000', ['db'])
    const listing = await scanBackups(folder.target, [])
    const [first, last] = newestFirst(listing.sets, NOW)
    assert.deepEqual([first?.id, last?.id], ['BKP-20260215-020015-daily', 'BKP-20990101-000000-daily'])
    assert.deepEqual(
      latestCandidates(listing, {}, NOW).map(({ id }) => id),
      ['BKP-20260215-020015-daily'],
    )
    const future = futureProblem(findBackup(listing, 'BKP-20990101-000000-daily'), NOW)
    assert.equal(future?.reason, 'FutureTimestamp')
    assert.match(future.message, /2099-01-01T00:00:00/)
  })

  it('is one whose row alone says so, or whose name does', async () => {
    const folder = new BackupFolder()
    folder.set(LOCAL, ['db'])
    const ahead = catalogRow({ filePath: `${LOCAL}.db`, createdAt: '2026-02-15T03:00:15Z' })
    const [byRow] = (await scanBackups(zoned(folder, 'Asia/Tokyo'), [ahead])).sets
    assert.equal(byRow === undefined ? null : futureProblem(byRow, NOW)?.reason, 'FutureTimestamp')
  })

  it('is not one whose clock is a minute ahead', async () => {
    const folder = new BackupFolder()
    folder.set('daily/itsm_nexus_daily_20260215_023100', ['db'])
    assert.equal(latestCandidates(await scanBackups(folder.target, []), {}, NOW).length, 1)
  })
})

describe('names in local time without a zone', { timeout: 60_000 }, () => {
  it('are found out by the catalog, and say which key to set', async () => {
    const folder = new BackupFolder()
    folder.set(LOCAL, ['db'])
    assert.match(
      localNamesWarning('itsm-nexus', (await scanBackups(folder.target, [ROW])).sets) ?? '',
      /\+9 h from its catalog row\): set backups\.timezone/,
    )
    for (const listing of [
      await scanBackups(zoned(folder, 'Asia/Tokyo'), [ROW]),
      await scanBackups(folder.target, []),
      await scanBackups(folder.target, [{ ...ROW, createdAt: '2026-02-15T11:00:19Z' }]),
    ]) {
      assert.equal(localNamesWarning('itsm-nexus', listing.sets), null)
    }
  })
})
