import assert from 'node:assert/strict'
import { linkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { database, filled, rejection, SOON, WAL, world } from './world.ts'

const { operations, folder, session } = world('seeing')

describe('who holds a database', { timeout: 60_000, skip: process.platform !== 'linux' }, () => {
  it('finds an idle process in rollback mode, which no lock shows', async () => {
    const path = join(folder(), 'app.db')
    database(path, filled('items', 5))
    const child = await session({ path, statements: ['SELECT count(*) FROM items'], then: 'hold' })
    await operations.quiesce(path, SOON)
    const { holders } = await operations.holders([path, `${path}-wal`], SOON)
    assert.deepEqual(
      holders.map(({ pid, file }) => ({ pid, file })),
      [{ pid: child.pid, file: path }],
    )
    assert.match(holders[0]?.command ?? '', /node.*session\.js/)
    assert.ok((holders[0]?.command.length ?? 0) <= 200)
  })

  it('finds one whose file has lost that name, by its other name', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    database(path, filled('items', 5))
    const child = await session({ path, statements: ['SELECT count(*) FROM items'], then: 'hold' })
    linkSync(path, join(home, 'app.db.old'))
    unlinkSync(path)
    const { holders } = await operations.holders([join(home, 'app.db.old')], SOON)
    assert.deepEqual(
      holders.map(({ pid }) => pid),
      [child.pid],
    )
  })

  it('finds nobody where there is nobody, or no file', async () => {
    const path = join(folder(), 'app.db')
    assert.deepEqual((await operations.holders([path], SOON)).holders, [])
    database(path, filled('items', 5))
    assert.deepEqual((await operations.holders([path], SOON)).holders, [])
  })
})

describe('a fingerprint', { timeout: 60_000 }, () => {
  const settle = () => sleep(120)

  for (const [mode, first] of [
    ['WAL', WAL],
    ['rollback', 'PRAGMA journal_mode = DELETE'],
  ] as const) {
    it(`changes with every commit and with nothing else (${mode} mode)`, async () => {
      const path = join(folder(), 'app.db')
      const connection = new Database(path)
      connection.exec(first)
      connection.exec(filled('items', 5))
      const fresh = await operations.fingerprint(path, SOON)
      await settle()
      const one = await operations.fingerprint(path, SOON)
      await operations.rowCounts(path, ['items'], 1000, SOON)
      connection.prepare('SELECT count(*) FROM items').get()
      const two = await operations.fingerprint(path, SOON)
      connection.exec("UPDATE items SET note = 'new' WHERE id = 1")
      const three = await operations.fingerprint(path, SOON)
      connection.close()
      assert.equal(two.text, one.text)
      assert.deepEqual([one.racy, two.racy], [false, false])
      assert.notEqual(three.text, two.text)
      assert.equal(fresh.text, one.text)
    })
  }

  it('changes when the -wal begins anew with the same size', async () => {
    const path = join(folder(), 'app.db')
    const connection = new Database(path)
    connection.exec(WAL)
    connection.exec(filled('items', 1))
    connection.pragma('wal_checkpoint(RESTART)')
    await settle()
    const before = await operations.fingerprint(path, SOON)
    connection.exec("UPDATE items SET note = 'new'")
    const after = await operations.fingerprint(path, SOON)
    connection.close()
    assert.notEqual(after.text, before.text)
  })

  it('does not change when a reader makes and removes empty side files', async () => {
    const path = join(folder(), 'app.db')
    database(path, WAL, filled('items', 5))
    await settle()
    const before = await operations.fingerprint(path, SOON)
    await session({ path, statements: ['SELECT count(*) FROM items'], then: 'hold' })
    assert.equal((await operations.fingerprint(path, SOON)).text, before.text)
  })

  it('is of a database that is there', async () => {
    await assert.rejects(operations.fingerprint(join(folder(), 'no.db'), SOON), rejection('FileNotFound'))
  })
})
