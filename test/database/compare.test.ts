import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { CompareRequest, Comparison, TableComparison } from '../../src/database/look-contract.ts'
import { DIFFERENCES, makeEveryKind, SKIPPED } from './every-kind.ts'
import { database, filled, rejection, SOON, WAL, world } from './world.ts'

const { operations, folder } = world('compare')

async function compared(request: Pick<CompareRequest, 'present' | 'backup'> & Partial<CompareRequest>) {
  return operations.compare({ tables: null, rows: 3, budgetMs: null, ...request }, SOON)
}

function of(comparison: Comparison, table: string): TableComparison {
  const found = comparison.tables.find((each) => each.table === table)
  assert.ok(found !== undefined, table)
  return found
}

const sqldiff = spawnSync('sqldiff', ['--help']).status === 0

describe('a comparison of two databases', { timeout: 60_000 }, () => {
  it('counts in tables of every kind what vanishes, returns and changes, and says what it leaves out', async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    makeEveryKind(present, backup)
    const comparison = await compared({ present, backup })
    for (const [table, figures] of Object.entries(DIFFERENCES)) {
      const { vanish, return: back, change, remark } = of(comparison, table)
      assert.deepEqual([vanish, back, change, remark], [...figures, null], table)
    }
    for (const [table, why] of Object.entries(SKIPPED)) {
      assert.match(of(comparison, table).remark ?? '', why)
      assert.equal(of(comparison, table).change, null)
    }
    const told = comparison.tables.map(({ table }) => table)
    assert.deepEqual(told.toSorted(), [...Object.keys(DIFFERENCES), ...Object.keys(SKIPPED)].toSorted())
    assert.deepEqual(comparison.schema, [])
  })

  it('finds what sqldiff finds', { skip: sqldiff ? false : 'takes sqldiff (Debian: sqlite3-tools)' }, async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    makeEveryKind(present, backup, 'journal_mode = DELETE')
    const { tables } = await compared({ present, backup, rows: 1000 })
    const run = (...words: string[]): string => {
      const { stdout, stderr, status } = spawnSync('sqldiff', ['--primarykey', ...words, present, backup])
      assert.equal(status, 0, String(stderr))
      return String(stdout)
    }
    // It takes no collation, type or virtual table into account as a person would: those are left out here.
    const like = [
      'numbered',
      'texts',
      'wide',
      'downwards',
      'bare',
      'computed',
      'untouched',
      'odd "name; DROP TABLE bare',
    ]
    for (const name of like) {
      const { vanish, return: back, change } = tables.find(({ table }) => table === name)!
      const summary = run('--summary', '--table', name)
      assert.match(
        summary,
        new RegExp(`: ${change} changes, ${back} inserts, ${vanish} deletes,`),
        `${name}: ${summary}`,
      )
    }
    const { vanishing, returning, changing } = tables.find(({ table }) => table === 'numbered')!
    const sql = run('--table', 'numbered')
    const ids = (pattern: RegExp): number[] =>
      Array.from(sql.matchAll(pattern), ([, id]) => Number(id)).sort((a, b) => a - b)
    const key = (rows: readonly (readonly { value: unknown }[])[]): number[] => rows.map(([id]) => Number(id?.value))
    assert.deepEqual(key(vanishing), ids(/DELETE FROM numbered WHERE id=(\d+)/g))
    assert.deepEqual(key(returning), ids(/INSERT INTO numbered\(id,[^)]*\) VALUES\((\d+)/g))
    assert.deepEqual(key(changing.map((row) => row.key)), ids(/UPDATE numbered SET .* WHERE id=(\d+)/g))
  })

  it('shows values as they are, long ones cut, and of a changed row what is not the same', async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    const tables = ['CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)', "INSERT INTO t VALUES (1, 'same', 1), (2, 2, 2)"]
    database(backup, WAL, ...tables)
    database(
      present,
      WAL,
      ...tables,
      'UPDATE t SET b = 1.0 WHERE id = 1',
      'DELETE FROM t WHERE id = 2',
      `INSERT INTO t VALUES (9007199254740993, printf('%.300c', 'é'), zeroblob(100)), (4, NULL, x'')`,
    )
    const { changing, returning, vanishing } = of(await compared({ present, backup }), 't')
    assert.deepEqual(changing, [
      { key: [{ column: 'id', value: 1n }], columns: [{ column: 'b', present: 1, backup: 1n }] },
    ])
    assert.deepEqual(
      returning[0]?.map(({ value }) => value),
      [2n, 2n, 2n],
    )
    assert.deepEqual(
      vanishing[0]?.map(({ value }) => value),
      [4n, null, { hex: '', bytes: 0 }],
    )
    const [id, text, blob] = vanishing[1] ?? []
    assert.equal(id?.value, 9007199254740993n)
    assert.equal(text?.value, `${'é'.repeat(200)}…`)
    assert.deepEqual(blob?.value, { hex: '00'.repeat(32), bytes: 100 })
  })

  it('tells what only one of them has, tables, columns, indexes and triggers', async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    database(
      backup,
      'CREATE TABLE t (id INTEGER PRIMARY KEY, gone)',
      'CREATE TABLE old (a)',
      'INSERT INTO old VALUES (1)',
    )
    database(
      present,
      'CREATE TABLE T (id INTEGER PRIMARY KEY, later, Also)',
      'CREATE TABLE new_one (a)',
      'INSERT INTO new_one VALUES (1), (2)',
      'CREATE INDEX i ON T (later)',
    )
    const { tables, schema } = await compared({ present, backup })
    const figures = tables.map(({ table, where, vanish, return: back, change }) => [table, where, vanish, back, change])
    assert.deepEqual(figures, [
      ['T', 'both', 0, 0, 0],
      ['new_one', 'present', 2, 0, 0],
      ['old', 'backup', 0, 1, 0],
    ])
    const none = { columnsPresent: [], columnsBackup: [] }
    assert.deepEqual(schema, [
      { type: 'index', name: 'i', where: 'present', ...none },
      { type: 'table', name: 'new_one', where: 'present', ...none },
      { type: 'table', name: 'old', where: 'backup', ...none },
      { type: 'table', name: 'T', where: 'both', columnsPresent: ['later', 'Also'], columnsBackup: ['gone'] },
    ])
  })

  it('counts on both sides, and says why, where rows cannot be paired', async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    database(backup, 'CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL, b)', "INSERT INTO t VALUES ('x', 1)")
    database(present, 'CREATE TABLE t (a TEXT, b PRIMARY KEY NOT NULL)', "INSERT INTO t VALUES ('x', 1), ('y', 2)")
    const { present: now, backup: then, vanish, remark } = of(await compared({ present, backup }), 't')
    assert.deepEqual([now, then, vanish], [2, 1, null])
    assert.match(remark ?? '', /its primary key is another one in the backup/)
  })

  it('pairs rows by number where the primary key holds NULL, and says so', async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    const tables = ['CREATE TABLE t (a TEXT PRIMARY KEY, b)', "INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('x', 3)"]
    database(backup, ...tables)
    database(present, ...tables, 'UPDATE t SET b = 5 WHERE b = 2')
    const { key, vanish, return: back, change, remark, changing } = of(await compared({ present, backup }), 't')
    assert.deepEqual([key, vanish, back, change], [['rowid'], 0, 0, 1])
    assert.match(remark ?? '', /holds NULL/)
    assert.deepEqual(changing[0]?.key, [{ column: 'rowid', value: 2n }])
  })

  it('says that it does not know where its time is up, and has told the smaller tables by then', async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    for (const path of [present, backup]) database(path, filled('large', 5000), filled('small', 5))
    const { tables } = await compared({ present, backup, budgetMs: 0 })
    assert.deepEqual(
      tables.map(({ table, change, remark }) => [table, change, remark]),
      [
        ['large', null, 'not compared: the time was up'],
        ['small', null, 'not compared: the time was up'],
      ],
    )
  })

  it('changes no byte and no time of the two, and leaves nothing beside them', async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    makeEveryKind(present, backup)
    const look = (): string[] =>
      ['.', ...readdirSync(home)].map((name) => {
        const { ino, size, mtimeNs, ctimeNs } = statSync(join(home, name), { bigint: true })
        return [name, ino, size, mtimeNs, ctimeNs].join(' ')
      })
    const before = look()
    await compared({ present, backup })
    assert.deepEqual(look(), before)
  })

  it('does not compare a file that is not whole by itself', async () => {
    const home = folder()
    const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
    makeEveryKind(present, backup)
    database(`${present}-wal`, filled('items', 1))
    await assert.rejects(compared({ present, backup }), rejection('NeedsRecovery', /is not whole without/))
  })
})
