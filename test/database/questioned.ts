/** A database for questions in SQL: every kind of thing that a statement can be hostile with. */

import { join } from 'node:path'
import { database, WAL } from './world.ts'

export function questioned(home: string): { readonly home: string; readonly path: string } {
  const path = join(home, 'app.db')
  database(
    path,
    WAL,
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB); INSERT INTO t VALUES (1, 'one', x'00ff'), (2, NULL, NULL)",
    'CREATE VIRTUAL TABLE words USING fts5 (body); CREATE VIRTUAL TABLE older USING fts4 (body)',
    "INSERT INTO words VALUES ('a b c'); INSERT INTO older VALUES ('a b c')",
    "CREATE VIEW wide AS SELECT load_extension('/tmp/x.so') AS x",
    'CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t; END',
  )
  return { home, path }
}
