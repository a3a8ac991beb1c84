import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { MirrorResult } from '../../src/database/records-contract.ts'
import { answer, database, filled, SOON, WAL, world } from './world.ts'

const { operations, folder } = world('mirror-hostile')

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT)'
const COLUMNS =
  'id INTEGER PRIMARY KEY, operation TEXT, backup_id TEXT, user_id INTEGER, username TEXT, status TEXT, error_message TEXT, details TEXT, created_at TEXT'
const PLAIN = `CREATE TABLE backup_audit_logs (${COLUMNS})`
const A_ROW =
  "INSERT INTO backup_audit_logs (operation, username, created_at) VALUES ('create', 'admin', '2026-02-01 01:00:00')"
const COSTLY = 'length(randomblob(200000000)) > 0'

/** Mirrors one row and the record of the restore into a database of that schema. */
async function mirrorInto(...schema: readonly string[]): Promise<MirrorResult & { readonly app: string }> {
  const home = folder()
  const app = join(home, 'app.db')
  database(app, WAL, filled('incidents', 20), USERS, "INSERT INTO users VALUES (1, 'admin')", ...schema)
  database(join(home, 'previous.db'), WAL, USERS, PLAIN, A_ROW)
  const audit = {
    uid: 'uid-1',
    backupId: 'BKP-1',
    username: 'admin',
    auditUser: null,
    status: 'success',
    errorMessage: null,
    details: {},
    at: '2026-02-03T04:05:06.789Z',
  } as const
  const request = {
    database: app,
    previous: join(home, 'previous.db'),
    catalogTable: null,
    auditTable: 'backup_audit_logs',
    audit,
  }
  return { ...(await operations.mirror(request, SOON)), app }
}

const HOSTILE: readonly (readonly [string, RegExp, readonly string[]])[] = [
  [
    'a trigger that empties another table',
    /it has the trigger t;/,
    [PLAIN, 'CREATE TRIGGER t AFTER INSERT ON backup_audit_logs BEGIN DELETE FROM incidents; END'],
  ],
  [
    'a trigger under another spelling of its name',
    /it has the trigger t;/,
    [PLAIN, 'CREATE TRIGGER t BEFORE INSERT ON "BACKUP_AUDIT_LOGS" BEGIN DELETE FROM incidents; END'],
  ],
  [
    'a view whose trigger writes elsewhere',
    /it is a view|it has the trigger/,
    [
      `CREATE TABLE real (${COLUMNS})`,
      'CREATE VIEW backup_audit_logs AS SELECT * FROM real',
      'CREATE TRIGGER t INSTEAD OF INSERT ON backup_audit_logs BEGIN DELETE FROM incidents; END',
    ],
  ],
  [
    'a costly CHECK',
    /its schema calls randomblob;/,
    [`CREATE TABLE backup_audit_logs (${COLUMNS}, CHECK (${COSTLY}))`],
  ],
  [
    'a costly CHECK under quotes',
    /its schema calls randomblob;/,
    [`CREATE TABLE backup_audit_logs (${COLUMNS}, CHECK (length("randomblob" /* ( */ (200000000)) > 0))`],
  ],
  [
    'a pattern in a CHECK',
    /its schema calls LIKE;/,
    [`CREATE TABLE backup_audit_logs (${COLUMNS}, CHECK (operation LIKE '%a%'))`],
  ],
  [
    'a generated column',
    /its schema calls hex;/,
    [`CREATE TABLE backup_audit_logs (${COLUMNS}, g TEXT GENERATED ALWAYS AS (hex(zeroblob(200000000))) STORED)`],
  ],
  [
    'an index on a costly expression',
    /its index i calls printf;/,
    [PLAIN, "CREATE INDEX i ON backup_audit_logs (length(printf('%.*c', 200000000, username)))"],
  ],
  [
    'a virtual table',
    /it is a virtual table;/,
    ['CREATE VIRTUAL TABLE backup_audit_logs USING fts5(operation, username, details, created_at)'],
  ],
]

describe('a backup whose audit table does more than hold rows', { timeout: 60_000 }, () => {
  for (const [what, why, schema] of HOSTILE) {
    it(`is not written to: ${what}`, async () => {
      const { warnings, auditRows, app } = await mirrorInto(...schema)
      assert.match(warnings.join('\n'), why)
      assert.equal(auditRows, 0)
      assert.equal(answer(app, 'SELECT count(*) FROM incidents'), 20)
    })
  }

  it('keeps a row that REPLACE would delete, and what would go with it', async () => {
    const { app, auditRows } = await mirrorInto(
      `CREATE TABLE backup_audit_logs (${COLUMNS}, UNIQUE (operation) ON CONFLICT REPLACE)`,
      "INSERT INTO backup_audit_logs (id, operation, username, created_at) VALUES (5, 'create', 'admin', '2026-01-01 01:00:00')",
      'CREATE TABLE notes (id INTEGER PRIMARY KEY, log INTEGER REFERENCES backup_audit_logs (id) ON DELETE CASCADE)',
      'INSERT INTO notes VALUES (1, 5)',
    )
    assert.equal(answer(app, 'SELECT count(*) FROM notes'), 1)
    assert.equal(auditRows, 1, 'the record of the restore')
  })

  it('is written to where it only checks and defaults, as the real one does', async () => {
    const { app, warnings, auditRows } = await mirrorInto(
      "CREATE TABLE `backup_audit_logs` (`id` integer not null primary key autoincrement, `operation` text check (`operation` in ('create', 'restore')) not null, " +
        '`backup_id` varchar(100) null, `user_id` integer null, `username` varchar(255) not null, `status` text, `error_message` text null, ' +
        '`details` text null check (details is null or json_valid(details)), `amount` decimal(10, 2) default (round(1.5)), ' +
        "`created_at` datetime not null default (datetime('now')), foreign key(`user_id`) references `users`(`id`) on delete CASCADE)",
      'CREATE INDEX `idx_backup_audit_operation` on `backup_audit_logs` (`operation`)',
      'CREATE INDEX names ON backup_audit_logs (lower(username))',
    )
    assert.deepEqual([warnings, auditRows], [[], 2])
    assert.equal(answer(app, 'SELECT count(*) FROM incidents'), 20)
  })

  it('takes back a row that changes another table by a foreign key', async () => {
    const home = folder()
    const catalog = 'CREATE TABLE backup_logs (id INTEGER PRIMARY KEY, backup_id TEXT UNIQUE, status TEXT UNIQUE)'
    const app = join(home, 'app.db')
    database(
      app,
      WAL,
      catalog,
      "INSERT INTO backup_logs VALUES (1, 'BKP-1', 'in_progress')",
      'CREATE TABLE jobs (id INTEGER PRIMARY KEY, state TEXT REFERENCES backup_logs (status) ON UPDATE CASCADE)',
      "INSERT INTO jobs VALUES (1, 'in_progress')",
    )
    database(join(home, 'previous.db'), WAL, catalog, "INSERT INTO backup_logs VALUES (1, 'BKP-1', 'success')")
    const audit = {
      uid: '',
      backupId: '',
      username: '',
      auditUser: null,
      status: 'success',
      errorMessage: null,
      details: {},
      at: '2026-02-03T04:05:06.789Z',
    } as const
    const request = {
      database: app,
      previous: join(home, 'previous.db'),
      catalogTable: 'backup_logs',
      auditTable: null,
      audit,
    }
    const { warnings, catalogRows } = await operations.mirror(request, SOON)
    assert.match(warnings.join(), /changes other rows as well/)
    assert.equal(catalogRows, 0)
    assert.equal(answer(app, 'SELECT state FROM jobs'), 'in_progress')
  })
})
