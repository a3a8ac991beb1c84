import assert from 'node:assert/strict'
import { existsSync, lstatSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { stagedPath } from '../../src/database/place.ts'
import { beside } from '../support/beside.ts'
import { countRows, makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const LATEST = { source: { latest: {} } }

describe('two daemons with a request of the same name on one database', () => {
  const one = new Installation({ live: { rows: 90 } })
  const other = new Installation({ live: null })
  after(async () => {
    await other.remove()
    await one.remove()
  })

  it('leave each other’s files alone, one after a crash too, and restore one after the other', async () => {
    const { database, backups, folder } = one
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
    const target = { database, backups: { path: backups, stem: 'app', catalogTable: null, auditTable: null } }
    other.configure({ target })

    const dead = await other.start([], { MODOSU_FAILPOINT: 'VerifyingBackup.begin=SIGKILL' })
    const ended = new Promise((resolve) => dead.once('exit', resolve))
    other.drop('inc-1', LATEST)
    await ended
    const staged = stagedPath(database, 'inc-1')
    assert.ok(existsSync(staged))

    const [waiting, go] = [join(folder, 'waiting'), join(folder, 'go')]
    const wait = `touch ${waiting}; while ! test -e ${go}; do sleep 0.05; done`
    one.configure({ target: { hooks: { preRestore: [{ name: 'wait', command: ['sh', '-c', wait] }] } } })
    await one.start()
    one.drop('inc-1', LATEST)
    while (!existsSync(waiting)) await delay(25)
    const { ino } = lstatSync(staged)

    await other.start()
    await other.when('inc-1', ({ status }) => status.reason === 'TargetLocked')
    assert.equal(lstatSync(staged).ino, ino)
    writeFileSync(go, '')
    assert.equal((await one.ended('inc-1')).phase, 'Succeeded')
    const { phase, status } = await other.ended('inc-1')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(countRows(database), 40)
    assert.deepEqual(beside(database), [])
  })
})
