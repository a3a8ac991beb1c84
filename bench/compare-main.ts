/**
 * Prints what the comparison of two databases costs: `npm run build:test && node build/bench/compare-main.js [megabytes]`.
 * Memory is the largest that the child had of its own (proc(5), RssAnon), looked at ten times a second; files that the system keeps
 * in its cache are not in it.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

import { createDatabaseOperations } from '../src/database/client.ts'

const MEGABYTES = Number(process.argv[2] ?? 1000)
const ROWS_OF_A_MEGABYTE = 5000
const LOOK_EVERY_MS = 100
const DEADLINE_MS = 3_600_000
const CHANGES = `
  DELETE FROM events WHERE id % 100000 = 7;
  UPDATE events SET title = 'changed' WHERE id % 50000 = 3;
  INSERT INTO events (title) VALUES ('new');
  DELETE FROM tags WHERE number % 1000 = 3;
`

function fill(path: string, rows: number): void {
  const connection = new Database(path)
  connection.pragma('synchronous = OFF')
  connection.pragma('journal_mode = OFF')
  connection.exec(`
    CREATE TABLE events (id INTEGER PRIMARY KEY, title TEXT, body TEXT, cost REAL, data BLOB);
    CREATE TABLE tags (tag TEXT, number INTEGER, note TEXT, PRIMARY KEY (tag, number)) WITHOUT ROWID;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO events SELECT i, 'event ' || i, printf('%.*c', 140, char(97 + i % 26)), i * 0.5, x'00112233' FROM n;
    INSERT INTO tags SELECT hex(id), id, title FROM events WHERE id % 10 = 0;
  `)
  connection.close()
}

/** Of the processes that this one has started, in MiB: the largest. */
function childrensMb(): number {
  const own = String(process.pid)
  let most = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/status`, 'latin1')
      if (/^PPid:\s+(\d+)$/m.exec(text)?.[1] !== own) continue
      most = Math.max(most, Number(/^RssAnon:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1024)
    } catch {
      // It has ended meanwhile.
    }
  }
  return most
}

const folder = mkdtempSync(join(tmpdir(), 'modosu-bench-compare-'))
const operations = createDatabaseOperations({ lockFile: null })
try {
  const [present, backup] = [join(folder, 'present.db'), join(folder, 'backup.db')]
  for (const path of [present, backup]) fill(path, MEGABYTES * ROWS_OF_A_MEGABYTE)
  const connection = new Database(present)
  connection.exec(CHANGES)
  connection.close()
  let mostMb = 0
  const look = setInterval(() => {
    mostMb = Math.max(mostMb, childrensMb())
  }, LOOK_EVERY_MS)
  const before = performance.now()
  const { tables } = await operations.compare(
    { present, backup, tables: null, rows: 3, budgetMs: null },
    { deadlineMs: DEADLINE_MS },
  )
  const seconds = (performance.now() - before) / 1000
  clearInterval(look)
  const differences = tables.reduce(
    (sum, { vanish, return: back, change }) => sum + Number(vanish) + Number(back) + Number(change),
    0,
  )
  console.log('MB of each | rows of each | differing rows | seconds | memory of the child, MiB')
  const rows = tables.reduce((sum, table) => sum + Number(table.backup), 0)
  const size = Math.round(statSync(backup).size / 1e6)
  console.log([size, rows, differences, seconds.toFixed(1), mostMb.toFixed(0)].join(' | '))
} finally {
  await operations.close()
  rmSync(folder, { recursive: true, force: true })
}
