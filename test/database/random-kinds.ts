/** Two databases with ordinary tables of every kind, filled and changed at random, the same for the same seed. */

import Database from 'better-sqlite3'
import { copyFileSync } from 'node:fs'

import { quotedName as quoted } from './sqldiff.ts'

const ROWS = 400

/** Each table with the columns that hold its key, and those that are written besides. */
export const TABLES: Readonly<
  Record<string, { readonly ddl: string; readonly key: readonly string[]; readonly rest: readonly string[] }>
> = {
  rowids: {
    ddl: 'CREATE TABLE rowids (id INTEGER PRIMARY KEY, a TEXT, b REAL, c BLOB)',
    key: ['id'],
    rest: ['a', 'b', 'c'],
  },
  bare: { ddl: 'CREATE TABLE bare (a TEXT, b INTEGER, c BLOB)', key: ['rowid'], rest: ['a', 'b', 'c'] },
  texts: { ddl: 'CREATE TABLE texts (id TEXT PRIMARY KEY NOT NULL, a, b)', key: ['id'], rest: ['a', 'b'] },
  without: { ddl: 'CREATE TABLE without (id TEXT PRIMARY KEY, a, b) WITHOUT ROWID', key: ['id'], rest: ['a', 'b'] },
  composite: {
    ddl: 'CREATE TABLE composite (a INTEGER NOT NULL, b TEXT NOT NULL, c, PRIMARY KEY (a, b))',
    key: ['a', 'b'],
    rest: ['c'],
  },
  composite_without: {
    ddl: 'CREATE TABLE composite_without (a TEXT, b INTEGER, c TEXT, d BLOB, PRIMARY KEY (b DESC, a)) WITHOUT ROWID',
    key: ['b', 'a'],
    rest: ['c', 'd'],
  },
  strict: {
    ddl: 'CREATE TABLE strict (id INTEGER PRIMARY KEY, a TEXT, b REAL, c BLOB) STRICT',
    key: ['id'],
    rest: ['a', 'b', 'c'],
  },
  computed: {
    ddl: 'CREATE TABLE computed (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, twice AS (a * 2), loud TEXT AS (upper(b)) STORED)',
    key: ['id'],
    rest: ['a', 'b'],
  },
  collated: {
    ddl: 'CREATE TABLE collated (id TEXT PRIMARY KEY NOT NULL COLLATE NOCASE, a TEXT COLLATE RTRIM, b TEXT COLLATE NOCASE)',
    key: ['id'],
    rest: ['a', 'b'],
  },
  blob_keys: { ddl: 'CREATE TABLE blob_keys (id BLOB PRIMARY KEY NOT NULL, a)', key: ['id'], rest: ['a'] },
  unique_only: { ddl: 'CREATE TABLE unique_only (a TEXT UNIQUE, b)', key: ['rowid'], rest: ['a', 'b'] },
  'odd "name; --': {
    ddl: 'CREATE TABLE "odd ""name; --" (id INTEGER PRIMARY KEY, "se lect" TEXT)',
    key: ['id'],
    rest: ['se lect'],
  },
  null_keys: { ddl: 'CREATE TABLE null_keys (id TEXT PRIMARY KEY, a)', key: ['rowid'], rest: ['id', 'a'] },
}
const VIRTUAL = [
  'CREATE VIRTUAL TABLE words USING fts5 (title, body)',
  'CREATE VIRTUAL TABLE boxes USING rtree (id, x0, x1)',
  'CREATE VIEW shown AS SELECT id, a FROM rowids',
]

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The backup, and the same after a while of random writing. */
export function generate(present: string, backup: string, seed: number): void {
  const random = randomOf(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const text = (): string => ['é', '日本', "it's", 'x', '\u202e', 'a\nb'][below(6)]! + String(below(1000))
  const value = (column: string, table: string): unknown => {
    if (random() < 0.15 && !(table === 'unique_only' && column === 'a')) return null
    if (column === 'b' && ['rowids', 'strict'].includes(table)) return below(1000) + 0.5
    if (column === 'b' && table === 'bare') return below(1000)
    if (column === 'a' && table === 'computed') return below(1000)
    if (['c', 'd'].includes(column) && ['rowids', 'bare', 'strict', 'composite_without'].includes(table)) {
      return table === 'composite_without' && column === 'c' ? text() : Buffer.from([below(256), 0, below(256)])
    }
    if (table === 'unique_only' && column === 'a') return `${text()}-${random()}`
    return text()
  }
  const keyValue = (table: string, column: string, number: number): unknown => {
    if (table === 'blob_keys') return Buffer.from([number >> 8, number & 255, 0])
    if (['texts', 'without', 'collated'].includes(table)) return `Key ${number}`
    if (table === 'composite' && column === 'b') return `k${number % 7}`
    if (table === 'composite_without' && column === 'a') return `k${number % 7}`
    return number
  }
  const connection = new Database(backup)
  for (const { ddl } of Object.values(TABLES)) connection.exec(ddl)
  for (const ddl of VIRTUAL) connection.exec(ddl)
  const insert = (database: Database.Database, table: string, number: number): void => {
    const { key, rest } = TABLES[table]!
    const named = [...key, ...rest]
    const values = [
      ...key.map((column) => keyValue(table, column, number)),
      ...rest.map((column) =>
        table === 'null_keys' && column === 'id' ? (number % 3 === 0 ? null : `n${number}`) : value(column, table),
      ),
    ]
    const marks = named.map(() => '?').join(', ')
    database
      .prepare(
        `INSERT INTO ${quoted(table)} (${named.map((name) => (name === 'rowid' ? name : quoted(name))).join(', ')}) VALUES (${marks})`,
      )
      .run(...values)
  }
  connection.transaction(() => {
    for (const table of Object.keys(TABLES))
      for (let number = 1; number <= ROWS; number += 1) insert(connection, table, number)
    for (let number = 1; number <= ROWS; number += 1) {
      connection.prepare('INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)').run(number, text(), text())
      connection.prepare('INSERT INTO boxes VALUES (?, ?, ?)').run(number, number, number + 1)
    }
  })()
  connection.close()
  copyFileSync(backup, present)
  const later = new Database(present)
  later.transaction(() => {
    for (const [table, { key, rest }] of Object.entries(TABLES)) {
      const is = key.map((column) => `${column === 'rowid' ? column : quoted(column)} = ?`).join(' AND ')
      for (let number = 1; number <= ROWS; number += 1) {
        const at = key.map((column) => keyValue(table, column, number))
        const chance = random()
        if (chance < 0.1) later.prepare(`DELETE FROM ${quoted(table)} WHERE ${is}`).run(...at)
        else if (chance < 0.25) {
          const column = rest.at(-1)!
          later
            .prepare(`UPDATE ${quoted(table)} SET ${quoted(column)} = ? WHERE ${is}`)
            .run(value(column, table), ...at)
        }
      }
      for (let number = ROWS + 1; number <= ROWS + 30; number += 1) insert(later, table, number)
    }
    later.exec('DELETE FROM words WHERE rowid % 11 = 0')
    later.exec("UPDATE words SET body = body || ' more' WHERE rowid % 13 = 0")
    later.exec("INSERT INTO words (rowid, title) VALUES (5000, 'new'), (5001, 'newer')")
    later.exec('DELETE FROM boxes WHERE id < 5')
  })()
  later.close()
}
