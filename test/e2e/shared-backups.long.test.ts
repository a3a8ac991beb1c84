import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, describe, it } from 'node:test'

import { safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup, makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

describe('two targets that keep their backups in one directory, under two stems', () => {
  const installation = new Installation({ live: { rows: 90 } })
  const { backups, folder, database } = installation
  const staging = join(folder, 'staging', 'staging.db')
  mkdirSync(join(folder, 'staging'))
  makeDatabase(staging, { rows: 9 })
  installation.configure({
    targets: [{ name: 'staging', database: staging, backups: { path: `${backups}/../backups` } }],
  })
  after(() => installation.remove())

  it('each get back what was theirs, whichever safety backup is the newest by its name', async () => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
    makeDatabase(join(backups, 'daily', 'staging_daily_20260215_020015.db'), { rows: 4 })
    await installation.start()
    installation.drop('inc-1', { source: { backupId: 'BKP-20260215-020015-daily' } })
    assert.equal((await installation.ended('inc-1')).phase, 'Succeeded')
    const [production] = safetyBackups(backups)
    installation.drop('inc-2', { target: 'staging', source: { backupId: 'BKP-20260215-020015-daily' } })
    assert.equal((await installation.ended('inc-2')).phase, 'Succeeded')
    const ofStaging = basename(safetyBackups(backups).find((path) => path !== production) ?? '')

    const undone = installation.cli('rollback', '--target', 'app', '--yes')
    assert.equal(undone.status, 0, undone.stderr)
    assert.equal(countRows(database), 90)
    assert.equal(countRows(staging), 4)

    const listed = installation.cli('get', 'safety', '--target', 'app', '-o', 'name').stdout
    assert.ok(!listed.includes(ofStaging), listed)
    const foreign = installation.cli('rollback', '--target', 'app', '--to', ofStaging, '--yes', '--lang', 'en')
    assert.equal(foreign.status, 7, foreign.stderr)
    assert.match(foreign.stderr, /is a safety backup of the target staging \(restore inc-2\), not of app/)
    installation.drop('inc-3', { source: { safetyBackup: { name: ofStaging } } })
    assert.equal((await installation.ended('inc-3')).status.reason, 'WrongTarget')
    assert.equal(countRows(database), 90)
  })

  it('restore a file that nobody recorded only for its name, and say so', () => {
    const stray = 'restore_safety_20360101000000.db'
    makeDatabase(join(folder, 'stray.db'), { rows: 33, wal: false })
    copyFileSync(join(folder, 'stray.db'), join(backups, stray))
    const { status, stderr } = installation.cli('rollback', '--target', 'app', '--to', stray, '--yes', '--lang', 'en')
    assert.equal(status, 0, stderr)
    assert.match(
      stderr,
      /warning: restore_safety_20360101000000\.db: the state store does not know it as a safety backup of app, and staging keep/,
    )
    assert.equal(countRows(database), 33)
  })
})
