import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import Database from 'better-sqlite3'
import type { CheckReport } from '../../src/database/contract.ts'
import {
  answer,
  database,
  filled,
  flipPage,
  lackingCollation,
  rejection,
  sha256,
  snapshot,
  SOON,
  WAL,
  world,
} from './world.ts'

const { operations, folder, session } = world('check')
const STAGED = { foreignKeys: true, absorb: true, seal: true }
const LOOK = { foreignKeys: false, absorb: false, seal: false }

function unsound(report: CheckReport): string {
  assert.notDeepEqual(report.integrity, ['ok'])
  assert.deepEqual([report.unverifiable, report.sha256, report.identity], [null, null, null])
  return report.integrity.join('\n')
}

describe('the check of a staged database', { timeout: 60_000 }, () => {
  it('absorbs a -wal that holds everything, and seals the one file that is left', async () => {
    const [home, stage] = [folder(), folder()]
    const [path, staged] = [join(home, 'app.db'), join(stage, 'app.db.new')]
    await session({ path, statements: [WAL, filled('items', 500)], then: 'crash' })
    for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${staged}${suffix}`)
    assert.equal(statSync(staged).size, 4096, 'the premise: the main file is one empty page')
    const report = await operations.check({ path: staged, ...STAGED }, SOON)
    assert.deepEqual(readdirSync(stage), ['app.db.new'])
    assert.deepEqual(report.integrity, ['ok'])
    assert.deepEqual(report.inspection.tables, ['items'])
    assert.equal(report.sha256, sha256(staged))
    const { ino, size, mtimeNs } = statSync(staged, { bigint: true })
    assert.deepEqual(
      [report.identity?.ino, report.identity?.sizeBytes, report.identity?.mtimeNs],
      [String(ino), Number(size), String(mtimeNs)],
    )
    assert.equal(answer(staged, 'SELECT count(*) FROM items'), 500)
  })

  it('finds a damaged page', async () => {
    const path = join(folder(), 'app.db')
    database(path, filled('items', 5000))
    flipPage(path, 10)
    assert.match(unsound(await operations.check({ path, ...STAGED }, SOON)), /page 10|Tree \d+/)
  })

  it('rejects what SQLite does not even open: a damaged schema, a missing end', async () => {
    const home = folder()
    const [schema, end] = [join(home, 'schema'), join(home, 'end')]
    for (const path of [schema, end]) database(path, filled('items', 5000))
    flipPage(schema, 1)
    truncateSync(end, 4096 * 20)
    for (const path of [schema, end]) {
      await assert.rejects(operations.check({ path, ...STAGED }, SOON), rejection('DatabaseCorrupt', new RegExp(path)))
    }
    assert.deepEqual(readdirSync(home), ['end', 'schema'])
  })

  it('finds a row that breaks a CHECK, which a read-only look would not', async () => {
    const path = join(folder(), 'app.db')
    database(
      path,
      'CREATE TABLE items (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0))',
      'PRAGMA ignore_check_constraints = ON; INSERT INTO items (n) VALUES (1), (-1)',
    )
    assert.match(unsound(await operations.check({ path, ...STAGED }, SOON)), /CHECK constraint failed in items/)
  })

  it('refuses what is no database, the empty file above all', async () => {
    const home = folder()
    for (const [name, content] of [
      ['empty', ''],
      ['text', 'hello '.repeat(2000)],
      ['zeros', '\0'.repeat(8192)],
    ] as const) {
      writeFileSync(join(home, name), content)
      await assert.rejects(operations.check({ path: join(home, name), ...STAGED }, SOON), rejection('NotADatabase'))
    }
    // SQLite would take the empty file for a new database and delete the -wal beside it.
    writeFileSync(join(home, 'empty-wal'), 'frames')
    await assert.rejects(operations.check({ path: join(home, 'empty'), ...STAGED }, SOON), rejection('NotADatabase'))
    assert.deepEqual(readdirSync(home), ['empty', 'empty-wal', 'text', 'zeros'])
  })

  it('cannot judge what needs its application’s collation, and seals it for whoever accepts that', async () => {
    const path = join(folder(), 'app.db')
    lackingCollation(path)
    const report = await operations.check({ path, ...STAGED }, SOON)
    assert.match(report.unverifiable ?? '', /no such collation sequence: app_order/)
    assert.equal(report.sha256, sha256(path))
  })

  it('cannot judge what needs its application’s function', async () => {
    const path = join(folder(), 'app.db')
    const connection = new Database(path)
    connection.function('app_rank', { deterministic: true }, (value) => String(value).length)
    connection.exec("CREATE TABLE items (note TEXT); INSERT INTO items VALUES ('a')")
    connection.exec('CREATE INDEX by_rank ON items (app_rank(note))')
    connection.close()
    const report = await operations.check({ path, ...STAGED }, SOON)
    assert.match(report.unverifiable ?? '', /app_rank/)
  })

  it('counts rows without a parent when it is asked to', async () => {
    const path = join(folder(), 'app.db')
    database(
      path,
      'PRAGMA foreign_keys = OFF; CREATE TABLE parents (id INTEGER PRIMARY KEY)',
      'CREATE TABLE children (id INTEGER PRIMARY KEY, parent REFERENCES parents(id))',
      'INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1, 1), (2, 9), (3, 9)',
    )
    const asked = await operations.check({ path, ...LOOK, foreignKeys: true }, SOON)
    assert.deepEqual(asked.integrity, ['ok'])
    assert.equal(asked.foreignKeyViolations, 2)
    assert.deepEqual(asked.foreignKeySample, ['children row 2 -> parents', 'children row 3 -> parents'])
    assert.equal((await operations.check({ path, ...LOOK }, SOON)).foreignKeyViolations, 0)
  })

  it('counts a constraint that refers to no key, and goes on with the other tables', async () => {
    const path = join(folder(), 'app.db')
    database(
      path,
      'PRAGMA foreign_keys = OFF; CREATE TABLE parents (id INTEGER PRIMARY KEY, name)',
      'CREATE TABLE broken (name REFERENCES parents(name)); INSERT INTO broken VALUES (1)',
      'CREATE TABLE children (parent REFERENCES parents(id)); INSERT INTO children VALUES (9)',
    )
    const { foreignKeyViolations, foreignKeySample } = await operations.check({ path, ...STAGED }, SOON)
    assert.equal(foreignKeyViolations, 2)
    assert.match(foreignKeySample.join('\n'), /^broken: foreign key mismatch.*\nchildren row 1 -> parents$/)
  })

  it('is ended at its deadline by a file whose index takes for ever to compute', async () => {
    const path = join(folder(), 'app.db')
    database(path, filled('items', 500), 'CREATE INDEX slow ON items (length(note))')
    const connection = new Database(path)
    connection.unsafeMode(true)
    connection.pragma('writable_schema = ON')
    connection.exec(
      "UPDATE sqlite_schema SET sql = replace(sql, 'note)', 'hex(zeroblob(99000000 + id)))') WHERE name = 'slow'",
    )
    connection.close()
    await assert.rejects(operations.check({ path, ...STAGED }, { deadlineMs: 1500 }), rejection('CheckTimedOut'))
  })

  it('changes nothing in a closed WAL database that it only looks at', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    database(path, WAL, filled('items', 50))
    const before = snapshot(home)
    const report = await operations.check({ path, ...LOOK, seal: true }, SOON)
    assert.deepEqual(snapshot(home), before)
    assert.equal(report.sha256, sha256(path))
  })
})
