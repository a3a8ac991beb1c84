import assert from 'node:assert/strict'
import { closeSync, openSync, readdirSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { answer, database, filled, HALF_A_TRANSACTION, rejection, snapshot, SOON, WAL, world } from './world.ts'

const { operations, folder, session } = world('quiesce')

/** What a failing disk may do to the first hundred bytes. */
function wreckHeader(path: string): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(100, 0x41), 0, 100, 0)
  closeSync(file)
}

describe('quiescing', { timeout: 60_000, concurrency: 3 }, () => {
  it('moves a crashed application’s -wal into the main file, which alone is the database then', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    await session({ path, statements: [WAL, filled('items', 500)], then: 'crash' })
    assert.equal(statSync(path).size, 4096, 'the premise: the main file is one empty page')
    const { identity } = await operations.quiesce(path, SOON)
    assert.deepEqual(readdirSync(home), ['app.db'])
    const { ino, size, mtimeNs } = statSync(path, { bigint: true })
    assert.deepEqual([identity.ino, identity.sizeBytes, identity.mtimeNs], [String(ino), Number(size), String(mtimeNs)])
    assert.equal(answer(path, 'SELECT count(*) FROM items'), 500)
  })

  it('rolls back what a dead writer had begun', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    await session({ path, statements: HALF_A_TRANSACTION, then: 'crash' })
    assert.ok(readdirSync(home).includes('app.db-journal'), 'the premise: a hot journal')
    await operations.quiesce(path, SOON)
    assert.deepEqual(readdirSync(home), ['app.db'])
    assert.equal(answer(path, "SELECT count(*) FROM items WHERE note <> 'half'"), 2000)
  })

  for (const mode of ['PERSIST', 'TRUNCATE']) {
    it(`removes the journal that ${mode} mode keeps`, async () => {
      const home = folder()
      const path = join(home, 'app.db')
      database(path, `PRAGMA journal_mode = ${mode}`, filled('items', 500))
      assert.ok(readdirSync(home).includes('app.db-journal'), 'the premise: a journal')
      await operations.quiesce(path, SOON)
      assert.deepEqual(readdirSync(home), ['app.db'])
      assert.equal(answer(path, 'SELECT count(*) FROM items'), 500)
    })
  }

  for (const [who, first, last] of [
    ['a writer in a transaction (WAL mode)', WAL, 'BEGIN IMMEDIATE; DELETE FROM items'],
    ['an idle connection (WAL mode)', WAL, 'SELECT 1 FROM items'],
    ['a reader in a transaction (rollback mode)', 'PRAGMA journal_mode = DELETE', 'BEGIN; SELECT count(*) FROM items'],
    ['a writer in a transaction (rollback mode)', 'PRAGMA journal_mode = DELETE', 'BEGIN IMMEDIATE; DELETE FROM items'],
  ] as const) {
    it(`is refused by ${who}, whose database stays whole`, async () => {
      const path = join(folder(), 'app.db')
      await session({ path, statements: [first, filled('items', 500), last], then: 'hold' })
      await assert.rejects(operations.quiesce(path, SOON), rejection('DatabaseInUse'))
      const [items] = await operations.rowCounts(path, ['items'], 5000, SOON)
      assert.equal(items?.rows, 500)
    })
  }

  it('waits for a transaction that is about to end, and keeps it', async () => {
    const path = join(folder(), 'app.db')
    const statements = [filled('items', 500), 'BEGIN IMMEDIATE; DELETE FROM items WHERE id > 400']
    await session({ path, statements, then: 'commit', waitMs: 300 })
    await operations.quiesce(path, SOON)
    assert.equal(answer(path, 'SELECT count(*) FROM items'), 400)
  })

  for (const mode of ['DELETE', 'WAL']) {
    it(`does not write to a database that is whole already (${mode} mode)`, async () => {
      const home = folder()
      const path = join(home, 'app.db')
      database(path, `PRAGMA journal_mode = ${mode}`, filled('items', 50))
      const before = snapshot(home)
      await operations.quiesce(path, SOON)
      assert.deepEqual(snapshot(home), before)
    })
  }

  it('leaves a wrecked database its -wal, which SQLite would move into the wreck and delete', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    const late = "PRAGMA wal_checkpoint(TRUNCATE); UPDATE items SET note = 'late' WHERE id = 400"
    await session({ path, statements: [WAL, filled('items', 500), late], then: 'crash' })
    wreckHeader(path)
    const before = snapshot(home, /-shm$/)
    assert.ok('app.db-wal' in before, 'the premise: committed transactions outside the main file')
    await assert.rejects(operations.quiesce(path, SOON), rejection('NotADatabase'))
    assert.deepEqual(snapshot(home, /-shm$/), before)
  })

  it('changes nothing in what SQLite cannot open', async () => {
    const home = folder()
    writeFileSync(join(home, 'text'), 'hello '.repeat(2000))
    writeFileSync(join(home, 'empty'), '')
    writeFileSync(join(home, 'empty-wal'), 'frames')
    database(join(home, 'cut'), filled('items', 500))
    truncateSync(join(home, 'cut'), 5000)
    const before = snapshot(home)
    await assert.rejects(operations.quiesce(join(home, 'text'), SOON), rejection('NotADatabase'))
    await assert.rejects(operations.quiesce(join(home, 'empty'), SOON), rejection('NotADatabase'))
    await assert.rejects(operations.quiesce(join(home, 'cut'), SOON), rejection('DatabaseCorrupt'))
    await assert.rejects(operations.quiesce(join(home, 'none'), SOON), rejection('FileNotFound'))
    assert.deepEqual(snapshot(home), before)
  })
})
