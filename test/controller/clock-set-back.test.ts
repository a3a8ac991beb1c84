import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { after, describe, it } from 'node:test'

import { clockWentBack, lookAtClocks } from '../../src/domain/clock.ts'
import { countRows, makeBackup } from '../support/files.ts'
import { InProcess } from '../support/in-process.ts'

describe('a system clock that is set back between the safety backup and the stop', () => {
  let stepMs = 0
  const clock = { nowMs: () => Date.now(), wallMs: () => Date.now() + stepMs }
  const world = new InProcess({ rows: 60, wal: false }, {}, clock)
  const inode = (path: string): number => statSync(path).ino
  after(() => world.remove())

  it('makes the old database itself the safety backup: equal times prove nothing any more', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    const before = inode(world.database)
    world.at.set('SafetyBackup.end', () => {
      stepMs = -3000
    })
    const { phase, status, work } = await world.run('stepped')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(work.changedSinceSafety, true)
    assert.deepEqual([inode(status.safetyBackup?.path ?? ''), countRows(status.safetyBackup?.path ?? '')], [before, 60])
  })

  it('is not seen in a clock that is followed slowly, nor in one that was set forward', () => {
    let [nowMs, wallMs] = [0, 200_000]
    const both = { nowMs: () => nowMs, wallMs: () => wallMs }
    const look = lookAtClocks(both)
    ;[nowMs, wallMs] = [3_636_000, 3_800_000]
    assert.equal(clockWentBack(both, look), false)
    wallMs += 86_400_000
    assert.equal(clockWentBack(both, look), false)
    ;[nowMs, wallMs] = [60_000, 258_000]
    assert.equal(clockWentBack(both, look), true)
  })
})
