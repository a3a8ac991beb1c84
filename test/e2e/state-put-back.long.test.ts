import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'

import { contentHash } from '../support/beside.ts'
import { countRows, makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { tellOfOlderState } from './older-state.ts'
import { commit, putBack, takeSnapshot } from './snapshot.ts'

tellOfOlderState('whole')

describe('a daemon after the state came back from the middle of a restore that has ended since', () => {
  const installation = new Installation({ live: { rows: 90 } })
  const { database, backups } = installation
  after(() => installation.remove())

  it('touches nothing of it, and closes it when a person says so', async () => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
    const daemon = await installation.start([], { MODOSU_FAILPOINT: 'Swapping.renamed=SIGKILL' })
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    installation.drop('inc-1', { source: { latest: {} } })
    await ended
    takeSnapshot(installation)
    await installation.start()
    assert.equal((await installation.ended('inc-1')).phase, 'Succeeded')
    await installation.stop()
    commit(database)
    const before = contentHash(database)
    putBack(installation, 'whole')
    await installation.start()

    const held = installation.request('inc-1')
    assert.deepEqual([held?.phase, held?.status.reason], ['Swapping', 'StateRolledBack'])
    assert.equal(installation.cli('cancel', 'inc-1').status, 0)
    const closed = await installation.ended('inc-1')
    assert.deepEqual([closed.phase, closed.status.reason], ['Failed', 'StateRolledBack'])
    assert.equal(contentHash(database), before)
    assert.equal(countRows(database), 41)
  })
})
