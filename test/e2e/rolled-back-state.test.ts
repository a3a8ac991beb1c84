import assert from 'node:assert/strict'
import { appendFileSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import Database from 'better-sqlite3'

import { contentHash } from '../support/beside.ts'
import { countRows, makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const STORE = /^modosu\.db(-wal|-shm)?$/

/** The application goes on after the restore. */
function commit(database: string): void {
  const connection = new Database(database)
  connection.prepare("INSERT INTO incidents (title, body) VALUES ('a day of work', '')").run()
  connection.close()
}

/** Puts back what a snapshot holds: all of it, or only the files of the state store itself. */
function putBack({ state, folder }: Installation, what: 'whole' | 'store'): void {
  const mine = (name: string): boolean => what === 'whole' || STORE.test(name)
  for (const name of readdirSync(state)) if (mine(name)) rmSync(join(state, name), { recursive: true })
  const snapshot = join(folder, 'snapshot')
  for (const name of readdirSync(snapshot)) {
    if (mine(name) && !name.endsWith('.sock')) cpSync(join(snapshot, name), join(state, name), { recursive: true })
  }
}

function takeSnapshot({ state, folder }: Installation): void {
  cpSync(state, join(folder, 'snapshot'), { recursive: true, filter: (path) => !path.endsWith('.sock') })
}

for (const what of ['whole', 'store'] as const) {
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
