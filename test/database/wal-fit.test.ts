import assert from 'node:assert/strict'
import {
  copyFileSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { judgeWal } from '../../src/database/wal-fit.ts'
import { scratchDirectory } from '../sandbox/scratch.ts'
import { filled } from './world.ts'

const directory = scratchDirectory('wal-fit')
let made = 0
const fresh = (): string => join(directory, `${made++}.db`)

async function verdictOf(main: string, wal = `${main}-wal`): Promise<string> {
  const [one, other] = [await open(main), await open(wal)]
  try {
    return (await judgeWal(one, other)).verdict
  } finally {
    await Promise.all([one.close(), other.close()])
  }
}

/** The two files as a copying program takes them from under a running application. */
function copied(from: string): string {
  const to = fresh()
  for (const suffix of ['', '-wal']) copyFileSync(`${from}${suffix}`, `${to}${suffix}`)
  return to
}

/** A database in WAL mode whose last transactions are in its `-wal`: the statements after the checkpoint. */
function pair(before: string, after: string, pragmas: readonly string[] = []): string {
  const path = fresh()
  const connection = new Database(path)
  for (const pragma of pragmas) connection.pragma(pragma)
  connection.pragma('journal_mode = WAL')
  connection.pragma('wal_autocheckpoint = 0')
  connection.exec(before)
  connection.pragma('wal_checkpoint(TRUNCATE)')
  connection.exec(after)
  const copy = copied(path)
  connection.close()
  return copy
}

const WRITES = [
  'INSERT INTO items (note) VALUES (hex(randomblob(200)))',
  'UPDATE items SET note = hex(randomblob(30)) WHERE id % 7 = 0',
  'UPDATE items SET note = upper(note) WHERE id = 3',
  'DELETE FROM items WHERE id % 5 = 1',
  'CREATE TABLE IF NOT EXISTS more (id INTEGER PRIMARY KEY, x BLOB)',
  'DROP TABLE IF EXISTS more',
  'CREATE INDEX IF NOT EXISTS by_note ON items (note)',
  'DROP INDEX IF EXISTS by_note',
  'PRAGMA user_version = 7',
  'VACUUM',
] as const
const CHECKPOINTS = ['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'] as const

type Step = readonly [connection: number, act: number]

/** Three connections of one database write, checkpoint and close by turns; the files are judged after each step. */
async function live(steps: readonly Step[], pageSize: number): Promise<void> {
  const path = fresh()
  const first = new Database(path)
  first.pragma(`page_size = ${pageSize}`)
  first.exec(filled('items', 60))
  first.pragma('journal_mode = WAL')
  const connections: (Database.Database | undefined)[] = [first]
  try {
    for (const [who, act] of steps) {
      const connection = (connections[who] ??= new Database(path, { timeout: 1 }))
      const write = WRITES[act]
      const checkpoint = CHECKPOINTS[act - WRITES.length]
      if (write !== undefined) connection.exec(write)
      else if (checkpoint !== undefined) connection.pragma(`wal_checkpoint(${checkpoint})`)
      else {
        connection.close()
        connections[who] = undefined
        continue
      }
      if (statSync(`${path}-wal`, { throwIfNoEntry: false }) === undefined) continue
      assert.match(await verdictOf(copied(path)), /^(continues|nothing)$/, JSON.stringify(steps))
    }
  } finally {
    for (const connection of connections) connection?.close()
  }
}

describe('a -wal and the database beside it', { timeout: 120_000 }, () => {
  it('go together whenever one application wrote both, whatever it did', async () => {
    const step = fc.tuple(fc.nat(2), fc.nat(WRITES.length + CHECKPOINTS.length))
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.constantFrom(512, 4096, 65_536), live), {
      numRuns: 12,
    })
  })

  it('do not where the database was never in WAL mode, or has pages of another size', async () => {
    const written = pair(filled('items', 20), filled('late', 20))
    const rollback = fresh()
    const connection = new Database(rollback)
    connection.exec(filled('items', 20))
    connection.close()
    assert.equal(await verdictOf(rollback, `${written}-wal`), 'impossible')
    const small = pair(filled('items', 20), filled('late', 20), ['page_size = 1024'])
    assert.equal(await verdictOf(small, `${written}-wal`), 'impossible')
  })

  it('do not where the -wal is of an earlier or a later day of the same database', async () => {
    const path = fresh()
    const connection = new Database(path)
    connection.pragma('journal_mode = WAL')
    connection.exec(filled('items', 200))
    const days: string[] = []
    for (let day = 0; day < 4; day += 1) {
      // Closed for the night: the checkpoint of the last connection removes the -wal.
      const each = new Database(path)
      each.exec(`INSERT INTO items (note) SELECT hex(randomblob(100)) FROM items LIMIT 50; CREATE TABLE day${day} (x)`)
      days.push(copied(path))
      each.pragma('wal_checkpoint(TRUNCATE)')
      each.close()
    }
    connection.close()
    for (const [at, main] of days.entries()) {
      for (const [other, wal] of days.entries()) {
        // That of the day before is in the database already: replayed, it changes nothing.
        const expected = at === other || at === other + 1 ? 'continues' : 'doubtful'
        assert.equal(await verdictOf(main, `${wal}-wal`), expected, `database of day ${at}, -wal of day ${other}`)
      }
    }
  })

  const items = filled('items', 60)
  for (const [what, own, foreign, after] of [
    [
      'of another schema',
      `CREATE TABLE one (x); ${items}`,
      `CREATE TABLE two (x, y); ${items}`,
      'INSERT INTO items (note) SELECT hex(zeroblob(900)) FROM items',
    ],
    ['that was filled from its beginning', filled('items', 20), 'SELECT 1', items],
    ['of another size, page 1 untouched', items, filled('items', 900), 'UPDATE items SET note = hex(randomblob(25))'],
    [
      'with a table where this one has an index',
      `${items}; CREATE INDEX i ON items (note)`,
      `${items}; CREATE TABLE i AS SELECT note FROM items`,
      'UPDATE i SET note = lower(note)',
    ],
  ] as const) {
    it(`do not where the -wal is of a database ${what}`, async () => {
      assert.match(await verdictOf(pair(own, 'SELECT 1'), `${pair(foreign, after)}-wal`), /^(doubtful|partial)$/)
    })
  }

  it('are told apart from a database that stopped in the middle of its own -wal', async () => {
    const path = fresh()
    const connection = new Database(path)
    connection.pragma('journal_mode = WAL')
    connection.exec(filled('items', 20))
    const reader = new Database(path, { readonly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM items').get()
    connection.pragma('wal_checkpoint(PASSIVE)')
    connection.exec("INSERT INTO items (note) VALUES ('later')")
    assert.equal(await verdictOf(copied(path)), 'partial')
    reader.close()
    connection.close()
  })

  it('are damaged where a commit lies beyond a frame that does not check out, and where the header is', async () => {
    const whole = pair(filled('items', 20), `${filled('a', 50)}; ${filled('b', 50)}; ${filled('c', 50)}`)
    const flip = (at: number): string => {
      const path = fresh()
      for (const suffix of ['', '-wal']) copyFileSync(`${whole}${suffix}`, `${path}${suffix}`)
      const file = openSync(`${path}-wal`, 'r+')
      const [byte = 0] = readFileSync(`${path}-wal`).subarray(at, at + 1)
      writeSync(file, Buffer.from([byte ^ 1]), 0, 1, at)
      closeSync(file)
      return path
    }
    for (const at of [0, 5, 14, 26, 32 + 24 + 100, 32 + 4120 + 30]) {
      assert.equal(await verdictOf(flip(at)), 'doubtful', `byte ${at}`)
    }
    const zeroed = fresh()
    copyFileSync(whole, zeroed)
    writeFileSync(`${zeroed}-wal`, Buffer.alloc(8272))
    assert.equal(await verdictOf(zeroed), 'doubtful')
  })

  it('hold nothing where the -wal is empty or its only transaction did not end', async () => {
    const whole = pair(filled('items', 20), `BEGIN; ${filled('a', 500)}; COMMIT`)
    truncateSync(`${whole}-wal`, 32 + 4120)
    assert.equal(await verdictOf(whole), 'nothing')
    truncateSync(`${whole}-wal`, 32)
    assert.equal(await verdictOf(whole), 'nothing')
    truncateSync(`${whole}-wal`, 0)
    assert.equal(await verdictOf(whole), 'nothing')
  })
})
