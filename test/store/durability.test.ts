import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import { stateStorePath } from '../../src/store/reader.ts'
import { straceProblem } from '../crash/strace.ts'

const WRITER = fileURLToPath(new URL('./syncs-stand-in.js', import.meta.url))
describe('the state store', { skip: straceProblem() ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-durability-'))
  after(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  /** Syncs of the `-wal` while so many records are committed. */
  function syncsOf(count: number): number {
    const state = join(folder, String(count))
    mkdirSync(state)
    const log = join(folder, `${count}.strace`)
    const words = ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', log, process.execPath, WRITER, state, String(count)]
    const { status, stderr } = spawnSync('strace', words, { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    const synced = readFileSync(log, 'utf8').split('\n')
    return synced.filter((line) => line.includes(`${stateStorePath(state)}-wal>`)).length
  }

  it('syncs each commit before it returns: a power cut forgets no phase', () => {
    // With synchronous=NORMAL, the number of syncs does not depend on the number of commits.
    assert.equal(syncsOf(25) - syncsOf(5), 20)
  })
})
