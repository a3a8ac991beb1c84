import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { Accounts, PASSWORD } from './accounts.ts'

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
})
