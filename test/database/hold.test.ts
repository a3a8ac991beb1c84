import assert from 'node:assert/strict'
import { closeSync, linkSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import Database from 'better-sqlite3'
import { answer, database, filled, rejection, snapshot, SOON, WAL, world } from './world.ts'

const { operations, folder, session } = world('hold')

/** A database with a second name, by which it is held. */
function twoNames(mode: string): { readonly home: string; readonly path: string; readonly second: string } {
  const home = folder()
  const [path, second] = [join(home, 'app.db'), join(home, 'app.db.old')]
  database(path, `PRAGMA journal_mode = ${mode}`, filled('items', 5))
  linkSync(path, second)
  return { home, path, second }
}

/** What SQLite answers to somebody who writes now and does not wait. */
function write(path: string, mode: string): string {
  const connection = new Database(path, { timeout: 0 })
  try {
    connection.pragma(`journal_mode = ${mode}`)
    connection.exec("INSERT INTO items (note) VALUES ('late')")
    return 'acknowledged'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  } finally {
    connection.close()
  }
}

describe('holding a database', { timeout: 300_000 }, () => {
  for (const mode of ['WAL', 'DELETE', 'PERSIST', 'TRUNCATE', 'MEMORY']) {
    it(`keeps out whoever opens it by its own name, and leaves no trace (${mode} mode)`, async () => {
      const { home, path, second } = twoNames(mode)
      const before = snapshot(home, /-journal$/)
      const { pid } = await operations.hold(second, SOON)
      assert.equal((await operations.hold(second, SOON)).pid, pid, 'held already')
      assert.match(write(path, mode), /^SQLITE_BUSY/)
      assert.deepEqual((await operations.holders([second], SOON)).holders, [], 'our own hold is nobody')
      await operations.letGo(second)
      assert.deepEqual(snapshot(home, /-journal$/), before)
      assert.equal(write(path, mode), 'acknowledged')
    })
  }

  it('is refused while somebody is connected in WAL mode, who need not do anything', async () => {
    const { path, second } = twoNames('WAL')
    await session({ path, statements: [WAL, 'SELECT 1 FROM items'], then: 'hold' })
    await assert.rejects(operations.hold(second, SOON), rejection('DatabaseInUse'))
    await operations.letGo(second)
  })

  it('takes no side file from the database that has come to the path meanwhile', async () => {
    const { home, path, second } = twoNames('WAL')
    database(join(home, 'new'), WAL, filled('items', 9))
    await operations.hold(second, SOON)
    renameSync(join(home, 'new'), path)
    const writer = await session({ path, statements: ["INSERT INTO items (note) VALUES ('new')"], then: 'crash' })
    assert.equal(writer.signalCode, 'SIGKILL')
    await operations.letGo(second)
    assert.ok(readdirSync(home).includes('app.db-wal'))
    assert.equal(answer(path, 'SELECT count(*) FROM items'), 10)
    assert.equal(answer(second, 'SELECT count(*) FROM items'), 5)
  })

  it('that nobody waits for ends once the last one closes the file, whose names are gone by then', async () => {
    const { home, path, second } = twoNames('DELETE')
    await operations.hold(second, SOON)
    const reader = openSync(path, 'r')
    // As in a swap that is taken back: the name that was held has become another one, and another file has taken that.
    renameSync(second, join(home, 'moved.db'))
    rmSync(join(home, 'moved.db'))
    rmSync(path)
    operations.letGoWhenUnused(second)
    await new Promise((resolve) => setTimeout(resolve, 6000))
    assert.ok(operations.isHeld(second))
    closeSync(reader)
    const late = AbortSignal.timeout(60_000)
    while (operations.isHeld(second)) {
      late.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })

  it('ends with its process', async () => {
    const { path, second } = twoNames('DELETE')
    const { pid } = await operations.hold(second, SOON)
    process.kill(pid, 'SIGKILL')
    const late = AbortSignal.timeout(60_000)
    while (write(path, 'DELETE') !== 'acknowledged') late.throwIfAborted()
    // Nothing has been heard of the process's end yet: the loop above has kept the news waiting.
    const again = await operations.hold(second, SOON)
    assert.notEqual(again.pid, pid)
    await operations.letGo(second)
  })
})
