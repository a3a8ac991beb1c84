import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, describe, it } from 'node:test'

import { makeBackup } from '../support/files.ts'
import { InProcess } from '../support/in-process.ts'

const SMOKE = { name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 1, max: null }

describe('the plan of a dry run', () => {
  const served = new InProcess({ rows: 60, wal: false }, {
    service: { unit: 'shop.service', command: null, unitSettings: null },
    hooks: {
      preRestore: [{ name: 'before', command: ['/bin/true'], timeoutMs: 1000 }],
      postRestore: [{ name: 'after', command: ['/bin/true'], timeoutMs: 1000 }],
    },
    healthCheck: { url: 'http://127.0.0.1:9/health', timeoutMs: 1000, intervalMs: 100 },
    smokeQueries: [SMOKE],
  } as never)
  const alone = new InProcess({ rows: 60, wal: false })
  after(() => Promise.all([served.remove(), alone.remove()]))

  async function planOf(world: InProcess, name: string, spec = {}): Promise<string[]> {
    const request = await world.run(name, { mode: 'DryRun', ...spec })
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    return (request.status.plan ?? []).map((line) =>
      line.replaceAll(world.root, '').replace(/ \((?:[\d.]+ \w+|not there yet)\)/g, ''),
    )
  }

  it('names each thing that a restore does, in its order', async () => {
    makeBackup(served.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    assert.deepEqual(await planOf(served, 'whole'), [
      '1. restore BKP-20260215-020015-daily into /live/app.db',
      '2. make a safety backup in /backups',
      '3. copy the set to /live/app.db.modosu-whole.new, verify checksum and integrity there',
      '4. run hook before',
      '5. stop shop.service',
      '6. set the present database aside as /live/app.db.modosu-whole.old and rename the verified file into its place',
      '7. check the restored database (full)',
      '8. start shop.service',
      '9. wait for http://127.0.0.1:9/health',
      '10. smoke query incidents',
      '11. run hook after',
    ])
  })

  it('stops and starts nothing where there is nothing to stop, or nobody wants it stopped', async () => {
    makeBackup(alone.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    for (const [name, world, spec] of [
      ['none', served, { servicePolicy: 'None' }],
      ['alone', alone, {}],
    ] as const) {
      const plan = await planOf(world, name, spec)
      const stops = plan.filter((line) => / (stop|start) /.test(line)).map((line) => line.replace(/^\d+\. /, ''))
      assert.deepEqual(stops, ['stop nothing: nobody may have the database open'], name)
    }
  })

  it('says what there is to go back to', async () => {
    const [, waived] = await planOf(alone, 'waived', { backupCurrent: false })
    assert.equal(waived, '2. make no safety backup: a failed restore would not be rolled back')
    rmSync(alone.database)
    const [first, second, , , rename] = await planOf(alone, 'nothing')
    assert.equal(first, '1. restore BKP-20260215-020015-daily into /live/app.db')
    assert.equal(second, '2. make no safety backup: there is no database yet')
    assert.equal(rename, '5. rename the verified file into its place')
  })

  it('is recorded as what it is', () => {
    const operations = new Set(alone.store.audit().map(({ operation }) => operation))
    assert.deepEqual([...operations], ['submit', 'dry-run'])
  })
})
