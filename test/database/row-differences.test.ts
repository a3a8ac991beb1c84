import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { database, filled, SOON, WAL, world } from './world.ts'

const { operations, folder } = world('row-differences')

describe('comparing the rows of two databases', { timeout: 60_000 }, () => {
  it('counts what both have under one number with another content, and nothing else', async () => {
    const home = folder()
    const [before, after] = [join(home, 'before.db'), join(home, 'after.db')]
    const schema = [
      'CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)',
      "INSERT INTO items VALUES (1, 'one'), (2, 'two')",
      'CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, data BLOB)',
      "INSERT INTO notes VALUES (1, 'same', x'00'), (2, 'old', x'00'), (3, 'only there', NULL), (5, NULL, x'01')",
    ]
    database(after, WAL, ...schema)
    database(
      before,
      WAL,
      ...schema,
      "UPDATE notes SET body = 'new' WHERE id = 2",
      "UPDATE notes SET data = x'02' WHERE id = 5",
      'DELETE FROM notes WHERE id = 3',
      "INSERT INTO notes VALUES (9, 'only here', NULL)",
      "ALTER TABLE notes ADD COLUMN later TEXT DEFAULT 'a migration'",
      'CREATE TABLE new_table (id INTEGER PRIMARY KEY)',
    )
    const request = { present: before, backup: after, rows: 0, budgetMs: 30_000 }
    const tables = ['notes', 'items', 'new_table']
    const { tables: found } = await operations.compare({ ...request, tables }, SOON)
    assert.deepEqual(
      found.map(({ table, where, change }) => [table, where, change]),
      [
        ['items', 'both', 0],
        ['new_table', 'present', 0],
        ['notes', 'both', 2],
      ],
    )
  })

  it('says that it does not know where its time is up', async () => {
    const home = folder()
    const [before, after] = [join(home, 'before.db'), join(home, 'after.db')]
    for (const path of [before, after]) database(path, WAL, filled('items', 5000))
    const request = { present: before, backup: after, rows: 0, budgetMs: 0, tables: ['items'] }
    const { tables } = await operations.compare(request, SOON)
    assert.deepEqual(
      tables.map(({ table, change }) => [table, change]),
      [['items', null]],
    )
  })
})
