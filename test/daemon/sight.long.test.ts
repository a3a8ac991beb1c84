import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import Database from 'better-sqlite3'

import { safetyBackups } from '../support/beside.ts'
import { makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const UNSHARE = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
const MISSING = spawnSync(UNSHARE[0]!, [...UNSHARE.slice(1), 'true']).status === 0 ? false : 'unshare --pid needs root'

describe('the daemon in a PID namespace of its own, as in a container', { skip: MISSING }, () => {
  let place: Installation

  before(async () => {
    place = new Installation()
    makeBackup(place.backups, 'daily', '20260215_020015', { rows: 40 })
    await place.start(UNSHARE)
  })
  after(async () => {
    await place.remove()
  })

  it('says that it cannot see who has a database open outside of it', () => {
    assert.match(place.log(), /"level":"warn"[^\n]*PID namespace of its own/)
  })

  it('still refuses a WAL database that an idle connection outside of it holds open', async () => {
    const neighbour = new Database(place.database)
    try {
      assert.equal(neighbour.pragma('journal_mode', { simple: true }), 'wal')
      neighbour.prepare('SELECT COUNT(*) FROM incidents').get()
      place.drop('held', { source: { latest: {} } })
      const { phase, status } = await place.ended('held')
      assert.deepEqual([phase, status.reason], ['Failed', 'DatabaseInUse'], JSON.stringify(status))
      assert.equal(neighbour.prepare('SELECT COUNT(*) FROM incidents').pluck().get(), 100)
    } finally {
      neighbour.close()
    }
    assert.ok(safetyBackups(place.backups).length <= 1)
  })
})
