import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'

import { makeBackup } from '../support/files.ts'
import { InProcess } from '../support/in-process.ts'

describe('a drill', () => {
  const world = new InProcess({ rows: 60, wal: false })
  after(() => world.remove())

  it('says which downtime a restore is to be expected to take, once there was one', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    const first = await world.run('drill-1', { mode: 'Drill' })
    assert.equal(first.phase, 'Succeeded', JSON.stringify(first.status))
    assert.doesNotMatch(first.status.message ?? '', /downtime/)
    assert.equal((await world.run('restore')).phase, 'Succeeded')
    const second = await world.run('drill-2', { mode: 'Drill' })
    assert.match(second.status.message ?? '', /; of a restore expect a downtime of about \d+\.\d s until/)
    assert.deepEqual(
      world.store
        .audit()
        .map(({ operation }) => operation)
        .filter((operation) => operation !== 'submit'),
      ['drill', 'restore', 'drill'],
    )
  })
})
