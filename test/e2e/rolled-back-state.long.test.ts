import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { tellOfOlderState } from './older-state.ts'
import { STORE } from './snapshot.ts'

tellOfOlderState('store')

describe('a daemon after a power cut', () => {
  const installation = new Installation({ live: { rows: 90 } })
  after(() => installation.remove())

  it('holds nothing for a torn line, a lost witness or a status file that is behind', async () => {
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 40 })
    await installation.start()
    installation.drop('inc-1', { source: { latest: {} } })
    await installation.ended('inc-1')
    await installation.stop('SIGKILL')
    appendFileSync(join(installation.state, 'audit.heads'), '2 0123')
    rmSync(join(installation.state, 'status', 'inc-1.yaml'))
    await installation.start()
    assert.equal(installation.cli('state').status, 0)
    await installation.stop()
    rmSync(join(installation.state, 'audit.heads'))
    await installation.start()
    installation.drop('inc-2', { source: { latest: {} } })
    assert.equal((await installation.ended('inc-2')).phase, 'Succeeded')
    assert.ok(existsSync(join(installation.state, 'status', 'inc-1.yaml')))
  })

  it('takes a new state store for a new one, at the second start too', async () => {
    await installation.stop()
    for (const name of readdirSync(installation.state)) {
      if (STORE.test(name)) rmSync(join(installation.state, name))
    }
    await installation.start()
    await installation.when('inc-1', ({ status }) => status.reason === 'NoHistory')
    await installation.stop()
    await installation.start()
    assert.equal(installation.cli('state').status, 0)
    assert.equal(installation.request('inc-1')?.status.reason, 'NoHistory')
  })
})
