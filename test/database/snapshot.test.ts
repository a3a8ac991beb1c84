import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { answer, database, filled, HALF_A_TRANSACTION, SOON, WAL, world } from './world.ts'

const { operations, folder, session } = world('snapshot')

/** Longer than the system's times are wide: only then can a database be known to be quiet. */
const SETTLED_MS = 120

/** Every time and number that the kernel keeps of the files; of the folder not the access, which is this look itself. */
function look(home: string): string[] {
  return ['.', ...readdirSync(home).sort()].map((name) => {
    const { ino, size, mtimeNs, ctimeNs, atimeNs } = statSync(join(home, name), { bigint: true })
    return [name, ino, size, mtimeNs, ctimeNs, name === '.' ? '' : atimeNs].join(' ')
  })
}

describe('a copy of a database for somebody who only looks', { timeout: 60_000 }, () => {
  it('holds what is committed in the -wal, and leaves no trace beside a database that nobody uses', async () => {
    const [home, ours] = [folder(), folder()]
    const live = join(home, 'app.db')
    const crashed = folder()
    await session({
      path: join(crashed, 'app.db'),
      statements: [WAL, 'PRAGMA wal_autocheckpoint = 0', filled('items', 300)],
      then: 'crash',
    })
    cpSync(crashed, home, { recursive: true, preserveTimestamps: true })
    for (const name of readdirSync(home)) utimesSync(join(home, name), 1_000_000, 2_000_000)
    await sleep(SETTLED_MS)
    const before = look(home)
    const { tables } = await operations.snapshot(live, join(ours, 'copy.db'), SOON)
    assert.deepEqual(look(home), before)
    assert.deepEqual(tables, ['items'])
    assert.equal(answer(join(ours, 'copy.db'), 'SELECT count(*) FROM items'), 300)
  })

  it('is consistent while an application writes, whose side files keep their bytes', async () => {
    const [home, ours] = [folder(), folder()]
    const live = join(home, 'app.db')
    await session({ path: live, statements: [WAL, filled('items', 300)], then: 'hold' })
    // Just written: it cannot be known to be quiet.
    database(live, "INSERT INTO items (note) VALUES ('late')")
    await operations.snapshot(live, join(ours, 'copy.db'), SOON)
    assert.equal(answer(join(ours, 'copy.db'), 'SELECT count(*) FROM items'), 301)
    assert.deepEqual(readdirSync(ours), ['copy.db'])
  })

  it('is rolled back to the last commit where a writer died in a transaction, which the original keeps', async () => {
    const [home, ours] = [folder(), folder()]
    const live = join(home, 'app.db')
    await session({ path: live, statements: [...HALF_A_TRANSACTION], then: 'crash' })
    await sleep(SETTLED_MS)
    const before = look(home)
    await operations.snapshot(live, join(ours, 'copy.db'), SOON)
    assert.equal(answer(join(ours, 'copy.db'), "SELECT count(*) FROM items WHERE note = 'half'"), 0)
    assert.deepEqual(look(home), before)
  })

  it('is of the caller alone', async () => {
    const [home, ours] = [folder(), folder()]
    mkdirSync(join(ours, 'mine'), { mode: 0o700 })
    database(join(home, 'app.db'), filled('items', 3))
    await operations.snapshot(join(home, 'app.db'), join(ours, 'mine', 'copy.db'), SOON)
    assert.equal(statSync(join(ours, 'mine', 'copy.db')).mode & 0o777, 0o600)
  })
})
