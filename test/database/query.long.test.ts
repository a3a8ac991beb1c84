import assert from 'node:assert/strict'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { RestoreError } from '../../src/domain/errors.ts'
import { HOSTILE_STATEMENTS } from './hostile-statements.ts'
import { questioned } from './questioned.ts'
import { database, snapshot, world } from './world.ts'

const { operations, folder } = world('query')

/** The start of a process included. */
const DEADLINE_MS = 5000
const PATIENT_MS = 60_000

/** Marks those that get an answer, since it is one that reads this copy alone. */
const HARMLESS = '-- harmless'

function ask(path: string, sql: string) {
  return operations.query(
    { path, sql, maxRows: 100, maxBytes: 1_000_000 },
    { deadlineMs: sql.includes(HARMLESS) ? PATIENT_MS : DEADLINE_MS },
  )
}

const asked = () => questioned(folder())

describe('a hostile statement', { timeout: 600_000 }, () => {
  it('does nothing else, whatever it is: refused or ended, with nothing changed on the disk', async () => {
    const { home, path } = asked()
    writeFileSync(join(home, 'secret.txt'), 'secret')
    database(join(home, 'other.db'), "CREATE TABLE secrets (a); INSERT INTO secrets VALUES ('secret')")
    const before = snapshot(home)
    const temporary = (): string[] =>
      readdirSync(tmpdir())
        .filter((name) => /etilqs|sqlite|hostile/.test(name))
        .sort()
    const temporaryBefore = temporary()
    assert.ok(HOSTILE_STATEMENTS.length >= 40)
    const answered: string[] = []
    await Promise.all(
      HOSTILE_STATEMENTS.map(async (statement) => {
        const sql = statement.replaceAll('DIR', home)
        try {
          const { rows } = await ask(path, sql)
          assert.ok(
            !JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).includes(
              'secret',
            ),
            sql,
          )
          answered.push(statement)
        } catch (error) {
          assert.ok(error instanceof RestoreError, String(error))
          assert.ok(['QueryRefused', 'QueryLimit'].includes(error.reason), `${sql}: ${error.reason} ${error.message}`)
        }
      }),
    )
    assert.deepEqual(snapshot(home), before)
    assert.deepEqual(temporary(), temporaryBefore)
    assert.deepEqual(answered.sort(), HOSTILE_STATEMENTS.filter((sql) => sql.includes(HARMLESS)).sort())
    assert.equal(statSync(path).mode & 0o777, 0o644)
  })
})
