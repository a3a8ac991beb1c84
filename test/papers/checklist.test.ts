import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { checklistFor } from '../../src/controller/papers/checklist-of.ts'
import { listWithCatalog } from '../../src/controller/papers/checklist-sources.ts'
import { systemClock } from '../../src/domain/clock.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { pointWords, type ChecklistName } from '../../src/domain/papers/checklist-words.ts'
import { checklistOf, type Checklist, type Finding } from '../../src/domain/papers/checklist.ts'
import type { StoredRequest } from '../../src/store/rows.ts'
import { manualApi, type ManualApi } from '../api/manual/manual-door.ts'
import { Workplace } from '../cli/workplace.ts'
import { makeBackup } from '../support/files.ts'
import { InProcess, TESTER } from '../support/in-process.ts'
import { ENDINGS, record } from './endings.ts'
import { equalsGolden } from './golden.ts'
import { AFTER, BEFORE, rowsOf } from './manual-texts.ts'

const BY_PEOPLE = [5, 6, 9, 10]
const NOBODY = { name: 'somebody', via: 'socket', person: null } as const

function refused(reason: string): (error: unknown) => boolean {
  return (error) => error instanceof RestoreError && error.reason === reason
}

describe('the words of the checklists', () => {
  it('are those of the manual, point for point', () => {
    for (const [list, table] of [
      ['pre', BEFORE],
      ['post', AFTER],
    ] as const) {
      const rows = rowsOf(table)
      assert.equal(rows.length, 10)
      for (const [number, item, how, expected] of rows) {
        const words = pointWords(list, Number(number), 'ja')
        assert.deepEqual([words.item, words.how, words.expected], [item, how, list === 'pre' ? undefined : expected])
        assert.notEqual(pointWords(list, Number(number), 'en').item, '')
      }
    }
  })
})

describe('a checklist', () => {
  const finding = (fulfilled: boolean | null): Finding => ({ fulfilled, evidence: 'e' })
  const tick = (point: number, ticked = true) => ({
    point,
    ticked,
    actor: 'bob',
    note: null,
    at: '2026-02-15T15:00:00Z',
  })

  it('takes the word of the program over that of a person, in both directions', () => {
    const { points } = checklistOf(
      'pre',
      [finding(false), finding(true), finding(null)],
      [tick(1), tick(2, false), tick(3)],
    )
    assert.deepEqual(
      points.map(({ done, by, tickedBy }) => [done, by, tickedBy]),
      [
        [false, 'machine', null],
        [true, 'machine', null],
        [true, 'person', 'bob'],
      ],
    )
  })

  it('is complete without the point that is only recommended', () => {
    const all = Array.from({ length: 10 }, (_, index) => finding(index === 7 ? null : true))
    assert.deepEqual(checklistOf('pre', all, []).open, [])
    assert.deepEqual(checklistOf('post', all, []).open, [8])
  })
})

describe('a target that requires the checklist', () => {
  const world = new InProcess(
    { rows: 60, wal: false },
    { checklist: 'require', smokeQueries: [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 1 }] },
  )
  const { store, controller, backups, target } = world
  const { commands } = controller
  const deps = { database: { catalogRows: () => Promise.resolve([]) } }
  const sources = { reader: store, clock: systemClock, list: () => listWithCatalog(deps, target), contacts: [] }
  const checklist = (name: string, list: ChecklistName): Promise<Checklist> =>
    checklistFor(sources, store.request(name)!, target, list)
  const waits = (name: string): Promise<StoredRequest> =>
    new Promise((resolve) => {
      const look = (request: StoredRequest | undefined): void => {
        if (request?.name === name && request.status.reason === 'ChecklistRequired') resolve(request)
      }
      store.onCommit(look)
      look(store.request(name))
    })

  before(() => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40, wal: false })
  })
  after(() => world.remove())

  it('lets a restore wait, and says which points are open', async () => {
    commands.submit(world.manifest('first'), TESTER)
    const { phase, status } = await waits('first')
    assert.equal(phase, 'Pending')
    assert.equal(status.message, '4 of 10 points of the checklist are open: 5, 6, 9, 10')
    assert.equal(status.hint, 'modosu checklist pre first')
  })

  it('judges what the program can know, with what that rests on', async () => {
    const { points, open } = await checklist('first', 'pre')
    assert.deepEqual(open, BY_PEOPLE)
    const evidence = points.map((point) => point.evidence)
    assert.match(evidence[0] ?? '', /^submitted by tester, as proven$/)
    assert.match(evidence[1] ?? '', /^BKP-20260215-020015-daily, made at /)
    assert.equal(evidence[2], 'the status is success')
    assert.match(evidence[3] ?? '', /\([1-9]\d+ bytes\)$/)
    assert.match(evidence[6] ?? '', / free, .* needed/)
  })

  it('lets nobody tick a point of the program, or without a proof of who that is; then nothing is recorded', async () => {
    const order = { list: 'pre', tick: [5, 7], untick: [] } as const
    await assert.rejects(commands.tick('first', order, TESTER), refused('Conflict'))
    await assert.rejects(commands.tick('first', { ...order, tick: [], untick: [2] }, TESTER), refused('Conflict'))
    await assert.rejects(commands.tick('first', { ...order, tick: [5] }, NOBODY), refused('Denied'))
    await assert.rejects(commands.tick('first', { ...order, tick: [11] }, TESTER), refused('InvalidArgument'))
    await assert.rejects(commands.tick('first', { ...order, list: 'post' }, TESTER), refused('Conflict'))
    assert.deepEqual(store.ticks(store.request('first')!, 'pre'), [])
    assert.equal((await checklist('first', 'pre')).open.length, 4)
  })

  it('runs it when the last point is ticked, and says who ticked what and when', async () => {
    await commands.tick('first', { list: 'pre', tick: [5, 6, 9], untick: [], note: 'mailed at 14:55' }, TESTER)
    await commands.tick('first', { list: 'pre', tick: [], untick: [6] }, TESTER)
    assert.deepEqual((await checklist('first', 'pre')).open, [6, 10])
    await commands.tick('first', { list: 'pre', tick: [6, 10], untick: [] }, TESTER)
    assert.equal((await world.ended('first')).phase, 'Succeeded')
    const ticks = store.ticks(store.request('first')!, 'pre')
    assert.deepEqual(
      ticks.map(({ point, ticked, actor }) => [point, ticked, actor]),
      BY_PEOPLE.map((point) => [point, true, 'tester']),
    )
    const audit = store.auditOf('first').filter(({ operation }) => operation === 'checklist')
    assert.equal(audit.length, 6)
    assert.equal(audit[0]?.message, 'point 5 of the pre checklist ticked by tester: mailed at 14:55')
  })

  it('keeps what was ticked once the restore has begun', async () => {
    await assert.rejects(commands.tick('first', { list: 'pre', tick: [], untick: [6] }, TESTER), refused('Conflict'))
    assert.deepEqual((await checklist('first', 'pre')).open, [])
  })

  it('judges the list of after the restore from what was recorded and what lies there', async () => {
    const { points, open } = await checklist('first', 'post')
    const evidence = points.map((point) => point.evidence)
    assert.equal(evidence[0], 'status: "success"')
    assert.match(evidence[3] ?? '', /^incidents: /)
    assert.match(evidence[7] ?? '', /^audit record \d+ of /)
    assert.equal(evidence[8], store.request('first')?.status.safetyBackup?.path)
    assert.deepEqual(open, [2, 3, 5, 6, 7, 10])
    await commands.tick('first', { list: 'post', tick: open, untick: [] }, TESTER)
    assert.deepEqual((await checklist('first', 'post')).open, [])
  })

  it('holds up no drill, and no way back', async () => {
    assert.equal((await world.run('drill', { mode: 'Drill' })).phase, 'Succeeded')
    const undo = await commands.rollback('app', {}, TESTER)
    assert.equal((await world.ended(undo.name)).phase, 'Succeeded')
  })

  it('knows that this backup was rehearsed', async () => {
    commands.submit(world.manifest('second'), TESTER)
    await waits('second')
    const rehearsed = (await checklist('second', 'pre')).points[7]
    assert.match(rehearsed?.evidence ?? '', /^the drill drill succeeded at /)
    assert.equal(rehearsed?.done, true)
  })

  it('is asked anew where the spec was edited', async () => {
    await commands.tick('second', { list: 'pre', tick: BY_PEOPLE.slice(1), untick: [] }, TESTER)
    commands.cancel('second', TESTER, '')
    await world.ended('second')
    const file = { file: 'third.yaml', index: 0, rivals: [], ownerUid: 0 }
    controller.intake.apply({ ...file, manifest: world.manifest('third') }, false)
    await waits('third')
    await commands.tick('third', { list: 'pre', tick: [5], untick: [] }, TESTER)
    controller.intake.apply({ ...file, manifest: world.manifest('third', { reason: 'another' }) }, false)
    assert.deepEqual(store.ticks(store.request('third')!, 'pre'), [])
    assert.deepEqual((await checklist('third', 'pre')).open, BY_PEOPLE)
  })
})

describe('modosu checklist, and the API', () => {
  let place: Workplace
  let api: ManualApi

  before(async () => {
    place = new Workplace()
    for (const ending of ENDINGS) record(place, ending)
    api = await manualApi(place)
  })
  after(async () => {
    await api.close()
    place.close()
  })

  for (const [list, name] of [
    ['pre', 'success'],
    ['post', 'success'],
    ['pre', 'failed'],
    ['post', 'failed'],
    ['pre', 'rolled-back'],
    ['post', 'rolled-back'],
    ['pre', 'rollback-failed'],
    ['post', 'rollback-failed'],
    ['pre', 'undo'],
    ['post', 'undo'],
  ] as const) {
    for (const lang of ['ja', 'en'] as const) {
      it(`prints the list ${list} of ${name} in ${lang}`, async () => {
        const { code, stdout, stderr } = await place.run(['checklist', list, name, '--lang', lang])
        assert.deepEqual([code, stderr], [0, ''])
        equalsGolden(`checklist-${list}-${name}.${lang}.txt`, stdout)
      })
    }
  }

  for (const [name, mode] of [
    ['drill', 'Drill'],
    ['extract', 'Extract'],
  ] as const) {
    it(`has none for the ${name}, which changes nothing`, async () => {
      for (const list of ['pre', 'post']) {
        const { code, stderr } = await place.run(['checklist', list, name, '--lang', 'en'])
        assert.equal(code, 7, stderr)
        assert.ok(stderr.includes(`there is no checklist of ${name}: mode ${mode} changes nothing`), stderr)
        const shown = await api.call('GET', `/apis/modosu.dev/v1/restorerequests/${name}/checklist?list=${list}`)
        assert.deepEqual([shown.status, shown.body['reason']], [409, 'Conflict'])
        const { stdout } = await place.run(['report', name, '--lang', 'en'])
        assert.doesNotMatch(stdout, /Checklist/)
      }
    })
  }

  it('is seen by whoever sees the request, and ticked by operators', async () => {
    const path = '/apis/modosu.dev/v1/restorerequests/success/checklist'
    const shown = await api.call('GET', `${path}?list=post&lang=ja`, { role: 'viewer' })
    assert.deepEqual([shown.status, shown.body['kind'], shown.body['complete']], [200, 'Checklist', false])
    const body = { list: 'post', tick: [3], note: 'ログイン確認' }
    assert.equal((await api.call('POST', path, { role: 'viewer', body })).status, 403)
    assert.equal((await api.call('POST', path, { role: 'operator', body })).status, 200)
    const [tick] = place.store.ticks(place.store.request('success')!, 'post')
    assert.deepEqual([tick?.point, tick?.actor, tick?.note], [3, 'alice', 'ログイン確認'])
    const forged = await api.call('POST', path, { role: 'admin', body: { list: 'post', tick: [1, 7] } })
    assert.deepEqual([forged.status, forged.body['reason']], [409, 'Conflict'])
    const wrong = await api.call('POST', path, { role: 'admin', body: { list: 'never', tick: [7] } })
    assert.equal(wrong.status, 400)
  })

  it('is part of the report', async () => {
    const { stdout } = await place.run(['report', 'success', '--lang', 'ja'])
    assert.match(stdout, /【リストア後チェックリスト】/)
    assert.match(stdout, /3 \| ログインが可能か \| 済 \| alice .* \| ログイン確認/)
  })

  it('refuses what is no point', async () => {
    const { code, stderr } = await place.run(['checklist', 'pre', 'success', '--tick', '12', '--lang', 'en'])
    assert.equal(code, 2)
    assert.match(stderr, /not a point of a checklist: 12/)
  })
})
