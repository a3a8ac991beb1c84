/** Sound databases that need what this build of SQLite lacks, and files that are no database that it can read. */

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'

const INCIDENTS =
  'CREATE TABLE incidents (id INTEGER PRIMARY KEY, title TEXT);' +
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) ' +
  "INSERT INTO incidents (title) SELECT 'row ' || i FROM n;"

export interface Lacking {
  readonly what: string
  readonly sql: string
  /** A word of the schema, and what stands there once the application has written it. */
  readonly from: string
  readonly to: string
}

export const LACKING: readonly Lacking[] = [
  ['fts5 tokenizer', "CREATE VIRTUAL TABLE doc USING fts5(body, tokenize='porter')", 'porter', 'mecab'],
  ['fts4 tokenizer', 'CREATE VIRTUAL TABLE doc USING fts4(body, tokenize=porter)', 'porter', 'icu'],
  ['fts3 tokenizer', 'CREATE VIRTUAL TABLE doc USING fts3(body, tokenize=porter)', 'porter', 'mecab'],
  ['fts5 option', 'CREATE VIRTUAL TABLE doc USING fts5(body, columnsize=1)', 'columnsize', 'locality'],
  ['fts4 option', 'CREATE VIRTUAL TABLE doc USING fts4(body, matchinfo=fts3)', 'matchinfo', 'stemming'],
  ['rtree column', 'CREATE VIRTUAL TABLE area USING rtree(id, a, b)', 'id, a, b', 'id, a'],
  ['module', 'CREATE VIRTUAL TABLE v USING fts5(body)', 'fts5', 'vec0'],
  ['spellfix', 'CREATE VIRTUAL TABLE v USING rtree(id, a, b)', 'rtree(id, a, b)', 'spellfix1'],
  ['index function', 'CREATE INDEX i ON incidents (lower(title))', 'lower', 'app_fold'],
  ['partial index function', 'CREATE INDEX i ON incidents (id) WHERE length(title) > 1', 'length', 'app_length'],
  ['check function', 'CREATE TABLE c (x CHECK (length(x) > 0)); INSERT INTO c VALUES (1)', 'length', 'app_length'],
  ['generated column', 'CREATE TABLE g (x, y AS (lower(x)) STORED); INSERT INTO g (x) VALUES (1)', 'lower', 'app_fold'],
  ['collation', 'CREATE INDEX i ON incidents (title COLLATE NOCASE)', 'NOCASE', 'app_order'],
  ['table option', 'CREATE TABLE s (x TEXT) STRICT', 'STRICT', 'FROZEN'],
  ['later syntax', 'CREATE TABLE s (x TEXT, y TEXT AS (x)) STRICT', 'AS (x)', 'LATER (x)'],
].map(([what = '', sql = '', from = '', to = '']) => ({ what, sql, from, to }))

export function lacking(path: string, { sql, from, to }: Lacking): void {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path)
  database.exec(`${INCIDENTS} ${sql}`)
  database.unsafeMode(true)
  database.pragma('writable_schema = ON')
  database.prepare('UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE sql LIKE ?').run(from, to, `%${from}%`)
  database.close()
}

export function sound(path: string): void {
  lacking(path, { what: 'nothing', sql: '', from: 'incidents', to: 'incidents' })
}

/** As SQLCipher leaves it with `cipher_plaintext_header_size`: the header as it was, noise to the end of the last page. */
export function encryptBehindHeader(path: string, plainBytes = 32): void {
  const bytes = readFileSync(path)
  randomBytes(bytes.length - plainBytes).copy(bytes, plainBytes)
  writeFileSync(path, bytes)
}

/** A file that no SQLite can read, and the reason that is right for it as a backup. */
export const UNREADABLE: readonly {
  readonly what: string
  readonly reason: string
  readonly write: (path: string) => void
}[] = [
  {
    what: 'write format 3',
    reason: 'DatabaseCorrupt',
    write: (path) => {
      patched(path, 18, 3)
    },
  },
  {
    what: 'read format 3',
    reason: 'DatabaseCorrupt',
    write: (path) => {
      patched(path, 19, 3)
    },
  },
  {
    what: 'schema format 9',
    reason: 'DatabaseCorrupt',
    write: (path) => {
      patched(path, 47, 9)
    },
  },
  {
    what: 'text encoding 7',
    reason: 'IntegrityCheckFailed',
    write: (path) => {
      patched(path, 59, 7)
    },
  },
  {
    what: 'an encrypted database',
    reason: 'DatabaseEncrypted',
    write: (path) => {
      write(path, randomBytes(24_576))
    },
  },
  {
    what: 'a database encrypted behind a plain header',
    reason: 'DatabaseEncrypted',
    write: (path) => {
      sound(path)
      encryptBehindHeader(path)
    },
  },
  { what: 'a compressed database', reason: 'NotADatabase', write: compressed },
  {
    what: 'a text',
    reason: 'NotADatabase',
    write: (path) => {
      write(path, Buffer.from('no database\n'.repeat(500)))
    },
  },
]

function patched(path: string, at: number, value: number): void {
  sound(path)
  const bytes = readFileSync(path)
  bytes[at] = value
  writeFileSync(path, bytes)
}

function compressed(path: string): void {
  sound(path)
  writeFileSync(path, gzipSync(readFileSync(path)))
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}
