import assert from 'node:assert/strict'
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  answer,
  database,
  filled,
  flipPage,
  lackingCollation,
  world,
  HALF_A_TRANSACTION,
  rejection,
  sha256,
  snapshot,
  SOON,
  WAL,
} from './world.ts'

const { operations, folder, session } = world('safety-copy')

describe('a safety copy', { timeout: 60_000 }, () => {
  it('holds what only the -wal holds, opens alone, and leaves the source as it was', async () => {
    const home = folder()
    const [path, to] = [join(home, 'app.db'), join(folder(), 'copy.db')]
    await session({ path, statements: [WAL, filled('items', 500)], then: 'crash' })
    assert.equal(statSync(path).size, 4096, 'the premise: the main file is one empty page')
    const before = snapshot(home, /-shm$/)
    const { sizeBytes, sha256: hash, unverifiable } = await operations.safetyCopy(path, to, SOON)
    assert.deepEqual(readdirSync(join(to, '..')), ['copy.db'])
    assert.deepEqual(
      { sizeBytes, hash, unverifiable },
      { sizeBytes: statSync(to).size, hash: sha256(to), unverifiable: null },
    )
    assert.equal(answer(to, 'SELECT count(*) FROM items'), 500)
    assert.deepEqual(snapshot(home, /-shm$/), before)
  })

  it('is of one moment while another process writes without a pause', async () => {
    const [path, to] = [join(folder(), 'app.db'), join(folder(), 'copy.db')]
    const counter =
      'CREATE TABLE written (note TEXT); CREATE TABLE counter (n); INSERT INTO counter VALUES (0);' +
      'CREATE TRIGGER count AFTER INSERT ON written BEGIN UPDATE counter SET n = n + 1; END'
    await session({ path, statements: [WAL, filled('items', 20_000), counter], then: 'write' })
    const copy = await operations.safetyCopy(path, to, SOON)
    assert.equal(answer(to, 'PRAGMA integrity_check'), 'ok')
    assert.equal(answer(to, 'SELECT count(*) FROM items'), 20_000)
    assert.equal(answer(to, 'SELECT (SELECT n FROM counter) = (SELECT count(*) FROM written)'), 1)
    assert.notEqual((await operations.fingerprint(path, SOON)).text, copy.fingerprint.text)
  })

  it('waits for a writer that locks the database for a moment (rollback mode)', async () => {
    const [path, to] = [join(folder(), 'app.db'), join(folder(), 'copy.db')]
    const statements = [filled('items', 10), 'BEGIN EXCLUSIVE; DELETE FROM items WHERE id > 7']
    await session({ path, statements, then: 'commit', waitMs: 1500 })
    await operations.safetyCopy(path, to, SOON)
    assert.equal(answer(to, 'SELECT count(*) FROM items'), 7)
  })

  it('rolls a dead writer’s transaction back in the copy, not in the source', async () => {
    const home = folder()
    const [path, to] = [join(home, 'app.db'), join(folder(), 'copy.db')]
    await session({ path, statements: HALF_A_TRANSACTION, then: 'crash' })
    const before = snapshot(home)
    assert.ok('app.db-journal' in before, 'the premise: a hot journal')
    await operations.safetyCopy(path, to, SOON)
    assert.deepEqual(readdirSync(join(to, '..')), ['copy.db'])
    assert.equal(answer(to, "SELECT count(*) FROM items WHERE note <> 'half'"), 2000)
    assert.deepEqual(snapshot(home), before)
  })

  it('is not made of a damaged database, and leaves nothing', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    database(path, filled('items', 5000))
    flipPage(path, 10)
    const target = folder()
    await assert.rejects(
      operations.safetyCopy(path, join(target, 'copy.db'), SOON),
      rejection('DatabaseCorrupt', new RegExp(`^${path} is damaged`)),
    )
    assert.deepEqual(readdirSync(target), [])
    assert.deepEqual(readdirSync(home), ['app.db'])
  })

  it('tells a wreck and a missing file from a database', async () => {
    const home = folder()
    const to = join(home, 'copy.db')
    writeFileSync(join(home, 'text'), 'hello '.repeat(2000))
    writeFileSync(join(home, 'empty'), '')
    await assert.rejects(operations.safetyCopy(join(home, 'text'), to, SOON), rejection('NotADatabase'))
    await assert.rejects(operations.safetyCopy(join(home, 'empty'), to, SOON), rejection('NotADatabase'))
    await assert.rejects(operations.safetyCopy(join(home, 'none'), to, SOON), rejection('FileNotFound'))
    assert.deepEqual(readdirSync(home), ['empty', 'text'])
  })

  it('says why it could not be checked, and exists all the same', async () => {
    const [path, to] = [join(folder(), 'app.db'), join(folder(), 'copy.db')]
    lackingCollation(path)
    const { unverifiable } = await operations.safetyCopy(path, to, SOON)
    assert.match(unverifiable ?? '', /no such collation sequence: app_order/)
    assert.equal(answer(to, 'SELECT count(*) FROM items'), 3)
  })

  it('never overwrites a file', async () => {
    const home = folder()
    const [path, to] = [join(home, 'app.db'), join(home, 'copy.db')]
    database(path, filled('items', 5))
    writeFileSync(to, 'precious')
    const before = snapshot(home)
    await assert.rejects(operations.safetyCopy(path, to, SOON), rejection('FileExists'))
    assert.deepEqual(snapshot(home), before)
  })

  it('takes away what an attempt that died left, and has the mode of its source', async () => {
    const [path, target] = [join(folder(), 'app.db'), folder()]
    database(path, filled('items', 5))
    chmodSync(path, 0o640)
    for (const suffix of ['', '-wal', '-shm', '-journal']) writeFileSync(join(target, `.copy.db.partial${suffix}`), 'x')
    const to = join(target, 'copy.db')
    await operations.safetyCopy(path, to, SOON)
    assert.deepEqual(readdirSync(target), ['copy.db'])
    assert.equal(statSync(to).mode & 0o7777, 0o640)
  })
})

describe('a raw copy', { timeout: 60_000 }, () => {
  it('is byte for byte, of the files that are there', async () => {
    const [home, target] = [folder(), folder()]
    const files = ['', '-wal', '-journal'].map((suffix) => ({
      from: join(home, `app.db${suffix}`),
      to: join(target, `raw.db${suffix}`),
    }))
    writeFileSync(join(home, 'app.db'), 'wreck '.repeat(1000), { mode: 0o600 })
    writeFileSync(join(home, 'app.db-wal'), 'frames')
    const copy = await operations.rawCopy(files, SOON)
    assert.deepEqual(readdirSync(target), ['raw.db', 'raw.db-wal'])
    for (const side of ['', '-wal'])
      assert.equal(sha256(join(target, `raw.db${side}`)), sha256(join(home, `app.db${side}`)))
    assert.equal(copy.sha256, sha256(join(home, 'app.db')))
    assert.equal(copy.sizeBytes, 6006)
    assert.notEqual(copy.unverifiable, null)
    assert.equal(statSync(join(target, 'raw.db')).mode & 0o7777, 0o600)
  })

  it('never overwrites a file, and then copies none', async () => {
    const [home, target] = [folder(), folder()]
    const files = ['', '-wal'].map((suffix) => ({
      from: join(home, `app.db${suffix}`),
      to: join(target, `raw.db${suffix}`),
    }))
    for (const { from } of files) writeFileSync(from, 'wreck')
    writeFileSync(join(target, 'raw.db-wal'), 'precious')
    const before = snapshot(target)
    await assert.rejects(operations.rawCopy(files, SOON), rejection('FileExists', /raw\.db-wal/))
    assert.deepEqual(snapshot(target), before)
  })
})
