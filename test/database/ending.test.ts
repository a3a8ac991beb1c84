import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { database, filled, rejection, SOON, world } from './world.ts'

const { operations, folder } = world('ending')

/** A database with a question that takes for ever. */
function endless(path: string): void {
  const sum = '(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n)'
  database(path, filled('items', 5), `CREATE VIEW forever AS SELECT ${sum} AS n`)
}

const ENDLESS = [{ name: 'endless', sql: 'SELECT n FROM forever' }]

/** The processes of the operations that this test process has started. */
function children(): number[] {
  const own = readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').split(' ').filter(Boolean)
  return own.map(Number)
}

describe('the process of an operation', { timeout: 60_000 }, () => {
  it(
    'is a verdict when somebody kills it, and the next operation has another',
    { skip: process.platform !== 'linux' },
    async () => {
      const path = join(folder(), 'app.db')
      endless(path)
      const smoke = operations.smoke(path, ENDLESS, SOON)
      const ended = assert.rejects(smoke, rejection('Unverifiable', /the smoke's process was killed by SIGKILL/))
      while ((await operations.holders([path], SOON)).holders.length === 0) await sleep(20)
      const killed = children()
      for (const pid of killed) process.kill(pid, 'SIGKILL')
      await ended
      while (children().some((pid) => killed.includes(pid))) await sleep(20)
      assert.deepEqual((await operations.inspect(path, SOON)).tables, ['items'])
    },
  )

  it('is ended at its deadline inside SQLite', async () => {
    const path = join(folder(), 'app.db')
    endless(path)
    await assert.rejects(operations.smoke(path, ENDLESS, { deadlineMs: 1000 }), rejection('CheckTimedOut'))
  })

  it('leaves no partial copy when it is interrupted', async () => {
    const [path, target] = [join(folder(), 'app.db'), folder()]
    database(path, filled('items', 200_000))
    const abort = new AbortController()
    const copy = operations.safetyCopy(path, join(target, 'copy.db'), { ...SOON, signal: abort.signal })
    const ended = assert.rejects(copy, rejection('Interrupted'))
    while (readdirSync(target).length === 0) await sleep(1)
    abort.abort()
    await ended
    assert.deepEqual(readdirSync(target), [])
  })
})
