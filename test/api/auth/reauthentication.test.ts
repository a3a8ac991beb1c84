import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { Accounts, API, PASSWORD } from './accounts.ts'

let accounts: Accounts

beforeEach(async () => {
  accounts = await Accounts.open()
})

afterEach(() => accounts.close())

describe('the password given again before a restore', () => {
  it('is a proof for one backup and one user, once, for two minutes', async () => {
    const { door, place } = accounts
    const headers = accounts.session('admin')
    const reauth = (backup: string, password = PASSWORD) =>
      door.call('POST', '/api/v1/auth/reauth', headers, { password, backup_id: backup })
    const prove = async (backup: string): Promise<string> =>
      ((await reauth(backup)).body['data'] as { proof: string }).proof
    assert.equal((await reauth('BKP-1', 'wrong')).status, 401)
    const { reauthentication } = door.auth
    const caller = { name: 'admin', door: 'http', credential: 'session' } as never
    const refused = { reason: 'ReauthenticationRequired' }
    const isRefused = (backup: string, proof?: string): void => {
      assert.throws(() => {
        reauthentication.require(caller, backup, proof)
      }, refused)
    }
    const proof = await prove('BKP-20260215020015-daily')
    reauthentication.require(caller, 'BKP-20260215-020015-daily', proof)
    isRefused('BKP-20260215-020015-daily', proof)
    isRefused('BKP-1')
    isRefused('BKP-1', await prove('BKP-2'))
    const late = await prove('BKP-1')
    place.nowMs += 120_000
    isRefused('BKP-1', late)
    reauthentication.require({ ...(caller as object), credential: 'token' } as never, 'BKP-1', undefined)
  })

  it('is asked of a session by every route that makes a restore, and by none that only rehearses one', async () => {
    const { door } = accounts
    const token = (accounts.session('admin')['authorization'] ?? '').replace('Bearer ', '')
    const session = { cookie: `modosu_session=${token}`, 'sec-fetch-site': 'same-origin' }
    accounts.place.backup('daily', '20260215_020015')
    accounts.place.walk(accounts.place.request('failed').name, ['Rejected'])
    const id = 'BKP-20260215-020015-daily'
    const manifest = (name: string, mode = 'Restore', source: object = { backupId: id }) => ({
      apiVersion: 'modosu.dev/v1',
      kind: 'RestoreRequest',
      metadata: { name },
      spec: { target: 'shop', source, confirm: true, mode },
    })
    const prove = async (what: string): Promise<Record<string, string>> => {
      const sent = { password: PASSWORD, backup_id: what }
      const { body } = await door.call('POST', '/api/v1/auth/reauth', session, sent)
      return { ...session, 'x-modosu-reauth': (body['data'] as { proof: string }).proof }
    }
    const calls = [
      ['/api/v1/backups/BKP-20260215-020015-daily/restore', { confirm: true }],
      [`${API}/restorerequests`, manifest('inc-1')],
      [`${API}/restorerequests`, manifest('inc-2', 'Restore', { latest: {} })],
      [`${API}/restorerequests/failed/retry`, {}],
      [`${API}/targets/shop/rollback`, {}],
      [`${API}/targets/shop/rollback`, { safetyBackup: 'restore_safety_20260215150530.db' }],
    ] as const
    for (const [path, body] of calls) {
      const { status, body: answer } = await door.call('POST', path, session, body)
      assert.deepEqual([status, answer['reason']], [403, 'ReauthenticationRequired'], path)
    }
    const create = `${API}/restorerequests`
    assert.equal((await door.call('POST', create, await prove(id), manifest('inc-1'))).status, 201)
    // What is there already is no other restore.
    assert.equal((await door.call('POST', create, session, manifest('inc-1'))).status, 200)
    const latest = manifest('inc-2', 'Restore', { latest: {} })
    assert.equal((await door.call('POST', create, await prove('shop'), latest)).status, 201)
    assert.equal((await door.call('POST', `${create}/failed/retry`, await prove(id), {})).status, 201)
    const rollback = await door.call('POST', `${API}/targets/shop/rollback`, await prove('shop'), {})
    assert.notEqual(rollback.body['reason'], 'ReauthenticationRequired')
    for (const mode of ['DryRun', 'Drill']) {
      assert.equal((await door.call('POST', create, session, manifest(`x-${mode.toLowerCase()}`, mode))).status, 201)
    }
    // A token is no page that somebody has left open.
    assert.equal((await door.call('POST', create, accounts.session('admin'), manifest('inc-3'))).status, 201)
  })
})
