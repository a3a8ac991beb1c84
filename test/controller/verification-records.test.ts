import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, afterEach, describe, it } from 'node:test'

import Database from 'better-sqlite3'

import type { VerificationRecord } from '../../src/controller/verification-records.ts'
import { holders } from '../../src/database/holders.ts'
import { lockPath } from '../../src/database/place.ts'
import { acquireFileLock } from '../../src/sandbox/file-lock.ts'
import { makeBackup, sha256 } from '../support/files.ts'
import { InProcess } from '../support/in-process.ts'
import { until } from '../support/installation.ts'

const TABLE = 'backup_audit_logs'
const SCHEMA = `CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT);
  INSERT INTO users VALUES (7, 'admin'), (8, 'bob');
  CREATE TABLE ${TABLE} (id INTEGER PRIMARY KEY, operation TEXT CHECK (operation IN ('restore', 'verify')), backup_id TEXT,
    user_id INTEGER NOT NULL REFERENCES users, username TEXT, status TEXT, error_message TEXT, details TEXT, created_at TEXT)`

describe('the record of a verification in the database of the application', { timeout: 120_000 }, () => {
  const world = new InProcess({ rows: 60, tables: ['incidents'] })
  const application: Database.Database[] = []
  const { database, log } = world
  const backups = { ...world.target.backups, auditTable: TABLE, auditUser: 'admin' }
  const target = { ...world.target, backups }
  const { verifications } = world.controller

  function open(): Database.Database {
    const connection = new Database(database)
    application.push(connection)
    return connection
  }

  function record(uid: string, changes: Partial<VerificationRecord> = {}): VerificationRecord {
    const checks = { file_exists: 'pass', checksum: 'pass' }
    return { target, uid, backupId: 'BKP-1', username: 'bob', failure: null, checks, ...changes }
  }

  function close(): void {
    for (const connection of application.splice(0)) connection.close()
  }

  function rows(): unknown[] {
    const connection = new Database(database, { readonly: true })
    try {
      return connection
        .prepare(
          `SELECT operation, backup_id, user_id, username, status, error_message, details FROM ${TABLE} ORDER BY id`,
        )
        .raw()
        .all()
    } finally {
      connection.close()
    }
  }

  const setUp = open()
  setUp.exec(SCHEMA)
  close()

  afterEach(close)
  after(() => world.remove())

  it('is a row of the one who asked, or of the configured user where the application does not know that one', async () => {
    open().pragma('user_version')
    await verifications.write(record('uid-1'))
    await verifications.write(record('uid-1'))
    await verifications.write(record('uid-2', { username: 'root', failure: 'checksum: it differs' }))
    const checks = { file_exists: 'pass', checksum: 'pass' }
    assert.deepEqual(rows(), [
      ['verify', 'BKP-1', 8, 'bob', 'success', null, JSON.stringify({ checks, uid: 'uid-1' })],
      [
        'verify',
        'BKP-1',
        7,
        'admin',
        'failure',
        'checksum: it differs',
        JSON.stringify({ actor: 'root', checks, uid: 'uid-2' }),
      ],
    ])
    assert.ok(!readdirSync(dirname(database)).includes('app.db.modosu-lock'))
  })

  const before = (): readonly [string, readonly string[]] => [sha256(database), readdirSync(dirname(database)).sort()]

  it('is not written where nobody has the database open, and nothing of it is changed', async () => {
    const seen = before()
    await verifications.write(record('nobody'))
    assert.deepEqual(before(), seen)
    assert.match(log.lines.at(-1)?.message ?? '', /is not recorded in the database: nobody is seen to have/)
  })

  it('is not written while another process restores the database', async () => {
    open().pragma('user_version')
    const lock = acquireFileLock(lockPath(database))
    const seen = before()
    await verifications.write(record('locked'))
    assert.deepEqual(before(), seen)
    lock?.release({ remove: true })
    assert.match(log.lines.at(-1)?.message ?? '', /another process restores/)
  })

  it('makes a restore wait that begins meanwhile, and is not written once one has begun', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, tables: ['incidents'] })
    open().exec('BEGIN IMMEDIATE')
    const written = verifications.write(record('meanwhile'))
    const isOpened = async () => (await holders({ paths: [database] })).holders.length > 0
    await until(isOpened, 'see the writer wait for the application', () => '')
    world.store.onCommit((_request, { to }) => {
      if (to === 'Preflight') setImmediate(close)
    })
    const found: boolean[] = []
    world.at.set('Preflight.begin', () => {
      found.push(existsSync(lockPath(database)))
      void verifications.write(record('too-late'))
    })
    const { phase, status } = await world.run('restore')
    await written
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.deepEqual(found, [false])
    assert.ok(log.lines.some(({ message }) => message.endsWith('is under way')))
  })
})
