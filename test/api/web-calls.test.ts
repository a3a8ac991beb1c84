import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { scanBackups } from '../../src/catalog/scan.ts'
import { said } from '../../src/cli/translation/japanese.ts'
import { identityOfSet } from '../../src/controller/verdicts.ts'
import { loadConfiguration } from '../../src/daemon/config.ts'
import { Workplace } from '../cli/workplace.ts'
import { Accounts, API } from './auth/accounts.ts'
import { openAuthDoor } from './auth/auth-door.ts'
import { manualApi } from './manual/manual-door.ts'

describe('what the web page asks of the API', () => {
  it('says by what a person can log in, to whoever asks', async () => {
    const accounts = await Accounts.open()
    try {
      const { status, body } = await accounts.door.call('GET', '/api/v1/auth/methods')
      assert.equal(status, 200)
      assert.deepEqual(body['data'], { password: true, openid_connect: null })
    } finally {
      await accounts.close()
    }
  })

  it('says messages in Japanese, in their order, and those that it does not know as they are', async () => {
    const accounts = await Accounts.open()
    const place = new Workplace()
    const door = await openAuthDoor(place, accounts.users(), null, {}, undefined, { say: said })
    try {
      const session = { authorization: `Bearer ${door.auth.sessions.begin(accounts.user('viewer', {})).token}` }
      const texts = ['rename the verified file into its place', 'xyzzy 42']
      const path = `${API}/translations`
      const japanese = await door.call('POST', path, session, { language: 'ja', texts })
      assert.deepEqual(japanese.body['texts'], ['検証済みのファイルを配置する', 'xyzzy 42'])
      const english = await door.call('POST', path, session, { language: 'en', texts })
      assert.deepEqual(english.body['texts'], texts)
      for (const wrong of [{ language: 'fr', texts }, { language: 'ja' }, { language: 'ja', texts: [1] }]) {
        assert.equal((await door.call('POST', path, session, wrong)).status, 400)
      }
      assert.equal((await door.call('POST', path, {}, { language: 'ja', texts })).status, 401)
      // Nothing has changed, and nothing is recorded.
      assert.deepEqual(
        place.store.audit().filter(({ operation }) => operation === 'call'),
        [],
      )
    } finally {
      await door.close()
      place.close()
      await accounts.close()
    }
  })

  it('tells of a backup what was found last in the bytes that lie there now, and the size of the whole set', async () => {
    const place = new Workplace()
    place.backup('daily', '20260215_020015')
    const api = await manualApi(place)
    try {
      const first = async () => {
        const { body } = await api.call('GET', '/api/v1/backups')
        return (body.data?.['backups'] as readonly Readonly<Record<string, unknown>>[])[0] ?? {}
      }
      const unknown = await first()
      assert.deepEqual([unknown['restorable'], unknown['verification']], [true, null])
      assert.ok(Number(unknown['set_size']) >= Number(unknown['file_size']))
      const target = loadConfiguration(place.config).targets[0]
      assert.ok(target !== undefined)
      const [set] = (await scanBackups(target, [])).sets
      assert.ok(set !== undefined)
      const identity = await identityOfSet(set)
      const verdict = {
        target: target.name,
        backupId: set.id,
        passed: false,
        message: 'checksum: other',
        durationMs: 5,
      }
      place.store.upkeep.recordVerification({ ...verdict, identity })
      const damaged = await first()
      assert.equal(damaged['restorable'], false)
      assert.deepEqual(Object.keys(damaged['verification'] as object).sort(), ['at', 'message', 'passed'])
      // Of other bytes it says nothing.
      place.store.upkeep.recordVerification({ ...verdict, identity: `${identity}, and others` })
      assert.deepEqual([(await first())['restorable'], (await first())['verification']], [true, null])
    } finally {
      await api.close()
      place.close()
    }
  })

  it('tells the phases that a request has gone through, to whoever may see it', async () => {
    const place = new Workplace()
    place.request('inc-1')
    const api = await manualApi(place)
    try {
      const { status, body } = await api.call('GET', `${API}/restorerequests/inc-1/transitions`, { role: 'viewer' })
      assert.equal(status, 200)
      const { uid = '' } = place.store.request('inc-1') ?? {}
      assert.deepEqual(
        (body['items'] as readonly { readonly to: string }[]).map(({ to }) => to),
        place.store.transitions(uid).map(({ to }) => to),
      )
      const hidden = await api.call('GET', `${API}/restorerequests/inc-1/transitions`, { target: 'another' })
      assert.equal(hidden.status, 403)
    } finally {
      await api.close()
      place.close()
    }
  })

  it('takes the reason of a restore down in the request', async () => {
    const place = new Workplace()
    place.backup('daily', '20260215_020015')
    const api = await manualApi(place)
    try {
      const { status } = await api.call('POST', '/api/v1/backups/BKP-20260215-020015-daily/restore', {
        body: { confirm: true, reason: ' 誤操作によるインシデント削除 ' },
        headers: { prefer: 'respond-async' },
      })
      assert.equal(status, 202)
      assert.equal(place.store.requests()[0]?.spec.reason, '誤操作によるインシデント削除')
    } finally {
      await api.close()
      place.close()
    }
  })

  it('says that there is nothing to undo, and is no failure of the server', async () => {
    const place = new Workplace()
    const api = await manualApi(place)
    try {
      const path = `${API}/targets/shop/rollback`
      for (const method of ['GET', 'POST'] as const) {
        const { status, body } = await api.call(method, path)
        assert.deepEqual([status, body['reason']], [409, 'NothingToUndo'], method)
      }
      assert.equal((await api.call('GET', path, { target: 'another' })).status, 403)
    } finally {
      await api.close()
      place.close()
    }
  })
})
