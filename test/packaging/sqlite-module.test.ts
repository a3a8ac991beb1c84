import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Leaves statements to the garbage collector in many turns of the event loop, some of which it begins by itself. */
const LEAVES_STATEMENTS = `
  const database = new (require('better-sqlite3'))(':memory:')
  let turns = 0
  const turn = () => {
    for (let number = 0; number < 500; number += 1) database.prepare('SELECT 1').get()
    if ((turns += 1) < 60) setTimeout(turn, 1)
  }
  turn()
`

describe('the compiled better-sqlite3', () => {
  it('does not abort the process when its statements are collected, on this Node.js', () => {
    const words = ['--max-semi-space-size=1', '-e', LEAVES_STATEMENTS]
    const { status, signal, stderr } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' })
    assert.deepEqual([status, signal], [0, null], stderr)
  })
})
