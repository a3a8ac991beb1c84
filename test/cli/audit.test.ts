import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'

import { systemClock } from '../../src/domain/clock.ts'
import { verifyAudit } from '../../src/store/audit-verification.ts'
import { witnessPath } from '../../src/store/audit-witness.ts'
import { openStateReader, stateStorePath } from '../../src/store/reader.ts'
import { openStateStore } from '../../src/store/store.ts'
import { makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const DROP_GUARDS = 'DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete;'

function record(folder: string, ...messages: string[]): void {
  const store = openStateStore(folder, systemClock)
  for (const message of messages) {
    store.recordAudit('app', 'request', {
      operation: 'test',
      actor: 'a',
      status: 'info',
      message,
      backupId: null,
      details: {},
    })
  }
  store.close()
}

describe('the audit log', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modosu-audit-'))
    record(folder, 'one', 'two', 'three', 'four')
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  const verdict = () => {
    const reader = openStateReader(folder)
    try {
      return verifyAudit(folder, reader).verdict
    } finally {
      reader.close()
    }
  }
  const problem = () => verdict().broken?.problem ?? 'none'
  /** As somebody with the file in their hands would do it: the triggers go first. */
  const tamper = (sql: string) => {
    const database = new Database(stateStorePath(folder))
    database.exec(`${DROP_GUARDS} ${sql}`)
    database.close()
  }

  it('is whole as it was written, and refuses change', () => {
    assert.deepEqual([verdict().broken, verdict().records], [null, 4])
    const database = new Database(stateStorePath(folder))
    assert.throws(() => database.exec("UPDATE audit SET message = 'x'"), /append-only/)
    assert.throws(() => database.exec('DELETE FROM audit'), /append-only/)
    database.close()
  })

  it('shows which record was edited, in whatever column', () => {
    for (const [column, value] of [
      ['message', "'forged'"],
      ['actor', "'nobody'"],
      ['at', "'2026-01-01T00:00:00.000Z'"],
      ['details', "'{]'"],
      ['backup_id', "'BKP-1'"],
    ]) {
      const before = new Database(stateStorePath(folder)).prepare('SELECT * FROM audit WHERE id = 2').get()
      tamper(`UPDATE audit SET ${column} = ${value} WHERE id = 2`)
      assert.match(problem(), /^record 2 was edited/, column)
      const database = new Database(stateStorePath(folder))
      database
        .prepare(`UPDATE audit SET ${column} = ? WHERE id = 2`)
        .run((before as Record<string, unknown>)[column ?? ''])
      database.close()
      assert.equal(problem(), 'none')
    }
  })

  it('shows a record that was forged together with its hash', () => {
    tamper(`UPDATE audit SET message = 'forged', hash = '${'a'.repeat(64)}' WHERE id = 4`)
    assert.match(problem(), /^record 4 is not the one that was written at 20/)
  })

  it('shows a removed and a reordered record', () => {
    tamper(
      'UPDATE audit SET id = 9 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 9',
    )
    assert.match(problem(), /^record 2 /)
    tamper(
      'UPDATE audit SET id = 9 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 9',
    )
    assert.equal(problem(), 'none')
    tamper('DELETE FROM audit WHERE id = 3')
    assert.match(problem(), /^record 3.* is missing/)
  })

  it('shows a cut-off end, even one that SQLite’s own counter no longer knows of, and for ever', () => {
    tamper('DELETE FROM audit WHERE id > 2')
    assert.match(problem(), /^record 3.* is missing/)
    tamper("UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit'")
    assert.match(problem(), /^record 3.* is missing/)
    record(folder, 'new three', 'new four', 'new five')
    assert.match(problem(), /^record 3 is not the one that was written/)
  })

  it('shows a cut-off end when its witness is gone too, as long as SQLite’s counter knows of it', () => {
    tamper('DELETE FROM audit WHERE id > 2')
    rmSync(witnessPath(folder))
    assert.match(problem(), /audit\.heads.* is missing/)
    record(folder)
    assert.match(problem(), /^record 3 is missing: the log was cut off, it reached record 4/)
  })

  it('shows an emptied table and a removed state store', () => {
    tamper('DELETE FROM audit')
    assert.match(problem(), /^record 1.* is missing/)
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${stateStorePath(folder)}${suffix}`, { force: true })
    record(folder)
    assert.match(problem(), /^record 1.* is missing/)
  })

  it('shows a witness that was edited', () => {
    const path = witnessPath(folder)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/^2 .*\n/m, ''))
    assert.match(problem(), /^the line of record 2 was removed/)
    writeFileSync(path, text.replace(/^2 /m, 'x '))
    assert.match(problem(), /^line 2 of audit\.heads was edited/)
  })

  it('raises no alarm after a crash at any byte between the two writes, and is whole again after the next start', () => {
    const path = witnessPath(folder)
    const whole = readFileSync(path, 'utf8')
    const third = whole.split('\n').slice(0, 3).join('\n').length + 1
    for (let bytes = third; bytes <= whole.length; bytes += 1) {
      truncateSync(path, bytes)
      assert.equal(problem(), 'none', `cut at ${bytes}`)
      record(folder)
      assert.equal(readFileSync(path, 'utf8'), whole, `cut at ${bytes}`)
    }
    // What a power cut may leave of a line that was not synced.
    truncateSync(path, third)
    appendFileSync(path, `4 ${'\0'.repeat(100)}\n`)
    assert.equal(problem(), 'none')
    record(folder, 'five')
    assert.equal(problem(), 'none')
    assert.equal(verdict().records, 5)
  })

  it('has its guards back at the next start', () => {
    tamper('')
    record(folder)
    const database = new Database(stateStorePath(folder))
    assert.throws(() => database.exec('DELETE FROM audit'), /append-only/)
    database.close()
  })

  it('that could not be witnessed holds up nothing, and is witnessed with the next record', () => {
    const path = witnessPath(folder)
    const store = openStateStore(folder, systemClock)
    const failures: unknown[] = []
    store.onWitnessFailure((error) => failures.push(error))
    const add = (message: string) => {
      const audit = { operation: 'test', actor: 'a', status: 'info', backupId: null, details: {} } as const
      store.recordAudit('app', 'request', { ...audit, message })
    }
    renameSync(path, `${path}.kept`)
    mkdirSync(path)
    add('five')
    assert.equal(failures.length, 1)
    rmdirSync(path)
    renameSync(`${path}.kept`, path)
    assert.equal(problem(), 'none')
    add('six')
    store.close()
    assert.deepEqual([failures.length, problem(), verdict().records], [1, 'none', 6])
    assert.equal(readFileSync(path, 'utf8').trim().split('\n').length, 6)
  })
})

const noShell = spawnSync('sqlite3', ['--version']).status === 0 ? false : 'needs the sqlite3 shell'

describe('modosu audit verify', { skip: noShell }, () => {
  const installation = new Installation()
  after(() => installation.remove())
  const shell = (sql: string) => {
    const { status, stderr } = spawnSync('sqlite3', [stateStorePath(installation.state), sql], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  }

  it('finds what somebody did with the sqlite3 shell, says what to do, and the daemon says it too', async () => {
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 40 })
    await installation.start()
    installation.drop('one', { source: { latest: {} } })
    await installation.ended('one')
    installation.drop('two', { source: { latest: {} }, mode: 'Drill' })
    await installation.ended('two')
    const whole = installation.cli('audit', 'verify')
    assert.equal(whole.status, 0, whole.stderr)
    assert.match(whole.stdout, /^4 records, the chain is whole; head [0-9a-f]{64}$/m)
    const heads = Array.from(installation.log().matchAll(/"auditHead":"([0-9a-f]{64})"/g), ([, head]) => head ?? '')
    assert.equal(heads.length, 2, 'the head is logged at each restore')
    assert.equal(installation.cli('audit', 'verify', '--head', heads[0] ?? '').status, 0)

    shell(`${DROP_GUARDS} DELETE FROM audit WHERE id = 4; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit';`)
    const cut = installation.cli('audit', 'verify')
    assert.equal(cut.status, 1)
    assert.match(
      cut.stderr,
      /tampered with: record 4, written at .*, is missing: it was removed or the log was cut off/,
    )
    assert.match(cut.stderr, /cp -a .*state .*state\.evidence/)
    await installation.stop()
    await installation.start()
    assert.match(installation.log(), /"level":"error".*the audit log was tampered with: record 4/)
    shell("DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'somebody-else' WHERE id = 1")
    assert.match(installation.cli('audit', 'verify').stderr, /tampered with: record 1 was edited/)
    installation.drop('three', { source: { latest: {} } })
    assert.equal((await installation.ended('three')).phase, 'Succeeded', 'evidence stands in the way of no restore')
  })
})
