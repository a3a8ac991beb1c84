import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { StatementSplitter } from '../../src/database/sql-statements.ts'
import { SOON, world } from './world.ts'

const { operations, folder } = world('dump')

const SCHEMA = [
  `CREATE TABLE "it's" (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT, twice AS (id * 2))`,
  'CREATE TABLE kinds (v, w REAL, CHECK (v IS NOT 4711))',
  'CREATE TABLE pairs (a, b, PRIMARY KEY (b, a)) WITHOUT ROWID',
  'CREATE TABLE empty (x) -- nothing; yet',
  'CREATE INDEX by_note ON "it\'s" (note)',
  "CREATE VIEW notes AS SELECT note FROM \"it's\" WHERE note <> ';'",
  `CREATE TRIGGER t AFTER INSERT ON kinds BEGIN INSERT INTO pairs VALUES ('x;', 1); DELETE FROM empty; END`,
]
const ROWS = [
  `INSERT INTO "it's" (note) VALUES ('a;b'), ('it''s -- none'), (NULL), ('/* ' || char(10) || ' */'), ('日本語')`,
  `DELETE FROM "it's" WHERE id = 1`,
  `INSERT INTO pairs VALUES (1, 'z'), (2, 'a')`,
]
const KINDS = `INSERT INTO kinds VALUES (9223372036854775807, 0.1), ('1', 1e300), (1, -0.0), (1.5, NULL), (x'00ff', 3), ('', 4), ('', 4)`

/** As SQLite's own `.dump` writes it. */
function dumpOf(path: string): string {
  const connection = new Database(path)
  const lines = ['PRAGMA foreign_keys=OFF;', 'BEGIN TRANSACTION;']
  const objects = connection
    .prepare<[], { type: string; name: string; sql: string }>(
      "SELECT type, name, sql FROM sqlite_schema WHERE sql <> '' ORDER BY type <> 'table'",
    )
    .all()
  for (const { type, name, sql } of objects) {
    if (name === 'sqlite_sequence') lines.push('DELETE FROM sqlite_sequence;')
    else lines.push(`${sql.replace(/^CREATE TABLE (["'])/, 'CREATE TABLE IF NOT EXISTS $1')}\n;`)
    if (type !== 'table') continue
    const columns = (connection.pragma(`table_info("${name}")`) as { name: string }[]).map(
      (each) => `quote("${each.name}")`,
    )
    const rows = connection
      .prepare(`SELECT ${columns.join(" || ',' || ")} FROM "${name}" ORDER BY 1 DESC`)
      .pluck()
      .all()
    for (const row of rows) lines.push(`INSERT INTO ${/^\w+$/.test(name) ? name : `"${name}"`} VALUES(${String(row)});`)
  }
  connection.close()
  return `${[...lines, 'COMMIT;'].join('\n')}\n`
}

function made(...more: readonly string[]): { path: string; home: string } {
  const home = folder()
  const path = join(home, 'app.db')
  const connection = new Database(path)
  for (const sql of [...SCHEMA.slice(0, 6), ...ROWS, KINDS, SCHEMA[6] ?? '', ...more]) connection.exec(sql)
  connection.close()
  return { path, home }
}

async function compared(path: string, text: string | Buffer, packed = gzipSync(text)) {
  const dump = join(folder(), 'x.sql.gz')
  writeFileSync(dump, packed)
  return operations.compareWithDump(path, dump, SOON)
}

describe('a database and its SQL dump', { timeout: 60_000 }, () => {
  for (const pragma of ['journal_mode = DELETE', 'journal_mode = WAL', 'encoding = "UTF-16le"']) {
    it(`are the same where every table has the rows of the dump, in any order: ${pragma}`, async () => {
      const home = folder()
      const path = join(home, 'app.db')
      const connection = new Database(path)
      connection.pragma(pragma)
      for (const sql of [...SCHEMA.slice(0, 6), ...ROWS, KINDS, SCHEMA[6] ?? '']) connection.exec(sql)
      connection.close()
      const before = readFileSync(path)
      const packed = gzipSync(dumpOf(path))
      assert.deepEqual(await compared(path, '', packed), {
        difference: null,
        sha256: createHash('sha256').update(packed).digest('hex'),
        tables: 5,
        rows: 4 + 7 + 2 + 1,
      })
      assert.deepEqual([readdirSync(home), readFileSync(path).equals(before)], [['app.db'], true])
    })
  }

  for (const change of [
    `UPDATE "it's" SET note = 'other' WHERE id = 3`,
    'DELETE FROM pairs WHERE a = 1',
    "INSERT INTO pairs VALUES (3, 'b')",
    'INSERT INTO empty VALUES (1)',
    "UPDATE kinds SET v = '1' WHERE typeof(v) = 'integer' AND v = 1",
    'UPDATE kinds SET w = 0.10000000000000002 WHERE w = 0.1',
    "DELETE FROM kinds WHERE rowid = 7; INSERT INTO kinds VALUES ('', 5)",
    'CREATE TABLE more (x)',
    'DROP INDEX by_note',
    'DROP TRIGGER t; CREATE TRIGGER t AFTER INSERT ON kinds BEGIN SELECT 1; END',
    'UPDATE sqlite_sequence SET seq = 4711',
  ]) {
    it(`are not where the database was changed: ${change}`, async () => {
      const text = dumpOf(made().path)
      const { difference, sha256 } = await compared(made(change).path, text)
      assert.ok(difference !== null && sha256 === null)
    })
  }

  it('are not where the dump is torn, at any place', async () => {
    const { path } = made()
    const packed = gzipSync(dumpOf(path))
    for (const length of [0, 1, 20, packed.length >> 1, packed.length - 9, packed.length - 1]) {
      assert.notEqual((await compared(path, '', packed.subarray(0, length))).difference, null, String(length))
    }
    const text = dumpOf(path)
    for (const end of [text.indexOf('INSERT'), text.lastIndexOf('INSERT') + 20]) {
      assert.notEqual((await compared(path, text.slice(0, end))).difference, null, String(end))
    }
  })

  it('are never compared by running what is no part of a dump', async () => {
    const { path, home } = made()
    const text = dumpOf(path)
    const file = join(home, 'planted.db')
    for (const hostile of [
      `ATTACH '${file}' AS x;`,
      `VACUUM INTO '${file}';`,
      'PRAGMA writable_schema=ON;',
      "INSERT INTO sqlite_schema VALUES('table','v','v',0,'CREATE VIRTUAL TABLE v USING fts5(x)');",
      'CREATE VIRTUAL TABLE v USING fts5(x);',
      `CREATE TABLE kinds2 (x); ATTACH '${file}' AS y;`,
      `CREATE TEMP TRIGGER a BEFORE INSERT ON kinds BEGIN SELECT 1; END;`,
      'ROLLBACK;',
      'DROP TABLE kinds;',
      'SELECT 1;',
    ]) {
      const { difference } = await compared(path, text.replace('COMMIT;', `${hostile}\nCOMMIT;`))
      assert.notEqual(difference, null, hostile)
    }
    assert.deepEqual(readdirSync(home), ['app.db'])
  })

  it('are compared in bounded memory, and a dump that unpacks to far more is given up', async () => {
    const { path } = made()
    const { difference } = await compared(path, Buffer.alloc(80 * 1024 * 1024, '-- nothing\n'))
    assert.equal(difference, 'the dump is far larger than the database')
  })

  it('are not compared through a link', async () => {
    const { path, home } = made()
    writeFileSync(join(home, 'real'), gzipSync(dumpOf(path)))
    symlinkSync('real', join(home, 'x.sql.gz'))
    await assert.rejects(operations.compareWithDump(path, join(home, 'x.sql.gz'), SOON), { reason: 'PermissionDenied' })
  })
})

describe('the statements of a dump', () => {
  it('are the same however the text is torn into pieces', () => {
    const text = dumpOf(made().path)
    const whole = new StatementSplitter().add(text)
    assert.equal(whole.filter((statement) => statement.startsWith('CREATE TRIGGER')).length, 1)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (lengths) => {
        const splitter = new StatementSplitter()
        const statements: string[] = []
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const length = lengths[turn % lengths.length] ?? 1
          statements.push(...splitter.add(text.slice(at, at + length)))
          at += length
        }
        assert.deepEqual(statements, whole)
        assert.equal(splitter.rest(), '')
      }),
    )
  })
})
