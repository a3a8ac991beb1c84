import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'

import { reportFactsOf } from '../../src/controller/papers/report-facts.ts'
import { reportOf } from '../../src/domain/papers/report.ts'
import type { ReportField } from '../../src/domain/papers/report-words.ts'
import { NO_SETTINGS } from '../../src/domain/papers/settings.ts'
import { makeBackup } from '../support/files.ts'
import { InProcess, TESTER } from '../support/in-process.ts'

function fieldsOf(world: InProcess, name: string): ReadonlyMap<ReportField, string> {
  const facts = reportFactsOf(world.store, world.store.request(name)!, world.target, NO_SETTINGS)
  const { fields } = reportOf(facts, { language: 'en', say: (text) => text })
  return new Map(fields.map(({ key, value, items }) => [key, items === undefined ? value : items.join('\n')]))
}

describe('the report of restores that the controller has run', () => {
  const world = new InProcess({ rows: 60, wal: false })
  after(() => world.remove())

  it('tells of a success: what was lost, who submitted it, and each step', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    await world.run('first')
    const fields = fieldsOf(world, 'first')
    assert.equal(fields.get('operation'), 'restore')
    assert.equal(fields.get('result'), 'success')
    assert.equal(fields.get('rollback'), 'not run')
    assert.equal(fields.get('executor'), 'tester')
    assert.match(fields.get('loss') ?? '', /^yes \(changes from .* to .*; incidents 60 → 40 rows/)
    assert.match(fields.get('done') ?? '', /submitted: tester[^]*made the safety backup[^]*ended: Succeeded$/)
  })

  it('tells of its undo', async () => {
    const { name } = await world.controller.commands.rollback('app', {}, TESTER)
    await world.ended(name)
    assert.equal(fieldsOf(world, name).get('operation'), 'rollback (undo of first)')
    assert.equal(fieldsOf(world, name).get('result'), 'success')
  })

  it('tells of a drill that nothing was changed', async () => {
    await world.run('drill', { mode: 'Drill' })
    const fields = fieldsOf(world, 'drill')
    assert.equal(fields.get('loss'), 'no (the live database was not changed)')
    assert.equal(fields.get('responder'), 'no (a result that needs nobody)')
  })

  it('tells of a failure before the swap that nothing was changed', async () => {
    await world.run('missing', { source: { backupId: 'BKP-20200101-000000-daily' } })
    const fields = fieldsOf(world, 'missing')
    assert.match(fields.get('result') ?? '', /^failure \(Backup not found: BKP-20200101-000000-daily\)$/)
    assert.equal(fields.get('loss'), 'no (the live database was not changed)')
  })
})

describe('the report of a restore that was rolled back', () => {
  const smokeQueries = [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 1000 }]
  const world = new InProcess({ rows: 60, wal: false }, { smokeQueries })
  after(() => world.remove())

  it('tells why, that the database is as it was, and whom to call', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    await world.run('undone')
    const fields = fieldsOf(world, 'undone')
    assert.equal(fields.get('operation'), 'rollback')
    assert.match(fields.get('result') ?? '', /^failure \(smoke query failed: incidents: /)
    assert.equal(fields.get('rollback'), 'success')
    assert.match(fields.get('loss') ?? '', /^no \(put back to the state of before the restore/)
    assert.match(fields.get('responder') ?? '', /system administrator, 30 minutes to 2 hours/)
    world.controller.commands.acknowledge('undone', TESTER)
    assert.equal(fieldsOf(world, 'undone').get('responder'), 'tester')
  })
})
