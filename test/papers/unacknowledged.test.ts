import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { warningBeforeRestore } from '../../src/controller/unacknowledged.ts'
import { warningsIn } from '../../src/api/warning.ts'
import { manualApi, type ManualApi } from '../api/manual/manual-door.ts'
import { manifest, manifestYaml, Workplace } from '../cli/workplace.ts'
import { ENDINGS, record } from './endings.ts'

const WARNING =
  'the last restore of shop, success, ended Succeeded and nobody has acknowledged it: check the application before restoring ' +
  'again (modosu checklist post success), then: modosu ack success'

describe('another restore of a target whose last result nobody has acknowledged (manual Q6)', () => {
  let place: Workplace
  let api: ManualApi

  before(async () => {
    place = new Workplace()
    place.live()
    place.backup('daily', '20260215_020015')
    record(
      place,
      ENDINGS.find(({ name }) => name === 'success')!,
    )
    api = await manualApi(place)
  })
  after(async () => {
    await api.close()
    place.close()
  })

  it('is warned of on the command line, before it is asked for', async () => {
    const words = ['restore', 'BKP-20260215-020015-daily', '--yes', '--no-wait', '--lang', 'en']
    const { stderr } = await place.run(words)
    assert.ok(stderr.includes(`warning: ${WARNING}`), stderr)
    const japanese = await place.run([...words.slice(0, -1), 'ja'])
    assert.match(japanese.stderr, /前回のリストア success は Succeeded で終了し、まだ確認されていません/)
  })

  it('is warned of by the API, in a header and among its events', async () => {
    const body = manifestYaml('again')
    const { status, headers } = await api.call('POST', '/apis/modosu.dev/v1/restorerequests', {
      body,
      headers: { 'content-type': 'application/yaml' },
    })
    assert.equal(status, 201)
    assert.deepEqual(warningsIn(String(headers['warning'])), [WARNING])
    const events = place.store.events({ request: 'again' })
    assert.deepEqual(
      events.map(({ type, reason }) => [type, reason]),
      [
        ['Normal', 'Received'],
        ['Warning', 'ResultNotAcknowledged'],
      ],
    )
  })

  it('is not, for a drill and for the way back', () => {
    const { spec } = manifest('other', { mode: 'Drill' })
    assert.equal(warningBeforeRestore(place.store, spec), null)
    const back = manifest('back', { source: { safetyBackup: { name: 'restore_safety_20260215150532.db' } } })
    assert.equal(warningBeforeRestore(place.store, back.spec), null)
  })

  it('is not once somebody has', () => {
    const escalation = { level: 'L1', acknowledged: true } as const
    place.store.commit('success', { from: 'Succeeded', reason: 'acknowledge', message: '', status: { escalation } })
    assert.equal(warningBeforeRestore(place.store, manifest('other').spec), null)
  })
})
