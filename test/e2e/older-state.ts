/** The story of a daemon whose state was put back, as a suite. */

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'

import { countRows, makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { commit, putBack, takeSnapshot } from './snapshot.ts'

export function tellOfOlderState(what: 'whole' | 'store'): void {
  const which = what === 'whole' ? 'the whole state directory' : 'the state store alone'
  describe(`a daemon after ${which} came back from before a restore`, () => {
    const installation = new Installation({ live: { rows: 90 } })
    const { database, backups } = installation
    after(() => installation.remove())

    it('runs nothing, says why, and goes on when a person has looked', async () => {
      makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
      await installation.start()
      installation.drop('inc-0', { source: { latest: {} }, mode: 'DryRun' })
      await installation.ended('inc-0')
      await installation.stop()
      takeSnapshot(installation)
      await installation.start()
      installation.drop('inc-1', { source: { latest: {} } })
      assert.equal((await installation.ended('inc-1')).phase, 'Succeeded')
      await installation.stop()
      commit(database)
      putBack(installation, what)
      await installation.start()

      const held = await installation.when('inc-1', ({ status }) => status.reason !== undefined)
      assert.deepEqual([held.phase, held.status.reason], ['Pending', 'StateRolledBack'])
      assert.match(held.status.hint ?? '', /modosu approve inc-1/)
      assert.equal(countRows(database), 41)
      assert.match(installation.log(), /"level":"error".*the state store is older than what was seen of it before/)
      const told = installation.cli('state')
      assert.equal(told.status, 6)
      assert.match(told.stdout, /^held: inc-1 \(Pending, target app\)$/m)
      installation.drop('inc-2', { source: { latest: {} } })
      await installation.when('inc-2', ({ status }) => status.reason === 'StateRolledBack')

      assert.equal(installation.cli('state', 'accept', '--yes').status, 0)
      installation.drop('inc-3', { source: { latest: {} }, mode: 'DryRun' })
      assert.equal((await installation.ended('inc-3')).phase, 'Succeeded')
      assert.equal(installation.cli('approve', 'inc-2').status, 0)
      assert.equal((await installation.ended('inc-2')).phase, 'Succeeded')
      assert.equal(installation.cli('cancel', 'inc-1').status, 0)
      assert.equal((await installation.ended('inc-1')).phase, 'Cancelled')
      await installation.stop()
      await installation.start()
      assert.equal(installation.cli('state').status, 0, 'what was accepted stays accepted')
    })
  })
}
