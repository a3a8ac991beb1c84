import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { database, filled, HALF_A_TRANSACTION, rejection, snapshot, SOON, WAL, world } from './world.ts'

const { operations, folder, session } = world('reading')

describe('looking into a live database', { timeout: 60_000 }, () => {
  it('sees what only the -wal holds, and leaves main file and -wal as they were', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    await session({ path, statements: [WAL, filled('items', 500), filled('others', 20)], then: 'crash' })
    assert.equal(statSync(path).size, 4096, 'the premise: the main file is one empty page')
    const before = snapshot(home, /-shm$/)
    const inspection = await operations.inspect(path, SOON)
    assert.deepEqual(inspection.tables, ['items', 'others'])
    assert.equal(inspection.walMode, true)
    assert.ok(inspection.sizeBytes > 4096, 'the size is the database’s, not the file’s')
    assert.deepEqual(await operations.rowCounts(path, ['items', 'others'], 5000, SOON), [
      { table: 'items', rows: 500 },
      { table: 'others', rows: 20 },
    ])
    assert.deepEqual(snapshot(home, /-shm$/), before)
  })

  it('leaves nothing beside a WAL database that was closed cleanly, and does not touch it', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    database(path, WAL, filled('items', 5))
    const before = snapshot(home)
    assert.deepEqual(Object.keys(before), ['app.db'])
    await operations.inspect(path, SOON)
    await operations.rowCounts(path, ['items'], 1000, SOON)
    await operations.smoke(path, [{ name: 'items', sql: 'SELECT count(*) FROM items' }], SOON)
    await operations.catalogRows(path, 'items', SOON)
    assert.deepEqual(snapshot(home), before)
  })

  it('leaves nothing beside a database in rollback mode', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    database(
      path,
      'PRAGMA application_id = 77; PRAGMA user_version = 9',
      filled('items', 5),
      'CREATE INDEX i ON items(note)',
    )
    const before = snapshot(home)
    const { sizeBytes, ...rest } = await operations.inspect(path, SOON)
    assert.equal(sizeBytes, statSync(path).size)
    assert.deepEqual(rest, {
      pageSize: 4096,
      applicationId: 77,
      userVersion: 9,
      walMode: false,
      tables: ['items'],
      schemaObjects: 2,
    })
    assert.deepEqual(snapshot(home), before)
  })

  it('works beside an application that writes, and follows a link to the database as SQLite does', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    const statements = [WAL, 'CREATE TABLE written (note TEXT)', filled('items', 10)]
    await session({ path, statements, then: 'write' })
    mkdirSync(join(home, 'links'))
    symlinkSync(path, join(home, 'links', 'app.db'))
    const [items] = await operations.rowCounts(join(home, 'links', 'app.db'), ['items'], 5000, SOON)
    assert.deepEqual(items, { table: 'items', rows: 10 })
    assert.deepEqual(readdirSync(join(home, 'links')), ['app.db'])
  })

  it('says that a dead writer’s journal must be rolled back first, and does not do it', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    await session({ path, statements: HALF_A_TRANSACTION, then: 'crash' })
    const before = snapshot(home)
    assert.ok('app.db-journal' in before, 'the premise: a hot journal')
    await assert.rejects(operations.inspect(path, SOON), rejection('NeedsRecovery'))
    assert.deepEqual(snapshot(home), before)
  })

  it('tells what is no database from what is not there', async () => {
    const home = folder()
    const write = (name: string, content: string | Buffer): string => {
      writeFileSync(join(home, name), content)
      return join(home, name)
    }
    const path = join(home, 'app.db')
    database(path, filled('items', 500))
    truncateSync(path, 5000)
    for (const wrong of [
      write('empty', ''),
      write('text', 'hello '.repeat(2000)),
      write('zeros', Buffer.alloc(8192)),
    ]) {
      await assert.rejects(operations.inspect(wrong, SOON), rejection('NotADatabase', new RegExp(wrong)))
      await assert.rejects(operations.readHeader(wrong, SOON), rejection('NotADatabase', new RegExp(wrong)))
    }
    await assert.rejects(operations.inspect(path, SOON), rejection('DatabaseCorrupt'))
    await assert.rejects(operations.inspect(join(home, 'missing'), SOON), rejection('FileNotFound'))
    await assert.rejects(
      operations.readHeader(write('short', 'SQLite format 3\0'), SOON),
      rejection('NotADatabase', /16 bytes/),
    )
  })
})

describe('reading a backup’s header', { timeout: 60_000 }, () => {
  it('needs no SQLite and leaves the folder alone', async () => {
    const home = folder()
    const path = join(home, 'b.db')
    database(
      path,
      'PRAGMA page_size = 65536; PRAGMA application_id = -5; PRAGMA user_version = 3',
      WAL,
      filled('items', 5),
    )
    const before = snapshot(home)
    assert.deepEqual(await operations.readHeader(path, SOON), {
      sizeBytes: statSync(path).size,
      pageSize: 65536,
      applicationId: -5,
      userVersion: 3,
      walMode: true,
    })
    assert.deepEqual(snapshot(home), before)
  })

  it('refuses a link and does not wait for a pipe', async () => {
    const home = folder()
    database(join(home, 'b.db'), filled('items', 5))
    symlinkSync('b.db', join(home, 'link.db'))
    await assert.rejects(operations.readHeader(join(home, 'link.db'), SOON), rejection('PermissionDenied'))
    await assert.rejects(operations.readHeader(home, SOON), rejection('PermissionDenied'))
  })
})

describe('counting rows', { timeout: 60_000 }, () => {
  it('does not know tables that are missing, and quotes any name', async () => {
    const path = join(folder(), 'app.db')
    database(path, 'CREATE TABLE "odd ""name; DROP TABLE x" (a); INSERT INTO "odd ""name; DROP TABLE x" VALUES (1)')
    assert.deepEqual(await operations.rowCounts(path, ['odd "name; DROP TABLE x', 'missing'], 5000, SOON), [
      { table: 'odd "name; DROP TABLE x', rows: 1 },
      { table: 'missing', rows: null },
    ])
  })

  it('leaves out what its time does not suffice for', async () => {
    const path = join(folder(), 'app.db')
    database(path, filled('items', 5))
    assert.deepEqual(await operations.rowCounts(path, ['items'], 0, SOON), [{ table: 'items', rows: null }])
  })
})

describe('smoke queries', { timeout: 60_000 }, () => {
  it('judge the first value of the first row by its bounds', async () => {
    const path = join(folder(), 'app.db')
    database(path, filled('items', 5))
    const sql = 'SELECT count(*) FROM items'
    const results = await operations.smoke(
      path,
      [
        { name: 'enough', sql, min: 5, max: 5 },
        { name: 'few', sql, min: 6 },
        { name: 'many', sql, max: 4 },
        { name: 'any', sql: "SELECT 'x' FROM items" },
        { name: 'text', sql: "SELECT 'x'", min: 1 },
        { name: 'none', sql: 'SELECT id FROM items WHERE id > 99', min: 0 },
        { name: 'wrong', sql: 'SELECT * FROM nowhere' },
      ],
      SOON,
    )
    const passed = results.filter((result) => result.passed).map(({ name }) => name)
    assert.deepEqual(passed, ['enough', 'any'])
    assert.match(results.find(({ name }) => name === 'few')?.message ?? '', /answered 5, expected at least 6/)
    assert.match(results.find(({ name }) => name === 'wrong')?.message ?? '', /no such table: nowhere/)
  })

  it('never write', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    database(path, WAL, filled('items', 5))
    const before = snapshot(home)
    const queries = ['DELETE FROM items RETURNING id', 'DELETE FROM items', 'PRAGMA user_version = 5', 'VACUUM']
    const results = await operations.smoke(
      path,
      queries.map((sql) => ({ name: sql, sql })),
      SOON,
    )
    assert.deepEqual(
      results.map(({ passed }) => passed),
      [false, false, false, false],
    )
    assert.deepEqual(snapshot(home), before)
  })

  it('are ended when they take too long', async () => {
    const path = join(folder(), 'app.db')
    database(path, filled('items', 5))
    const sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'
    await assert.rejects(
      operations.smoke(path, [{ name: 'endless', sql }], { deadlineMs: 800 }),
      rejection('CheckTimedOut'),
    )
  })
})

const NO_RECORD = {
  id: null,
  errorMessage: null,
  metadata: null,
  description: null,
  createdBy: null,
  createdByUsername: null,
  startedAt: null,
  completedAt: null,
}

describe('the application’s catalog', { timeout: 60_000 }, () => {
  it('is read as found, newest first', async () => {
    const path = join(folder(), 'app.db')
    database(
      path,
      'CREATE TABLE backup_logs (backup_id, backup_type, file_path, file_size, checksum, status, created_at, more)',
      "INSERT INTO backup_logs VALUES ('BKP-1', 'daily', '/b/1.db', 10, 'sha256:ABCD', 'success', '2026-01-01 00:00:00', 1)",
      "INSERT INTO backup_logs VALUES ('BKP-2', NULL, x'00', 'big', NULL, 'failure', NULL, 1), (NULL, 1, 1, 1, 1, 1, 1, 1)",
    )
    assert.deepEqual(await operations.catalogRows(path, 'backup_logs', SOON), [
      {
        backupId: 'BKP-2',
        backupType: '',
        filePath: null,
        fileSize: null,
        checksum: null,
        status: 'failure',
        createdAt: null,
        record: NO_RECORD,
      },
      {
        backupId: 'BKP-1',
        backupType: 'daily',
        filePath: '/b/1.db',
        fileSize: 10,
        checksum: 'abcd',
        status: 'success',
        createdAt: '2026-01-01 00:00:00',
        record: NO_RECORD,
      },
    ])
  })

  it('tells what the application keeps for people, the name of who made a backup among it', async () => {
    const path = join(folder(), 'app.db')
    database(
      path,
      'CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT)',
      "INSERT INTO users VALUES (7, 'alice')",
      'CREATE TABLE backup_logs (id INTEGER PRIMARY KEY, backup_id, created_by, error_message, description, started_at)',
      `INSERT INTO backup_logs VALUES (3, 'BKP-1', 7, '${'x'.repeat(3000)}', 'before the update', '2026-01-01'), (4, 'BKP-2', 8, NULL, NULL, NULL)`,
    )
    const [newer, older] = await operations.catalogRows(path, 'backup_logs', SOON)
    assert.deepEqual(newer?.record, { ...NO_RECORD, id: 4, createdBy: 8 })
    assert.equal(older?.record.createdByUsername, 'alice')
    assert.equal(older.record.description, 'before the update')
    assert.equal(older.record.errorMessage?.length, 2001)
  })

  it('is empty where there is none to read', async () => {
    const home = folder()
    database(join(home, 'app.db'), filled('items', 5))
    writeFileSync(join(home, 'text'), 'x'.repeat(5000))
    for (const name of ['app.db', 'text', 'missing']) {
      assert.deepEqual(await operations.catalogRows(join(home, name), 'backup_logs', SOON), [])
    }
  })
})
