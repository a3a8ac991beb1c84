import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { database, filled, SOON, WAL, world } from './world.ts'

const { operations, folder } = world('row-differences')

describe('comparing the rows of two databases', { timeout: 60_000 }, () => {
  it('counts what both have under one number with another content, and nothing else', async () => {
    const home = folder()
    const [before, after] = [join(home, 'before.db'), join(home, 'after.db')]
    const tables = [
      'CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)',
      "INSERT INTO items VALUES (1, 'one'), (2, 'two')",
      'CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, data BLOB)',
      "INSERT INTO notes VALUES (1, 'same', x'00'), (2, 'old', x'00'), (3, 'only there', NULL), (5, NULL, x'01')",
    ]
    database(after, WAL, ...tables)
    database(
      before,
      WAL,
      ...tables,
      "UPDATE notes SET body = 'new' WHERE id = 2",
      "UPDATE notes SET data = x'02' WHERE id = 5",
      'DELETE FROM notes WHERE id = 3',
      "INSERT INTO notes VALUES (9, 'only here', NULL)",
      "ALTER TABLE notes ADD COLUMN later TEXT DEFAULT 'a migration'",
      'CREATE TABLE new_table (id INTEGER PRIMARY KEY)',
    )
    const found = await operations.rowDifferences(before, after, ['notes', 'items', 'new_table'], 30_000, SOON)
    assert.deepEqual(found, [
      { table: 'notes', changed: 2 },
      { table: 'items', changed: 0 },
      { table: 'new_table', changed: null },
    ])
  })

  it('says that it does not know where its time is up', async () => {
    const home = folder()
    const [before, after] = [join(home, 'before.db'), join(home, 'after.db')]
    for (const path of [before, after]) database(path, WAL, filled('items', 5000))
    const [found] = await operations.rowDifferences(before, after, ['items'], 0, SOON)
    assert.deepEqual(found, { table: 'items', changed: null })
  })
})
