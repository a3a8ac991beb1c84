import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { countPassedOver, passedOverNotices } from '../../src/catalog/passed-over.ts'
import { scanBackups } from '../../src/catalog/scan.ts'
import { BackupFolder, catalogRow } from './backup-folder.ts'

const GOOD = 'daily/itsm_nexus_daily_20260215_020015'

async function passedOver(folder: BackupFolder) {
  const listing = await scanBackups(folder.target, [])
  const found = listing.passedOver.map(({ path, reason, files }) => `${path} ${reason} ${files}`)
  return { listing, found: found.sort(), notices: passedOverNotices(folder.target, listing) }
}

describe('what looks like a backup and is not listed', { timeout: 60_000 }, () => {
  it('is nothing where every file is a backup, its company, or no backup at all', async () => {
    const folder = new BackupFolder()
    folder.set(GOOD, ['db', 'db-wal', 'db-shm', 'sql.gz', 'sha256'])
    folder.write('restore_safety_20260215150530.db', 'x')
    folder.write('.restore_safety_20260215150531.db.partial', 'x')
    folder.write('app.db.broken.20260215150530', 'x')
    for (const name of ['README', 'daily/backup.log', 'daily/SHA256SUMS', 'scripts/backup.sh', '.snapshot/x.db'])
      folder.write(name, 'x')
    const { found, notices } = await passedOver(folder)
    assert.deepEqual([found, notices], [[], []])
  })

  it('is named with its reason, and each reason with what to do', async () => {
    const folder = new BackupFolder()
    folder.set(GOOD, ['db'])
    folder.write('flat.db', 'x')
    folder.write('itsm_nexus_daily_20260215_020015.sqlite3', 'x')
    folder.write('hourly/itsm_nexus_hourly_20260215_020015.db', 'x')
    folder.write('hourly/itsm_nexus_hourly_20260215_030015.db', 'x')
    folder.write('daily/itsm_nexus_daily_20260214_020015.sqlite', 'x')
    folder.write('daily/itsm_nexus_daily_20260213_020015.db.gz', 'x')
    folder.write('daily/other_daily_20260215_020015.db', 'x')
    symlinkSync(join(folder.path, `${GOOD}.db`), join(folder.path, 'latest.db'))
    mkdirSync(join(folder.path, 'elsewhere'))
    symlinkSync('/tmp', join(folder.path, 'weekly'))
    const { found, notices, listing } = await passedOver(folder)
    assert.deepEqual(found, [
      'daily/itsm_nexus_daily_20260213_020015.db.gz suffix 1',
      'daily/itsm_nexus_daily_20260214_020015.sqlite suffix 1',
      'daily/other_daily_20260215_020015.db name 1',
      'flat.db flat 1',
      'hourly folder 2',
      'itsm_nexus_daily_20260215_020015.sqlite3 flat 1',
      'latest.db link 1',
      'weekly link 1',
    ])
    assert.deepEqual(countPassedOver(listing), { flat: 2, folder: 2, link: 2, name: 1, suffix: 2 })
    const told = notices.map(({ message, hint }) => `${message}; ${hint}`).join('\n')
    for (const { path } of listing.passedOver) assert.ok(told.includes(path), path)
    assert.match(told, /^2 files of itsm-nexus .*flat\.db.* modosu restore flat\.db --target itsm-nexus$/m)
    assert.match(told, /modosu restore hourly\/NAME\.db --target itsm-nexus$/m)
  })

  it('is not a file that the catalog registers where it lies, nor the live database', async () => {
    const folder = new BackupFolder()
    const path = folder.write('brought/from-the-old-server.db', 'x')
    const live = folder.write('live.db', 'x')
    const rows = [catalogRow({ filePath: path })]
    const { sets, passedOver: rest } = await scanBackups({ ...folder.target, database: live }, rows)
    assert.equal(sets[0]?.db, path)
    assert.deepEqual(rest, [])
  })

  it('is told in bounded words and without control characters, however many there are', async () => {
    const folder = new BackupFolder()
    for (let number = 0; number < 500; number++) folder.write(`evil\u001b[2J${number}.db`, 'x')
    const { notices } = await passedOver(folder)
    assert.equal(notices.length, 1)
    const [{ message, hint }] = notices as [(typeof notices)[number]]
    assert.match(message, /^500 files .* and 495 more/)
    assert.ok(message.length + hint.length < 1000 && !/\p{Cc}/u.test(message + hint))
  })
})
