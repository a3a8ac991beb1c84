import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { Accounts, API } from './accounts.ts'
import type { Headers } from './auth-door.ts'

let accounts: Accounts

beforeEach(async () => {
  accounts = await Accounts.open()
})

afterEach(() => accounts.close())

describe('a credential in a cookie', () => {
  it('moves nothing for a page of another origin', async () => {
    const cookie = `modosu_session=${(accounts.session('admin')['authorization'] ?? '').replace('Bearer ', '')}`
    const call = (headers: Headers) =>
      accounts.door.call('POST', `${API}/targets/shop/rollback`, { cookie, host: 'db1:9470', ...headers }, {})
    for (const headers of [
      { origin: 'https://db1:6443' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://db1:9470' },
    ]) {
      const { status, body } = await call(headers)
      assert.deepEqual([status, body['reason']], [403, 'CrossOrigin'], JSON.stringify(headers))
    }
    for (const headers of [{}, { origin: 'https://db1:9470' }, { 'sec-fetch-site': 'same-origin' }]) {
      // The door is open; a restore asks a session for more than a cookie.
      assert.equal((await call(headers)).body['reason'], 'ReauthenticationRequired', JSON.stringify(headers))
    }
  })
})
