import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { CatalogListing } from '../../src/catalog/contract.ts'
import { scanBackups } from '../../src/catalog/scan.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { BackupFolder, catalogRow, onlySet, reasons, sha256 } from './backup-folder.ts'

const DAILY = 'daily/itsm_nexus_daily_20260215_020015'
const ALL = ['db', 'db-wal', 'db-shm', 'sql.gz'] as const

function ids(listing: CatalogListing): string[] {
  return listing.sets.map((set) => set.id)
}

describe('the backup directory', { timeout: 60_000 }, () => {
  it('gives one set per name, with every member, and takes type and time from the name', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ALL)
    folder.seal(DAILY, ALL)
    const set = await onlySet(folder)
    const path = (suffix: string): string => join(folder.path, `${DAILY}.${suffix}`)
    assert.equal(set.id, 'BKP-20260215-020015-daily')
    assert.equal(set.createdAtMs, Date.parse('2026-02-15T02:00:15Z'))
    assert.deepEqual(
      [set.type, set.status, set.db, set.wal, set.shm, set.sqlGz, set.checksumFile],
      ['daily', 'success', path('db'), path('db-wal'), path('db-shm'), path('sql.gz'), path('sha256')],
    )
    assert.equal(set.dbSizeBytes, `db of ${DAILY}`.length)
    assert.equal(set.sizeBytes, `db of ${DAILY}`.length + `db-wal of ${DAILY}`.length)
    assert.deepEqual(set.problems, [])
    assert.deepEqual(
      set.checksums.map(({ file, sha256: sum }) => [file, sum]),
      ['db', 'db-wal', 'sql.gz'].map((member) => [path(member), sha256(`${member} of ${DAILY}`)]),
    )
  })

  it('lists the newest first, by the names and not by the files’ times', async () => {
    const folder = new BackupFolder()
    for (const base of [
      'weekly/itsm_nexus_weekly_20260209_030012',
      DAILY,
      'manual/itsm_nexus_manual_20260210_120000',
      'monthly/itsm_nexus_monthly_20260201_040008',
    ])
      folder.set(base, ['db'])
    assert.deepEqual(ids(await scanBackups(folder.target, [])), [
      'BKP-20260215-020015-daily',
      'BKP-20260210-120000-manual',
      'BKP-20260209-030012-weekly',
      'BKP-20260201-040008-monthly',
    ])
  })

  it('takes the type from the name where the folder says another', async () => {
    const folder = new BackupFolder()
    folder.set('manual/itsm_nexus_weekly_20260209_030012', ['db'])
    assert.equal((await onlySet(folder)).type, 'weekly')
  })

  it('passes over what is no backup of this stem, and counts it', async () => {
    const folder = new BackupFolder()
    const strange = [
      'other_daily_20260215_020015.db',
      'itsm_nexus_hourly_20260215_020015.db',
      'itsm_nexus_daily_20260231_020015.db',
      'itsm_nexus_daily_20260215_020015.db.bak',
      'itsm_nexus_daily_20260215_020015 .db',
      'prefix_itsm_nexus_daily_20260215_020015.db',
      'README',
      '.db',
    ]
    for (const name of strange) folder.write(`daily/${name}`, 'x')
    folder.write('daily/evil\u001b[2J.db', 'x')
    mkdirSync(join(folder.path, 'daily/folder.db'))
    folder.write('restore_safety_20260215150530.db', 'x')
    const listing = await scanBackups(folder.target, [])
    assert.deepEqual(listing.sets, [])
    const passedOver = listing.passedOver.map(({ path }) => path)
    assert.equal(passedOver.length, strange.length)
    assert.ok(!passedOver.includes('daily/README'))
    assert.ok(passedOver.includes('daily/evil?[2J.db'))
  })

  it('reads a stem with characters that a pattern would take for its own', async () => {
    const folder = new BackupFolder('a.b+(c)')
    folder.set('daily/a.b+(c)_daily_20260215_020015', ['db'])
    folder.set('daily/aXb+(c)_daily_20260215_020015', ['db'])
    assert.equal((await scanBackups(folder.target, [])).sets.length, 1)
  })

  it('follows no symbolic link, neither a file’s nor a folder’s that leads out', async () => {
    const folder = new BackupFolder()
    const elsewhere = new BackupFolder()
    elsewhere.set('itsm_nexus_weekly_20260209_030012', ['db'])
    mkdirSync(join(folder.path, 'daily'))
    symlinkSync(join(elsewhere.path, 'itsm_nexus_weekly_20260209_030012.db'), join(folder.path, `${DAILY}.db`))
    symlinkSync(elsewhere.path, join(folder.path, 'weekly'))
    const listing = await scanBackups(folder.target, [])
    assert.deepEqual(listing.passedOver, [{ path: 'weekly', reason: 'link', files: 1 }])
    const [set] = listing.sets
    assert.deepEqual([set?.db, set?.problems.map(({ reason }) => reason)], [null, ['BackupNotRegular']])
  })

  for (const member of ['db', 'db-wal', 'db-shm', 'db-journal', 'sql.gz', 'sha256', 'db.sha256']) {
    it(`refuses a set whose .${member} is a link, a directory or a pipe, and says which`, async () => {
      for (const [what, make] of [
        [
          'a symbolic link',
          (path: string) => {
            symlinkSync('/etc/hostname', path)
          },
        ],
        [
          'a directory',
          (path: string) => {
            mkdirSync(path)
          },
        ],
        ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
      ] as const) {
        const folder = new BackupFolder()
        folder.set(
          DAILY,
          ['db', 'db-wal', 'sql.gz'].filter((each) => each !== member),
        )
        if (member !== 'sha256')
          folder.seal(
            DAILY,
            ['db', 'db-wal'].filter((each) => each !== member),
          )
        make(join(folder.path, `${DAILY}.${member}`))
        const { problems } = await onlySet(folder)
        assert.equal(problems[0]?.reason, 'BackupNotRegular')
        assert.equal(problems[0].message, `a file of the backup is ${what}: ${folder.path}/${DAILY}.${member}`)
      }
    })
  }

  it('lists a folder once that lies there under two names', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    symlinkSync('daily', join(folder.path, 'weekly'))
    assert.deepEqual(reasons(await onlySet(folder)), [])
  })

  it('is not taken for empty when it is not there', async () => {
    const folder = new BackupFolder()
    rmSync(folder.path, { recursive: true })
    await assert.rejects(scanBackups(folder.target, []), (error: unknown) => {
      assert.ok(error instanceof RestoreError)
      assert.equal(error.reason, 'BackupDirectoryUnreadable')
      return true
    })
  })

  it('is not changed by a scan', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ALL)
    folder.seal(DAILY, ALL)
    const before = folder.fingerprint()
    await scanBackups(folder.target, [catalogRow({})])
    assert.deepEqual(folder.fingerprint(), before)
  })
})

describe('two sets of one id', { timeout: 60_000 }, () => {
  it('are both refused', async () => {
    const folder = new BackupFolder()
    folder.set(DAILY, ['db'])
    folder.set('manual/itsm_nexus_daily_20260215_020015', ['db'])
    const { sets } = await scanBackups(folder.target, [])
    assert.deepEqual(sets.map(reasons), [['BackupAmbiguous'], ['BackupAmbiguous']])
  })
})
