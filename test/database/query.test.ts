import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { QueryAnswer } from '../../src/database/look-contract.ts'
import { questioned } from './questioned.ts'
import { rejection, world } from './world.ts'

const { operations, folder } = world('query')

const DEADLINE_MS = 40_000

function ask(path: string, sql: string, limits: { maxRows?: number; maxBytes?: number } = {}): Promise<QueryAnswer> {
  const { maxRows = 100, maxBytes = 1_000_000 } = limits
  return operations.query({ path, sql, maxRows, maxBytes }, { deadlineMs: DEADLINE_MS })
}

const asked = () => questioned(folder())

describe('a question in SQL', { timeout: 120_000 }, () => {
  it('is answered with every type of value as it is', async () => {
    const { path } = asked()
    const { columns, rows, cut } = await ask(path, 'SELECT id, a, b, 1.0 AS r, 9007199254740993 AS big FROM t')
    assert.deepEqual([columns, cut], [['id', 'a', 'b', 'r', 'big'], null])
    const [first = [], second] = rows
    assert.deepEqual(first.slice(0, 2), [1n, 'one'])
    assert.deepEqual(Buffer.from(first[2] as Uint8Array), Buffer.from([0, 255]))
    assert.deepEqual(second, [2n, null, null, 1, 9007199254740993n])
  })

  it('may be of the schema, be explained, and begin with comments', async () => {
    const { path } = asked()
    for (const sql of [
      "SELECT name FROM pragma_table_info('t')",
      'SELECT sql FROM sqlite_schema',
      'EXPLAIN QUERY PLAN SELECT * FROM t',
      '-- why\n /* and */ WITH x AS (SELECT 1) SELECT * FROM x;',
      'VALUES (1), (2)',
      "SELECT body FROM words WHERE words MATCH 'b'",
    ]) {
      assert.ok((await ask(path, sql)).rows.length > 0, sql)
    }
  })

  it('is cut at its bounds, and says at which', async () => {
    const { path } = asked()
    const endless =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, hex(zeroblob(500)) FROM n'
    assert.deepEqual(((a) => [a.rows.length, a.cut])(await ask(path, endless, { maxRows: 7 })), [7, 'rows'])
    assert.deepEqual(((a) => [a.rows.length, a.cut])(await ask(path, endless, { maxBytes: 5000 })), [4, 'bytes'])
  })

  it('says what SQLite does not understand, and what the database lacks', async () => {
    const { path } = asked()
    await assert.rejects(ask(path, 'SELECT * FROM nowhere'), rejection('QueryRefused', /no such table: nowhere/))
    await assert.rejects(ask(path, 'SELECT ?'), rejection('QueryRefused'))
    await assert.rejects(ask(join(folder(), 'none.db'), 'SELECT 1'), rejection('FileNotFound'))
  })

  it('is refused where it does more than read, and ended where it does not end or takes too much memory', async () => {
    const { path } = asked()
    const refused = [
      "ATTACH 'x' AS o",
      'WITH x AS (SELECT 1) DELETE FROM t RETURNING id',
      'PRAGMA user_version = 7',
      'SELECT 1; SELECT 2',
    ]
    for (const sql of refused) await assert.rejects(ask(path, sql), rejection('QueryRefused'), sql)
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)'
    await assert.rejects(
      operations.query(
        { path, sql: `${endless} SELECT count(*) FROM n`, maxRows: 1, maxBytes: 1 },
        { deadlineMs: 1000 },
      ),
      rejection('QueryLimit', /longer than 1 s/),
    )
    await assert.rejects(
      ask(path, `${endless} SELECT i FROM n ORDER BY hex(randomblob(2000))`),
      rejection('QueryLimit', /memory/),
    )
  })
})
