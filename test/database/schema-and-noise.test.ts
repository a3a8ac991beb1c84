import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import Database from 'better-sqlite3'
import { readHeader } from '../../src/database/header.ts'
import { encryptBehindHeader, lacking, LACKING, sound } from './strange-files.ts'
import { database, filled, rejection, SOON, WAL, world } from './world.ts'

const { operations, folder, session } = world('schema')
const STAGED = { foreignKeys: true, absorb: true, seal: true }

const LATER = LACKING.filter(({ what }) => ['table option', 'later syntax'].includes(what))

/** Where the pages of an object lie, by the b-tree alone. */
function pagesOf(path: string, name: string): number[] {
  const connection = new Database(path)
  connection.unsafeMode(true)
  connection.pragma('writable_schema = ON')
  const pages = connection.prepare('SELECT pageno FROM dbstat WHERE name = ? ORDER BY 1').pluck().all(name)
  connection.close()
  return pages.map(Number)
}

function wreck(path: string, page: number): void {
  const bytes = readFileSync(path)
  bytes.fill(0xee, (page - 1) * 4096, page * 4096)
  writeFileSync(path, bytes)
}

describe('a schema of which this SQLite cannot parse a part', { timeout: 60_000 }, () => {
  for (const each of LATER) {
    it(`is not verifiable, where the pages of the file are sound: ${each.what}`, async () => {
      const path = join(folder(), 'app.db')
      lacking(path, each)
      const report = await operations.check({ path, ...STAGED }, SOON)
      assert.match(
        report.unverifiable ?? '',
        /^malformed database schema \(s\) - .* the pages of the file are sound\)$/,
      )
      assert.deepEqual(report.inspection.tables, ['incidents', 's'])
      assert.notEqual(report.sha256, null)
      assert.deepEqual((await operations.inspect(path, SOON)).tables, ['incidents', 's'])
      const to = join(folder(), 'copy.db')
      assert.match((await operations.safetyCopy(path, to, SOON)).unverifiable ?? '', /^malformed database schema/)
    })

    for (const name of ['incidents', 's']) {
      it(`is damage, where a page of ${name} is damaged: ${each.what}`, async () => {
        const path = join(folder(), 'app.db')
        lacking(path, each)
        wreck(path, pagesOf(path, name).at(-1) ?? 0)
        const report = await operations.check({ path, ...STAGED }, SOON)
        assert.equal(report.unverifiable, null, report.integrity.join())
        assert.notDeepEqual(report.integrity, ['ok'])
        assert.equal(report.sha256, null)
      })
    }
  }

  it('is damage, where it says what no SQLite ever wrote', async () => {
    for (const change of [
      'UPDATE sqlite_schema SET rootpage = 999999',
      "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema WHERE name = 'incidents'",
    ]) {
      const path = join(folder(), 'app.db')
      sound(path)
      const connection = new Database(path)
      connection.unsafeMode(true)
      connection.pragma('writable_schema = ON')
      connection.exec(change)
      connection.close()
      await assert.rejects(operations.check({ path, ...STAGED }, SOON), rejection('DatabaseCorrupt'))
    }
  })
})

describe('a database that is encrypted behind a plain header', { timeout: 60_000 }, () => {
  for (const pageSize of [512, 1024, 4096, 8192, 65_536]) {
    it(`is said to be encrypted, and one with noise for its rows is not: pages of ${pageSize}`, async () => {
      for (let round = 0; round < 20; round++) {
        const path = join(folder(), 'app.db')
        const connection = new Database(path)
        connection.pragma(`page_size = ${pageSize}`)
        connection.exec('CREATE TABLE t (x)')
        connection.prepare('INSERT INTO t VALUES (?)').run(randomBytes(20_000))
        connection.close()
        assert.equal((await readHeader(path)).pageSize, pageSize)
        for (const plainBytes of [100, 32]) {
          encryptBehindHeader(path, plainBytes)
          await assert.rejects(readHeader(path), { reason: 'DatabaseEncrypted' })
        }
      }
    })
  }

  it('is said to be encrypted by whatever opens it, a -wal with content beside it or not', async () => {
    const home = folder()
    const path = join(home, 'app.db')
    await session({ path, statements: [WAL, filled('items', 500)], then: 'crash' })
    const wal = `${path}-wal`
    database(join(home, 'other.db'), filled('items', 100))
    copyFileSync(join(home, 'other.db'), path)
    encryptBehindHeader(path)
    writeFileSync(wal, randomBytes(4096))
    const works = [
      operations.inspect(path, SOON),
      operations.check({ path, ...STAGED }, SOON),
      operations.quiesce(path, SOON),
      operations.safetyCopy(path, join(folder(), 'copy.db'), SOON),
    ]
    await Promise.all(works.map((work) => assert.rejects(work, rejection('DatabaseEncrypted'))))
  })
})
