import assert from 'node:assert/strict'
import { existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import { beside, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup, makeDatabase, sha256 } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

/** What a hook, a clean-up job or a disk may do to a safety backup after it was proven: $1 is its path. */
const HARM = {
  removed: 'rm "$1"',
  truncated: ': > "$1"',
  'changed in place, with its size and time kept':
    'touch -r "$1" "$1.time"; printf X | dd of="$1" bs=1 seek=5000 conv=notrunc 2>/dev/null; touch -r "$1.time" "$1"; rm "$1.time"',
  'replaced by a link': 'mv "$1" "$1.moved"; ln -s "$1.moved" "$1"; printf x >> "$1.moved"',
  'replaced by a directory': 'rm "$1"; mkdir "$1"',
} as const

describe('a safety backup that is no longer what was proven when the old database is to go', () => {
  const installation = new Installation({ live: null })
  const { database, backups, folder } = installation

  before(async () => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
    installation.configure({
      target: {
        rateLimit: { restores: 1000, window: '1h' },
        hooks: {
          postRestore: [
            { name: 'harm', command: ['/bin/sh', '-c', `set -- "$MODOSU_SAFETY_BACKUP"; . '${folder}/harm'`] },
          ],
        },
      },
    })
    await installation.start()
  })
  after(() => installation.remove())

  for (const [index, [harm, script]] of Object.entries(HARM).entries()) {
    it(`gives its place to the old database: ${harm}`, async () => {
      for (const path of safetyBackups(backups)) rmSync(path, { recursive: true, force: true })
      makeDatabase(database, { rows: 90, wal: index % 2 === 0 })
      writeFileSync(`${folder}/harm`, script)
      const name = `harm-${index}`
      installation.drop(name, { source: { latest: { types: ['daily'] } } })
      const { phase, status } = await installation.ended(name)
      assert.equal(phase, 'Succeeded', JSON.stringify(status))
      assert.equal(countRows(database), 40)
      assert.deepEqual(beside(database), [])
      const path = status.safetyBackup?.path ?? ''
      assert.ok(existsSync(path) && lstatSync(path).isFile(), path)
      assert.equal(countRows(path), 90)
      assert.equal(status.safetyBackup?.sha256, sha256(path))
      const events = installation.cli('events', '--for', name).stdout
      assert.match(events, /SafetyBackupReplaced/)
      assert.ok(events.includes(path), events)
    })
  }

  it('serves no interrupted attempt again, which makes another one', async () => {
    for (const path of safetyBackups(backups)) rmSync(path, { recursive: true, force: true })
    writeFileSync(`${folder}/harm`, ':')
    await installation.stop()
    makeDatabase(database, { rows: 90, wal: false })
    const daemon = await installation.start([], { MODOSU_FAILPOINT: 'VerifyingChecksum.begin=SIGKILL' })
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    installation.drop('again', { source: { latest: { types: ['daily'] } } })
    await ended
    const [first = ''] = safetyBackups(backups)
    writeFileSync(first, 'x', { flag: 'r+' })
    await installation.start()
    const { phase, status } = await installation.ended('again')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.notEqual(status.safetyBackup?.path, first)
    assert.equal(countRows(status.safetyBackup?.path ?? ''), 90)
  })
})

describe('a rollback to a safety backup', () => {
  const installation = new Installation({ live: { rows: 90, wal: false } })
  const { database, backups } = installation
  /** The application commits once more after the safety copy was made. */
  const commits = [
    process.execPath,
    '-e',
    `const db = new (require(process.argv[1]))(process.argv[2]); db.exec("INSERT INTO incidents (title) VALUES ('late')"); db.close()`,
    fileURLToPath(import.meta.resolve('better-sqlite3')),
    database,
  ]
  after(() => installation.remove())

  it('keeps the last commits of what it replaces in a safety backup, which the status names', async () => {
    makeDatabase(`${backups}/restore_safety_20260101000000.db`, { rows: 40, wal: false })
    installation.configure({ target: { hooks: { preRestore: [{ command: commits }] } } })
    await installation.start()
    installation.drop('undo', { source: { safetyBackup: { name: 'restore_safety_20260101000000.db' } } })
    const { phase, status } = await installation.ended('undo')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(countRows(database), 40)
    assert.deepEqual(beside(database), [])
    assert.equal(countRows(status.safetyBackup?.path ?? ''), 91)
  })
})
