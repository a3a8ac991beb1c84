import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import Database from 'better-sqlite3'

import { beside } from '../support/beside.ts'
import { countRows, makeAbsorbedBackup, makeDatabase, sha256, writeChecksums } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const TABLE = 'CREATE TABLE incidents (id INTEGER PRIMARY KEY, title TEXT)'

/** A closed database of so many rows, in rollback mode or in WAL mode with everything in the main file. */
function closed(path: string, rows: number, journalMode = 'DELETE'): void {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path)
  database.pragma(`journal_mode = ${journalMode}`)
  database.exec(`${TABLE}; ${inserting(rows)}`)
  if (journalMode === 'PERSIST') copyFileSync(`${path}-journal`, `${path}-journal.kept`)
  database.close()
  if (journalMode === 'PERSIST') renameSync(`${path}-journal.kept`, `${path}-journal`)
}

function inserting(rows: number): string {
  return (
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) ` +
    "INSERT INTO incidents (title) SELECT 'row ' || i FROM n"
  )
}

/** The `-wal` of another database that was alive when it was copied. */
function foreignWal(to: string, folder: string): void {
  const path = join(folder, 'foreign.db')
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.exec(`${TABLE}; ${inserting(60)}`)
  copyFileSync(`${path}-wal`, to)
  database.close()
  rmSync(path)
}

describe('what lies beside the .db of a backup', { timeout: 300_000 }, () => {
  const installation = new Installation({
    live: { rows: 3, wal: false },
    target: { rateLimit: { restores: 100, window: '1h' } },
  })
  const { backups, database, folder } = installation
  let sets = 0

  before(() => installation.start())
  after(() => installation.remove())

  /** Restores the one set that `make` lays out. The present database has 3 rows each time. */
  async function restored(make: (db: string) => void, sealed = true) {
    rmSync(database, { force: true })
    makeDatabase(database, { rows: 3, wal: false })
    sets += 1
    const digits = `20260215_0200${String(sets).padStart(2, '0')}`
    const db = join(backups, 'daily', `app_daily_${digits}.db`)
    make(db)
    if (sealed) writeFileSync(db.replace(/db$/, 'sha256'), `${sha256(db)}  app_daily_${digits}.db\n`)
    const name = `set-${sets}`
    installation.drop(name, { source: { backupId: `BKP-${digits.replace('_', '-')}-daily` } })
    const request = await installation.ended(name)
    assert.deepEqual(
      beside(database).filter((each) => !each.includes('.broken.')),
      [],
    )
    const succeeded = request.status.conditions.find(({ type }) => type === 'Succeeded')
    return { phase: request.phase, reason: succeeded?.reason, message: succeeded?.message, rows: countRows(database) }
  }

  for (const sealed of [true, false]) {
    const attested = sealed ? 'with' : 'without'
    it(`restores past an empty -wal, in rollback mode and in WAL mode, ${attested} a checksum`, async () => {
      for (const mode of ['DELETE', 'WAL']) {
        const { phase, message, rows } = await restored((db) => {
          closed(db, 20, mode)
          writeFileSync(`${db}-wal`, '')
        }, sealed)
        assert.deepEqual([phase, rows], ['Succeeded', 20], message)
      }
    })
  }

  it('refuses the -wal of another database, whatever mode the backup is in, and restores nothing', async () => {
    for (const mode of ['DELETE', 'WAL']) {
      const outcome = await restored((db) => {
        closed(db, 20, mode)
        foreignWal(`${db}-wal`, folder)
      }, false)
      assert.deepEqual([outcome.phase, outcome.reason, outcome.rows], ['Failed', 'WalMismatch', 3], outcome.message)
    }
  })

  it('restores a -wal that goes on where its database stands, and says that nothing attests it', async () => {
    const outcome = await restored((db) => {
      mkdirSync(dirname(db), { recursive: true })
      makeDatabase(db, { rows: 40, uncheckpointed: true })
    }, false)
    assert.deepEqual([outcome.phase, outcome.rows], ['Succeeded', 40], outcome.message)
    const events = installation.cli('events', '--for', `set-${sets}`, '-o', 'json').stdout
    assert.match(events, /WalNotCovered/)
  })

  it('restores past a journal of PERSIST mode, and refuses one that a writer died with', async () => {
    const cold = await restored((db) => {
      closed(db, 21, 'PERSIST')
    })
    assert.deepEqual([cold.phase, cold.rows], ['Succeeded', 21], cold.message)
    const hot = await restored((db) => {
      closed(db, 22)
      const writer = new Database(db)
      writer.pragma('cache_size = 1')
      writer.pragma('cache_spill = 1')
      writer.exec('BEGIN')
      writer.exec(inserting(20_000))
      copyFileSync(`${db}-journal`, `${db}.journal`)
      copyFileSync(db, `${db}.torn`)
      writer.close()
      renameSync(`${db}.torn`, db)
      renameSync(`${db}.journal`, `${db}-journal`)
      assert.notEqual(readFileSync(`${db}-journal`)[0], 0)
    }, false)
    assert.deepEqual([hot.phase, hot.reason, hot.rows], ['Failed', 'BackupIncomplete', 3])
    assert.match(hot.message ?? '', /in the middle of a transaction/)
  })

  it('refuses a set whose checksum file is a link, in the listing too', async () => {
    const outcome = await restored((db) => {
      closed(db, 23)
      const sum = join(folder, 'sum')
      writeFileSync(sum, `${'0'.repeat(64)}  ${db}\n`)
      symlinkSync(sum, db.replace(/db$/, 'sha256'))
    }, false)
    assert.deepEqual([outcome.phase, outcome.reason, outcome.rows], ['Failed', 'BackupNotRegular', 3])
    assert.match(installation.cli('describe', 'backup', outcomeId(sets)).stdout, /symbolic link/)
  })

  it('restores a backup whose -wal was absorbed where its dump has the same rows, and says so', async () => {
    const outcome = await restored((db) => {
      makeAbsorbedBackup(db, 70, 70)
    }, false)
    assert.deepEqual([outcome.phase, outcome.rows], ['Succeeded', 70], outcome.message)
    const events = installation.cli('events', '--for', `set-${sets}`, '-o', 'json').stdout
    assert.match(events, /WalAbsorbed.*was absorbed by a program that opened the backup: its 1 table with 70 rows/s)
    assert.match(installation.cli('get', 'backup', outcomeId(sets)).stdout, / yes$/m)
  })

  it('refuses it where the dump has another row, naming the table and the file that is gone', async () => {
    const outcome = await restored((db) => {
      makeAbsorbedBackup(db, 70, 69)
    }, false)
    assert.deepEqual([outcome.phase, outcome.reason, outcome.rows], ['Failed', 'BackupIncomplete', 3])
    assert.match(outcome.message ?? '', /\.db-wal, which is recorded, is gone.*table incidents has 70 rows, and 69 in/)
  })

  it('passes over a backup with a -wal that is not its own when the latest one is asked for', async () => {
    rmSync(database, { force: true })
    makeDatabase(database, { rows: 3, wal: false })
    const sound = join(backups, 'daily', 'app_daily_20260301_000000.db')
    closed(sound, 70)
    writeChecksums(sound)
    const newer = join(backups, 'daily', 'app_daily_20260302_000000.db')
    closed(newer, 20)
    foreignWal(`${newer}-wal`, folder)
    installation.drop('latest', { source: { latest: {} } })
    const request = await installation.ended('latest')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(countRows(database), 70)
  })
})

function outcomeId(set: number): string {
  return `BKP-20260215-0200${String(set).padStart(2, '0')}-daily`
}
