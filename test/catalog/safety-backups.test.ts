import assert from 'node:assert/strict'
import { mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { requireRestorable } from '../../src/catalog/resolve.ts'
import { listSafetyBackups, resolveSafetyBackup } from '../../src/catalog/safety-backups.ts'
import { freeSafetyName } from '../../src/catalog/safety-name.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { BackupFolder } from './backup-folder.ts'

const AT = Date.parse('2026-02-15T15:05:30Z')
const NAME = 'restore_safety_20260215150530.db'

function withReason(reason: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RestoreError)
    assert.equal(error.reason, reason)
    return true
  }
}

describe('the name of a safety backup', { timeout: 60_000 }, () => {
  it('is the manual’s, and counts up where that second is taken', async () => {
    const folder = new BackupFolder()
    assert.equal(await freeSafetyName(folder.path, AT), NAME)
    folder.write(NAME, 'x')
    assert.equal(await freeSafetyName(folder.path, AT), 'restore_safety_20260215150530_2.db')
    folder.write('restore_safety_20260215150530_2.db', 'x')
    assert.equal(await freeSafetyName(folder.path, AT), 'restore_safety_20260215150530_3.db')
  })

  for (const suffix of ['-wal', '-journal', '-shm', '.sha256']) {
    it(`is not free while an orphaned ${suffix} would join the new file`, async () => {
      const folder = new BackupFolder()
      folder.write(`${NAME}${suffix}`, 'x')
      assert.notEqual(await freeSafetyName(folder.path, AT), NAME)
    })
  }

  it('is not free while a dangling link has it', async () => {
    const folder = new BackupFolder()
    symlinkSync('nowhere', join(folder.path, NAME))
    assert.notEqual(await freeSafetyName(folder.path, AT), NAME)
  })
})

describe('the safety backups', { timeout: 60_000 }, () => {
  it('are listed newest first by their digits, the clashing names in their order', async () => {
    const folder = new BackupFolder()
    const names = [
      'restore_safety_20260214150530.db',
      'restore_safety_20260215150530_10.db',
      NAME,
      'restore_safety_20260215150530_2.db',
    ]
    for (const name of names) utimesSync(folder.write(name, 'x'), 1, 1)
    const listed = await listSafetyBackups(folder.target)
    assert.deepEqual(
      listed.map(({ name }) => name),
      [
        'restore_safety_20260215150530_10.db',
        'restore_safety_20260215150530_2.db',
        NAME,
        'restore_safety_20260214150530.db',
      ],
    )
    assert.deepEqual(listed[2], {
      name: NAME,
      path: join(folder.path, NAME),
      sizeBytes: 1,
      mtimeMs: 1000,
      createdAtMs: AT,
      raw: false,
    })
  })

  it('are regular files directly in the backup directory', async () => {
    const folder = new BackupFolder()
    const file = folder.write('daily/restore_safety_20260215150531.db', 'x')
    mkdirSync(join(folder.path, 'restore_safety_20260215150532.db'))
    symlinkSync(file, join(folder.path, 'restore_safety_20260215150533.db'))
    folder.write('restore_safety_20260215150534.db.tmp', 'x')
    folder.write('restore_safety_by-hand.db', 'x')
    assert.deepEqual(
      (await listSafetyBackups(folder.target)).map(({ name }) => name),
      ['restore_safety_by-hand.db'],
    )
  })

  it('are raw with a -wal or a -journal that holds something', async () => {
    const folder = new BackupFolder()
    const raw = async (): Promise<boolean | undefined> => (await listSafetyBackups(folder.target))[0]?.raw
    folder.write(NAME, 'x')
    folder.write(`${NAME}-wal`, '')
    assert.equal(await raw(), false)
    folder.write(`${NAME}-wal`, 'frames')
    assert.equal(await raw(), true)
    rmSync(join(folder.path, `${NAME}-wal`))
    folder.write(`${NAME}-journal`, 'pages')
    assert.equal(await raw(), true)
  })

  it('cannot be listed where the directory is gone', async () => {
    const folder = new BackupFolder()
    rmSync(folder.path, { recursive: true })
    await assert.rejects(listSafetyBackups(folder.target), withReason('BackupDirectoryUnreadable'))
  })
})

describe('a safety backup as a source', { timeout: 60_000 }, () => {
  it('is a set of its name, with the -wal that a raw one brings', async () => {
    const folder = new BackupFolder()
    const db = folder.write(NAME, 'database')
    const wal = folder.write(`${NAME}-wal`, 'frames')
    const set = requireRestorable(await resolveSafetyBackup(folder.target, NAME))
    assert.deepEqual([set.id, set.type, set.db, set.wal, set.createdAtMs], [NAME, 'manual', db, wal, AT])
  })

  it('is refused with a rollback journal, and the reason says what to do', async () => {
    const folder = new BackupFolder()
    folder.write(NAME, 'database')
    folder.write(`${NAME}-journal`, 'pages')
    const set = await resolveSafetyBackup(folder.target, NAME)
    assert.throws(() => requireRestorable(set), withReason('SafetyBackupHasJournal'))
    assert.match(set.problems[0]?.hint ?? '', /sqlite3/)
  })

  for (const name of ['restore_safety_20260215150531.db', '../x.db', 'daily/restore_safety_1.db', 'itsm.db', '']) {
    it(`is not found as ${JSON.stringify(name)}`, async () => {
      const folder = new BackupFolder()
      folder.write('itsm.db', 'x')
      folder.write('daily/restore_safety_1.db', 'x')
      await assert.rejects(resolveSafetyBackup(folder.target, name), withReason('BackupNotFound'))
    })
  }
})
