import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { RestoreError } from '../../src/domain/errors.ts'
import type { PrunableSet } from '../../src/domain/retention.ts'
import { pinsOf } from '../../src/retention/needs.ts'
import { openStateReader } from '../../src/store/reader.ts'
import { countRows, makeBackup, makeDatabase } from '../support/files.ts'
import { InProcess, TESTER } from '../support/in-process.ts'

const conflict = (error: unknown): boolean => error instanceof RestoreError && error.reason === 'Conflict'

describe('a request that is forgotten', () => {
  const world = new InProcess({ rows: 60, wal: false })
  const { database, backups, store, controller } = world
  const { commands, intake } = controller
  const fromSpool = (name: string, reason?: string) =>
    intake.apply(
      {
        file: `${name}.yaml`,
        index: 0,
        manifest: world.manifest(name, reason === undefined ? {} : { reason }),
        rivals: [],
      },
      false,
    )
  const listed = () => store.listed().map(({ name }) => name)

  before(async () => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    fromSpool('first')
    assert.equal((await world.ended('first')).phase, 'Succeeded')
  })
  after(() => world.remove())

  it('leaves the lists, and its record, its audit and its place in the store stay', () => {
    const forgotten = commands.forget('first', TESTER, 'done with it')
    assert.deepEqual(listed(), [])
    assert.deepEqual([forgotten.phase, forgotten.status.escalation?.acknowledged], ['Succeeded', true])
    assert.deepEqual(store.audit().at(-1)?.operation, 'forget')
    assert.match(store.audit().at(-1)?.message ?? '', /forgotten by tester: done with it/)
    const reader = openStateReader(world.state)
    assert.equal(reader.changes.after(0, 10_000).at(-1)?.type, 'DELETED')
    assert.equal(reader.request('first')?.forgottenAt, forgotten.forgottenAt)
    reader.close()
    assert.equal(commands.forget('first', TESTER, '').forgottenAt, forgotten.forgottenAt)
  })

  it('never runs again from its file, edited or not, and its name stays taken', () => {
    makeDatabase(database, { rows: 77, wal: false })
    fromSpool('first')
    fromSpool('first', 'edited')
    assert.deepEqual([store.request('first')?.phase, listed()], ['Succeeded', []])
    assert.throws(
      () => commands.submit(world.manifest('first', { reason: 'another' }), TESTER),
      /is taken by another spec/,
    )
    assert.equal(countRows(database), 77)
  })

  it('is still the restore that an undo takes back, and its safety backup is still kept for that', async () => {
    const safety = store.request('first')?.status.safetyBackup
    const pins = pinsOf(store, [world.target])
    const set: PrunableSet = {
      target: 'app',
      kind: 'safety',
      name: safety?.name ?? '',
      folder: backups,
      files: [{ name: safety?.name ?? '', sizeBytes: 1, dev: '0', ino: '0', mtimeNs: '0' }],
      type: null,
      whole: true,
      createdAtMs: 0,
      request: 'first',
      good: true,
    }
    assert.notEqual(pins.pinOf(set), null)
    const undo = await commands.rollback('app', {}, TESTER)
    assert.equal((await world.ended(undo.name)).phase, 'Succeeded')
    assert.equal(countRows(database), 60)
  })

  it('must have ended', () => {
    commands.submit(world.manifest('waiting', { suspend: true }), TESTER)
    assert.throws(() => commands.forget('waiting', TESTER, ''), conflict)
    assert.throws(
      () => store.commit('waiting', { from: 'Pending', reason: 'forget', message: '', forgotten: true }),
      conflict,
    )
  })

  it('comes back where it was rejected and its file is edited: that is a new request', async () => {
    const wrong = { ...world.manifest('rejected', { target: 'nowhere' }) }
    intake.apply({ file: 'rejected.yaml', index: 0, manifest: wrong, rivals: [] }, false)
    assert.equal((await world.ended('rejected')).phase, 'Rejected')
    commands.forget('rejected', TESTER, '')
    intake.apply({ file: 'rejected.yaml', index: 0, manifest: wrong, rivals: [] }, false)
    assert.equal(listed().includes('rejected'), false)
    fromSpool('rejected', 'mended')
    assert.equal(listed().includes('rejected'), true)
    assert.equal((await world.ended('rejected')).phase, 'Succeeded')
  })
})

describe('a request that ended L2', () => {
  const world = new InProcess(
    { rows: 60, wal: false },
    { smokeQueries: [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 1000 }] },
  )
  const { commands } = world.controller
  after(() => world.remove())

  it('is forgotten only when somebody has acknowledged it', async () => {
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    assert.equal((await world.run('undone')).phase, 'RolledBack')
    assert.throws(() => commands.forget('undone', TESTER, ''), conflict)
    commands.acknowledge('undone', TESTER)
    assert.notEqual(commands.forget('undone', TESTER, '').forgottenAt, null)
  })
})
