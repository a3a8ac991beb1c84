/** Database files that lie, loop, cost too much or lack something: real SQLite files, bent byte by byte. */

import { randomBytes } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'

export interface HostileFile {
  readonly what: string
  /** Bends a sound database with tables `marks` (small) and `bulk` (some hundred pages, an index), 4096 bytes a page. */
  readonly bend: (path: string) => void
  /** What a restore from it ends with; `restored` where SQLite rightly finds nothing wrong. */
  readonly asBackup: readonly string[]
}

const PAGE = 4096
const CORRUPT = ['IntegrityCheckFailed', 'NotADatabase'] as const
const UNREADABLE = ['IntegrityCheckFailed', 'NotADatabase', 'PermissionDenied', 'Unverifiable', 'IoError'] as const
const CUT = ['NotADatabase', 'IntegrityCheckFailed', 'BackupFileEmpty'] as const

function edit(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path)
  change(bytes)
  writeFileSync(path, bytes)
}

/** Writes a number of one, two or four bytes into the file's header (https://sqlite.org/fileformat2.html, 1.3). */
function header(offset: number, length: 1 | 2 | 4, value: number): HostileFile['bend'] {
  return (path) => {
    edit(path, (bytes) => bytes.writeUIntBE(value, offset, length))
  }
}

function schema(path: string, sql: string): void {
  const database = new Database(path)
  database.unsafeMode(true)
  database.pragma('writable_schema = ON')
  database.exec(sql)
  database.close()
}

function rootOf(path: string, name: string): number {
  const database = new Database(path, { readonly: true })
  try {
    return Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name))
  } finally {
    database.close()
  }
}

/** Leaves a chain of free pages. @returns the number of its first trunk page. */
function withFreelist(path: string): number {
  const database = new Database(path)
  database.exec('DELETE FROM bulk WHERE id % 2 = 0; DROP TABLE bulk')
  database.close()
  return readFileSync(path).readUInt32BE(32)
}

function cut(bytes: (size: number) => number): HostileFile['bend'] {
  return (path) => {
    truncateSync(path, bytes(readFileSync(path).length))
  }
}

export const HOSTILE_FILES: readonly HostileFile[] = [
  { what: 'page-count-high', bend: header(28, 4, 1_000_000), asBackup: CORRUPT },
  { what: 'page-count-low', bend: header(28, 4, 2), asBackup: CORRUPT },
  { what: 'page-size-small', bend: header(16, 2, 512), asBackup: CORRUPT },
  { what: 'page-size-large', bend: header(16, 2, 1), asBackup: CORRUPT },
  { what: 'page-size-odd', bend: header(16, 2, 4095), asBackup: CORRUPT },
  { what: 'reserved-bytes', bend: header(20, 1, 255), asBackup: CORRUPT },
  { what: 'payload-fractions', bend: header(21, 1, 65), asBackup: CORRUPT },
  { what: 'write-version', bend: header(18, 1, 9), asBackup: UNREADABLE },
  { what: 'read-version', bend: header(19, 1, 9), asBackup: UNREADABLE },
  { what: 'schema-format', bend: header(44, 4, 99), asBackup: [...UNREADABLE, 'DatabaseCorrupt'] },
  { what: 'text-encoding', bend: header(56, 4, 9), asBackup: [...CORRUPT, 'Unverifiable', 'restored'] },
  { what: 'change-counter', bend: header(24, 4, 0xffffffff), asBackup: ['restored'] },
  { what: 'version-valid-for', bend: header(92, 4, 7), asBackup: ['restored'] },
  { what: 'freelist-count', bend: header(36, 4, 77), asBackup: CORRUPT },
  { what: 'freelist-head', bend: header(32, 4, 0x7fffffff), asBackup: CORRUPT },
  {
    what: 'freelist-cycle',
    bend: (path) => {
      const trunk = withFreelist(path)
      edit(path, (bytes) => bytes.writeUInt32BE(trunk, (trunk - 1) * PAGE))
    },
    asBackup: CORRUPT,
  },
  {
    what: 'freelist-long',
    bend: (path) => {
      const trunk = withFreelist(path)
      edit(path, (bytes) => bytes.writeUInt32BE(0x7fffffff, (trunk - 1) * PAGE + 4))
    },
    asBackup: CORRUPT,
  },
  {
    what: 'tree-cycle',
    bend: (path) => {
      const root = rootOf(path, 'bulk')
      edit(path, (bytes) => bytes.writeUInt32BE(root, (root - 1) * PAGE + 8))
    },
    asBackup: CORRUPT,
  },
  {
    what: 'tree-out-of-file',
    bend: (path) => {
      const root = rootOf(path, 'bulk')
      edit(path, (bytes) => bytes.writeUInt32BE(0x7ffffff0, (root - 1) * PAGE + 8))
    },
    asBackup: CORRUPT,
  },
  {
    what: 'cell-out-of-page',
    bend: (path) => {
      const root = rootOf(path, 'marks')
      edit(path, (bytes) => bytes.writeUInt16BE(0xfff0, (root - 1) * PAGE + 8))
    },
    asBackup: CORRUPT,
  },
  {
    what: 'overflow-cycle',
    bend: (path) => {
      const database = new Database(path)
      database.exec('CREATE TABLE long (x); INSERT INTO long VALUES (zeroblob(20000))')
      database.close()
      const root = rootOf(path, 'long')
      // The only cell ends with the number of its first overflow page, whose first four bytes name the next.
      edit(path, (bytes) => {
        const base = (root - 1) * PAGE
        const first = bytes.readUInt32BE(base + PAGE - 4)
        bytes.writeUInt32BE(first, (first - 1) * PAGE)
      })
    },
    asBackup: CORRUPT,
  },
  {
    what: 'two-tables-one-root',
    bend: (path) => {
      schema(
        path,
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'bulk') WHERE name = 'marks'",
      )
    },
    asBackup: CORRUPT,
  },
  {
    what: 'root-out-of-file',
    bend: (path) => {
      schema(path, "UPDATE sqlite_schema SET rootpage = 999999 WHERE name = 'marks'")
    },
    asBackup: CORRUPT,
  },
  {
    what: 'schema-of-nonsense',
    bend: (path) => {
      schema(path, "UPDATE sqlite_schema SET sql = 'CREATE TABLE marks(' WHERE name = 'marks'")
    },
    asBackup: CORRUPT,
  },
  {
    what: 'schema-of-a-million-bytes',
    bend: (path) => {
      const database = new Database(path)
      database.exec(`CREATE VIEW huge AS SELECT 1 /* ${'x'.repeat(1_000_000)} */`)
      database.close()
    },
    asBackup: ['restored'],
  },
  {
    what: 'view-of-itself',
    bend: (path) => {
      const database = new Database(path)
      database.exec('CREATE VIEW one AS SELECT * FROM two; CREATE VIEW two AS SELECT * FROM one')
      database.close()
    },
    asBackup: ['restored'],
  },
  {
    what: 'load-extension',
    bend: (path) => {
      const database = new Database(path)
      database.exec(
        "CREATE VIEW evil AS SELECT load_extension('/tmp/evil.so');" +
          "CREATE TRIGGER evil_marks AFTER INSERT ON marks BEGIN SELECT load_extension('/tmp/evil.so'); END",
      )
      database.close()
    },
    asBackup: ['restored'],
  },
  {
    what: 'expensive-index',
    bend: (path) => {
      const database = new Database(path)
      database.exec('CREATE INDEX slow ON bulk (length(note))')
      database.close()
      schema(
        path,
        "UPDATE sqlite_schema SET sql = replace(sql, 'note)', 'hex(zeroblob(99000000 + id)))') WHERE name = 'slow'",
      )
    },
    asBackup: ['CheckTimedOut', 'Unverifiable'],
  },
  {
    what: 'missing-collation',
    bend: (path) => {
      const database = new Database(path)
      database.exec(
        'CREATE TABLE sorted (t TEXT COLLATE NOCASE); CREATE INDEX by_t ON sorted (t); INSERT INTO sorted VALUES (1), (2)',
      )
      database.close()
      schema(path, "UPDATE sqlite_schema SET sql = replace(sql, 'NOCASE', 'app_order') WHERE name = 'sorted'")
    },
    asBackup: ['Unverifiable'],
  },
  {
    what: 'missing-function',
    bend: (path) => {
      const database = new Database(path)
      database.function('app_rank', { deterministic: true }, (value) => String(value).length)
      database.exec('CREATE INDEX by_rank ON marks (app_rank(content))')
      database.close()
    },
    asBackup: ['Unverifiable'],
  },
  {
    what: 'missing-module',
    bend: (path) => {
      schema(
        path,
        "INSERT INTO sqlite_schema VALUES ('table', 'ghost', 'ghost', 0, 'CREATE VIRTUAL TABLE ghost USING app_module(x)')",
      )
    },
    asBackup: ['Unverifiable', 'restored'],
  },
  {
    what: 'noise',
    bend: (path) => {
      writeFileSync(path, randomBytes(100_000))
    },
    asBackup: CORRUPT,
  },
  {
    what: 'noise-behind-a-header',
    bend: (path) => {
      edit(path, (bytes) => randomBytes(bytes.length - 100).copy(bytes, 100))
    },
    asBackup: CORRUPT,
  },
  { what: 'empty', bend: cut(() => 0), asBackup: CUT },
  { what: 'one-byte', bend: cut(() => 1), asBackup: CUT },
  { what: 'half-a-header', bend: cut(() => 50), asBackup: CUT },
  { what: 'a-header', bend: cut(() => 100), asBackup: CUT },
  { what: 'one-page', bend: cut(() => PAGE), asBackup: CUT },
  { what: 'all-pages-but-one', bend: cut((size) => size - PAGE), asBackup: CUT },
  { what: 'half-of-the-last-page', bend: cut((size) => size - PAGE / 2), asBackup: CUT },
  { what: 'a-byte-short', bend: cut((size) => size - 1), asBackup: CUT },
]
