import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'

import { verifyBackup, type BackupVerification } from '../../src/api/backup-verification.ts'
import { loadConfiguration } from '../../src/daemon/config.ts'
import { createDatabaseOperations, type DatabaseClient } from '../../src/database/client.ts'
import { systemClock } from '../../src/domain/clock.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { makeAbsorbedBackup, makeBackup, makeDatabase, sha256, writeChecksums } from '../support/files.ts'
import { Workplace } from '../cli/workplace.ts'

let place: Workplace
let database: DatabaseClient

before(() => {
  database = createDatabaseOperations({ lockFile: null })
})
after(() => database.close())

beforeEach(() => {
  place = new Workplace()
})
afterEach(() => {
  place.close()
})

const ID = 'BKP-20260215-020015-daily'

function verify(id = ID): Promise<BackupVerification> {
  const [target] = loadConfiguration(place.config).targets
  return verifyBackup(target!, id, { database, clock: systemClock, scratchDir: join(place.root, 'scratch') })
}

/** Name and result of each check, in order. */
function results({ checks }: BackupVerification): string[] {
  return checks.map(({ name, result }) => `${name} ${result}`)
}

/** Every file of the backup directory with its content. */
function contents(): Record<string, string> {
  const names = readdirSync(place.backups, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'))
  return Object.fromEntries(names.map((name) => [name, sha256(join(place.backups, name))]))
}

/** Damages a page that integrity_check reads. */
function damage(path: string): void {
  const bytes = readFileSync(path)
  bytes.fill(0x5a, 4096, 4096 + 600)
  writeFileSync(path, bytes)
}

describe('verifying a backup', () => {
  it('passes a sound one in five checks and changes nothing in the backup directory (R87, R89)', async () => {
    place.backup('daily', '20260215_020015')
    const seen = contents()
    const verification = await verify()
    assert.deepEqual(results(verification), [
      'file_exists pass',
      'file_size pass',
      'checksum pass',
      'integrity pass',
      'tables pass',
    ])
    assert.equal(verification.passed, true)
    assert.equal(verification.checks[4]?.message, '2 tables')
    assert.deepEqual(contents(), seen)
    assert.deepEqual(readdirSync(join(place.root, 'scratch')), [])
  })

  it('counts what lies in the -wal: the set is judged, not its main file', async () => {
    makeBackup(place.backups, 'daily', '20260215_020015', { rows: 40, uncheckpointed: true })
    const seen = contents()
    assert.equal((await verify()).passed, true)
    assert.deepEqual(contents(), seen)
  })

  it('compares a set whose recorded -wal was absorbed with its dump, as a restore does', async () => {
    const db = join(place.backups, 'daily/app_daily_20260215_020015.db')
    makeAbsorbedBackup(db, 70, 70)
    const [, , proven] = (await verify()).checks
    assert.match(
      `${proven?.result}: ${proven?.message}`,
      /^pass: .*-wal, which is recorded, was absorbed .* with 70 rows/,
    )
    rmSync(db)
    makeAbsorbedBackup(db, 70, 69)
    const [, , refuted] = (await verify()).checks
    assert.match(`${refuted?.result}: ${refuted?.message}`, /^fail: .* table incidents has 70 rows, and 69 in/)
  })

  it('takes the id in either spelling (D1)', async () => {
    place.backup('daily', '20260215_020015')
    assert.equal((await verify('BKP-20260215020015-daily')).backupId, ID)
  })

  it('skips the checksum where none is recorded (manual 6.1)', async () => {
    const path = place.backup('daily', '20260215_020015')
    rmSync(path.replace(/\.db$/, '.sha256'))
    const verification = await verify()
    assert.equal(results(verification)[2], 'checksum skip')
    assert.equal(verification.passed, true)
  })

  it('fails one whose bytes are not the recorded ones', async () => {
    const path = place.backup('daily', '20260215_020015')
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(4096)]))
    const verification = await verify()
    assert.equal(results(verification)[2], 'checksum fail')
    assert.equal(verification.checks[2]?.message, 'Backup file checksum mismatch. The file may be corrupted.')
    assert.equal(verification.passed, false)
  })

  it('fails one that is damaged though its checksum fits', async () => {
    const path = place.backup('daily', '20260215_020015', 500)
    damage(path)
    writeChecksums(path)
    const verification = await verify()
    assert.deepEqual(results(verification).slice(2, 4), ['checksum pass', 'integrity fail'])
    assert.match(
      verification.checks[3]?.message ?? '',
      /^Backup file integrity check failed\. The backup may be corrupted\./,
    )
  })

  it('fails one that is no database at all', async () => {
    const path = place.backup('daily', '20260215_020015')
    writeFileSync(path, 'not a database, but long enough to have a header'.repeat(100))
    writeChecksums(path)
    assert.equal(results(await verify())[3], 'integrity fail')
  })

  it('fails an empty file for its size, and looks no further', async () => {
    const path = place.backup('daily', '20260215_020015')
    truncateSync(path)
    assert.deepEqual(results(await verify()).slice(0, 2), ['file_exists pass', 'file_size fail'])
  })

  it('fails a database without a table', async () => {
    const path = place.backup('daily', '20260215_020015')
    makeDatabase(path, { rows: 0, tables: ['only'] })
    const { default: Database } = await import('better-sqlite3')
    const emptied = new Database(path)
    emptied.pragma('journal_mode = DELETE')
    emptied.exec('DROP TABLE only')
    emptied.close()
    writeChecksums(path)
    const verification = await verify()
    assert.deepEqual(results(verification).slice(3), ['integrity pass', 'tables fail'])
  })

  it('does not know an id that names nothing', async () => {
    place.backup('daily', '20260215_020015')
    await assert.rejects(
      verify('BKP-20260215-020016-daily'),
      (error: unknown) =>
        error instanceof RestoreError &&
        error.reason === 'BackupNotFound' &&
        error.message === 'Backup not found: BKP-20260215-020016-daily',
    )
  })

  it('verifies a safety backup by its name (manual 5.4)', async () => {
    const path = place.backup('daily', '20260215_020015')
    cpSync(path, join(place.backups, 'restore_safety_20260215150530.db'))
    const verification = await verify('restore_safety_20260215150530.db')
    assert.equal(verification.passed, true)
    assert.equal(verification.backupId, 'restore_safety_20260215150530.db')
  })
})
