import assert from 'node:assert/strict'
import { renameSync, rmSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import type { Target } from '../../src/domain/target.ts'
import { countRows, makeBackup, makeDatabase, sha256 } from '../support/files.ts'
import { InProcess } from '../support/in-process.ts'

/** Nothing that is restored passes it, so every restore is rolled back. */
const NEVER_ENOUGH: Target['smokeQueries'] = [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 1000 }]

describe('a rollback whose result is not the old database', () => {
  const world = new InProcess({ rows: 60, wal: false }, { smokeQueries: NEVER_ENOUGH })
  const { database, backups, root } = world

  before(() => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40, wal: false })
  })
  after(() => world.remove())

  it('does not say that the database is as it was, and leaves the file of somebody else alone', async () => {
    const strange = `${root}/strange.db`
    makeDatabase(strange, { rows: 7, wal: false })
    let times = 0
    world.at.set('RollingBack.back', () => {
      times += 1
      if (times === 1) renameSync(strange, database)
    })
    const { phase, status } = await world.run('replaced')
    assert.equal(phase, 'RollbackFailed', JSON.stringify(status))
    assert.equal(status.escalation?.level, 'L3')
    const reasons = world.store.events({ request: 'replaced' }).map(({ reason }) => reason)
    assert.ok(reasons.includes('RollbackNotVerified'), reasons.join())
    assert.equal(countRows(database), 7)
  })

  it('says so of the safety backup where the displaced original is gone', async () => {
    makeDatabase(database, { rows: 60, wal: false })
    const { name } = world.manifest('gone').metadata
    world.at.clear()
    world.at.set('RollingBack.aside', () => {
      rmSync(world.store.request(name)?.work.swap?.displaced[0]?.to ?? '', { force: true })
    })
    const { phase, status } = await world.run(name)
    assert.equal(phase, 'RolledBack', JSON.stringify(status))
    assert.deepEqual([sha256(database), countRows(database)], [status.safetyBackup?.sha256, 60])
  })
})
