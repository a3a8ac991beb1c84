import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import Database from 'better-sqlite3'
import type { MirrorRequest } from '../../src/database/records-contract.ts'
import { answer, database, filled, snapshot, SOON, WAL, world } from './world.ts'

const { operations, folder, session } = world('mirror')

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE)'
const CATALOG =
  'CREATE TABLE backup_logs (id INTEGER PRIMARY KEY AUTOINCREMENT, backup_id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, ' +
  'file_size INTEGER, created_at DATETIME, created_by INTEGER REFERENCES users(id))'
const AUDIT =
  'CREATE TABLE backup_audit_logs (id INTEGER PRIMARY KEY AUTOINCREMENT, ' +
  "operation TEXT NOT NULL CHECK (operation IN ('create', 'restore', 'delete', 'download', 'list', 'verify')), " +
  'backup_id TEXT, user_id INTEGER NOT NULL REFERENCES users(id), username TEXT NOT NULL, ip_address TEXT, ' +
  "user_agent TEXT, status TEXT NOT NULL CHECK (status IN ('success', 'failure')), error_message TEXT, details TEXT, " +
  'created_at DATETIME NOT NULL)'
const SCHEMA = [WAL, USERS, CATALOG, AUDIT]
const USER_OF_RESTORE = "INSERT INTO users VALUES (7, 'admin')"

function audited(id: number, operation: string, user: number, username: string, at: string, details = 'NULL'): string {
  return (
    'INSERT INTO backup_audit_logs (id, operation, backup_id, user_id, username, status, created_at, details) VALUES ' +
    `(${id}, '${operation}', 'BKP-1', ${user}, '${username}', 'success', '${at}', ${details})`
  )
}

function request(home: string, change: Partial<MirrorRequest> = {}): MirrorRequest {
  return {
    database: join(home, 'app.db'),
    previous: join(home, 'previous.db'),
    catalogTable: 'backup_logs',
    auditTable: 'backup_audit_logs',
    audit: {
      uid: 'uid-1',
      backupId: 'BKP-1',
      username: 'admin',
      auditUser: null,
      status: 'success',
      errorMessage: null,
      details: { target: 'app' },
      at: '2026-02-03T04:05:06.789Z',
    },
    ...change,
  }
}

function rows(path: string, sql: string): unknown[] {
  const connection = new Database(path)
  try {
    return connection.prepare(sql).raw().all()
  } finally {
    connection.close()
  }
}

/** The restored database is of the morning; the replaced one knows a backup, a deletion and a user of the afternoon. */
function morningAndAfternoon(): { home: string; app: string } {
  const home = folder()
  const morning = [
    "INSERT INTO backup_logs VALUES (1, 'BKP-1', 'in_progress', NULL, '2026-02-01 01:00:00', 7)",
    audited(1, 'create', 7, 'admin', '2026-02-01 01:00:00', "'no JSON at all'"),
  ]
  database(join(home, 'app.db'), ...SCHEMA, USER_OF_RESTORE, "INSERT INTO users VALUES (8, 'mori')", ...morning)
  database(
    join(home, 'previous.db'),
    ...SCHEMA,
    "INSERT INTO users VALUES (7, 'admin'), (18, 'mori'), (19, 'newcomer')",
    "INSERT INTO backup_logs VALUES (1, 'BKP-1', 'success', 4096, '2026-02-01 01:00:00', 7)",
    "INSERT INTO backup_logs VALUES (2, 'BKP-2', 'success', 8192, '2026-02-02 01:00:00', 18)",
    "INSERT INTO backup_logs VALUES (3, 'BKP-3', 'failure', NULL, '2026-02-03 01:00:00', 19)",
    audited(1, 'create', 7, 'admin', '2026-02-01 01:00:00', "'no JSON at all'"),
    audited(2, 'restore', 18, 'mori', '2026-02-02 02:00:00', "'no JSON either'"),
    audited(3, 'delete', 19, 'newcomer', '2026-02-03 01:00:00'),
  )
  return { home, app: join(home, 'app.db') }
}

describe('mirroring into the restored database', { timeout: 60_000 }, () => {
  it('carries over what is newer, under the same user whatever the number', async () => {
    const { home, app } = morningAndAfternoon()
    const before = snapshot(home, /^app/)
    const result = await operations.mirror(request(home), SOON)
    assert.deepEqual(rows(app, 'SELECT backup_id, status, file_size, created_by FROM backup_logs ORDER BY id'), [
      ['BKP-1', 'success', 4096, 7],
      ['BKP-2', 'success', 8192, 8],
      ['BKP-3', 'failure', null, null],
    ])
    assert.deepEqual(rows(app, 'SELECT operation, user_id, username, created_at FROM backup_audit_logs ORDER BY id'), [
      ['create', 7, 'admin', '2026-02-01 01:00:00'],
      ['restore', 8, 'mori', '2026-02-02 02:00:00'],
      ['restore', 7, 'admin', '2026-02-03 04:05:06'],
    ])
    assert.deepEqual([result.catalogRows, result.auditRows], [3, 2])
    assert.deepEqual(result.warnings, ['backup_audit_logs: 1 rows were left out: there is no user newcomer'])
    assert.deepEqual(rows(app, 'PRAGMA foreign_key_check'), [])
    assert.deepEqual(snapshot(home, /^app/), before, 'the replaced database is only read')
  })

  it('records the restore with its uid, and writes nothing twice', async () => {
    const { home, app } = morningAndAfternoon()
    await operations.mirror(request(home), SOON)
    const all = 'SELECT * FROM backup_audit_logs UNION ALL SELECT *, 0, 0, 0, 0, 0 FROM backup_logs'
    const before = rows(app, all)
    const details = answer(
      app,
      "SELECT details FROM backup_audit_logs WHERE json_valid(details) AND username = 'admin'",
    )
    assert.deepEqual(JSON.parse(String(details)), { target: 'app', uid: 'uid-1' })
    const again = await operations.mirror(request(home), SOON)
    assert.deepEqual([again.catalogRows, again.auditRows], [0, 0])
    assert.deepEqual(rows(app, all), before)
    const other = { ...request(home), audit: { ...request(home).audit, uid: 'uid-2' } }
    assert.equal((await operations.mirror(other, SOON)).auditRows, 1)
  })

  it('books on the configured user whom the application does not know, and says who it was', async () => {
    const { home, app } = morningAndAfternoon()
    const audit = { ...request(home).audit, username: 'root', auditUser: 'mori', status: 'failure' as const }
    const failed = { ...audit, errorMessage: 'rolled back: it did not start' }
    const { warnings } = await operations.mirror(request(home, { previous: null, audit: failed }), SOON)
    assert.deepEqual(warnings, [])
    const sql =
      'SELECT user_id, username, status, error_message, details FROM backup_audit_logs ORDER BY id DESC LIMIT 1'
    const [[user, name, status, message, details] = []] = rows(app, sql) as unknown[][]
    assert.deepEqual([user, name, status, message], [8, 'mori', 'failure', 'rolled back: it did not start'])
    assert.equal((JSON.parse(String(details)) as { actor: string }).actor, 'root')
    const nobody = { ...audit, auditUser: 'nobody', uid: 'uid-3' }
    const refused = await operations.mirror(request(home, { previous: null, audit: nobody }), SOON)
    assert.match(refused.warnings.join(), /no user root; this restore was not recorded in it; nor is there nobody/)
  })

  it('waits for the application, which is up again and writes', async () => {
    const { home, app } = morningAndAfternoon()
    const statements = ["BEGIN IMMEDIATE; INSERT INTO users VALUES (19, 'newcomer')"]
    await session({ path: app, statements, then: 'commit', waitMs: 500 })
    const { warnings } = await operations.mirror(request(home), SOON)
    assert.deepEqual(warnings, [])
    assert.equal(answer(app, "SELECT user_id FROM backup_audit_logs WHERE username = 'newcomer'"), 19)
  })

  it('warns where a table, a column or a user is missing, and does the rest', async () => {
    const home = folder()
    const app = join(home, 'app.db')
    database(app, USERS, AUDIT, "INSERT INTO users VALUES (1, 'somebody')")
    database(join(home, 'previous.db'), filled('items', 5))
    const { catalogRows, auditRows, warnings } = await operations.mirror(request(home), SOON)
    assert.deepEqual([catalogRows, auditRows], [0, 0])
    assert.match(warnings.join('\n'), /backup_logs: no such table/)
    assert.match(warnings.join('\n'), /there is no user admin; this restore was not recorded/)
    const elsewhere = await operations.mirror(request(home, { auditTable: 'nowhere' }), SOON)
    assert.match(elsewhere.warnings.join('\n'), /nowhere: it has no operation, created_at, details/)
  })

  for (const [what, previous] of [
    ['cannot be read', 'previous.db'],
    ['is not there', null],
  ] as const) {
    it(`records the restore though the replaced database ${what}`, async () => {
      const home = folder()
      database(join(home, 'app.db'), ...SCHEMA, USER_OF_RESTORE)
      writeFileSync(join(home, 'previous.db'), 'wreck '.repeat(1000))
      const change = { previous: previous === null ? null : join(home, previous) }
      const { auditRows, warnings } = await operations.mirror(request(home, change), SOON)
      assert.equal(auditRows, 1)
      assert.equal(warnings.length, previous === null ? 0 : 1)
    })
  }
})
