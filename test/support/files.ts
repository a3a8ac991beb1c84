/** Real databases and real backup sets for the tests: SQLite makes them, sha256sum's format names them. */

import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface DatabaseShape {
  readonly rows: number
  readonly wal?: boolean
  /** Leave the last half of the rows in the `-wal`, as a database in use has it. */
  readonly uncheckpointed?: boolean
  readonly applicationId?: number
  readonly tables?: readonly string[]
}

/** Makes a database at the path, with its `-wal` where the shape asks for one. */
export function makeDatabase(path: string, shape: DatabaseShape): void {
  const building = `${path}.building`
  const database = new Database(building)
  database.pragma(`journal_mode = ${shape.wal === false ? 'DELETE' : 'WAL'}`)
  if (shape.applicationId !== undefined) database.pragma(`application_id = ${shape.applicationId}`)
  for (const table of shape.tables ?? ['incidents', 'users']) {
    database.exec(`CREATE TABLE "${table}" (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT)`)
    database.exec(`CREATE INDEX "${table}_title" ON "${table}" (title)`)
  }
  const [first = 'incidents'] = shape.tables ?? ['incidents']
  const half = shape.uncheckpointed === true ? Math.floor(shape.rows / 2) : shape.rows
  insert(database, first, half)
  if (shape.wal !== false) database.pragma('wal_checkpoint(TRUNCATE)')
  if (shape.uncheckpointed === true) {
    database.pragma('wal_autocheckpoint = 0')
    insert(database, first, shape.rows - half)
  }
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${building}${suffix}`)) copyFileSync(`${building}${suffix}`, `${path}${suffix}`)
  }
  database.close()
  removeAll(dirname(path), basename(building))
  if (shape.uncheckpointed !== true) removeAll(dirname(path), `${basename(path)}-wal`)
}

function insert(database: Database.Database, table: string, rows: number): void {
  const statement = database.prepare(`INSERT INTO "${table}" (title, body) VALUES (?, ?)`)
  database.transaction(() => {
    for (let row = 0; row < rows; row += 1) statement.run(`row ${row}`, 'x'.repeat(200))
  })()
}

function removeAll(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true })
}

/** How many incidents the database holds, its `-wal` included; the files are copied first, so that nothing changes. */
export function countRows(path: string, table = 'incidents'): number {
  const copy = `${path}.counting`
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
  }
  const database = new Database(copy)
  try {
    return (database.prepare(`SELECT COUNT(*) AS n FROM "${table}"`).get() as { n: number }).n
  } finally {
    database.close()
    removeAll(dirname(path), basename(copy))
  }
}

export function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** A backup set `STEM_TYPE_YYYYMMDD_HHMMSS.*` of a new database, with its checksum file. Returns the path of its `.db`. */
export function makeBackup(backups: string, type: string, digits: string, shape: DatabaseShape): string {
  const folder = join(backups, type)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `app_${type}_${digits}.db`)
  makeDatabase(path, shape)
  writeChecksums(path)
  return path
}

/** Writes the `.sha256` of a set anew, for the files that are there now. */
export function writeChecksums(path: string): void {
  const lines = ['', '-wal']
    .map((suffix) => `${path}${suffix}`)
    .filter((file) => existsSync(file))
    .map((file) => `${sha256(file)}  ${basename(file)}\n`)
  writeFileSync(path.replace(/\.db$/, '.sha256'), lines.join(''))
}

/** A backup whose recorded -wal somebody absorbed, and its dump, which holds so many of the rows. */
export function makeAbsorbedBackup(db: string, rows: number, dumped: number): void {
  mkdirSync(dirname(db), { recursive: true })
  makeDatabase(db, { rows, uncheckpointed: true, tables: ['incidents'] })
  writeChecksums(db)
  const opener = new Database(db)
  const schema = opener.prepare('SELECT sql FROM sqlite_schema').pluck().all().map(String)
  const columns = ['id', 'title', 'body'].map((name) => `quote(${name})`).join(" || ',' || ")
  const values = opener.prepare(`SELECT ${columns} FROM incidents`).pluck().all().map(String)
  opener.close()
  rmSync(`${db}-wal`, { force: true })
  const inserts = values.slice(0, dumped).map((each) => `INSERT INTO incidents VALUES(${each})`)
  const text = ['BEGIN TRANSACTION', ...schema, ...inserts, 'COMMIT;'].join(';\n')
  writeFileSync(db.replace(/db$/, 'sql.gz'), gzipSync(text))
}
