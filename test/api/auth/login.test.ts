import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { Accounts, API, bearer, PASSWORD } from './accounts.ts'
import type { CallAnswer } from './auth-door.ts'

let accounts: Accounts

beforeEach(async () => {
  accounts = await Accounts.open()
})

afterEach(() => accounts.close())

function login(username: unknown, password: unknown): Promise<CallAnswer> {
  return accounts.door.call('POST', '/api/v1/auth/login', {}, { username, password })
}

describe('logging in', () => {
  it("answers in the application's shape, with a token and a cookie that scripts cannot read", async () => {
    const { door, place } = accounts
    const { status, body, headers } = await login('admin', PASSWORD)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['message', 'token', 'user', 'expiresAt'])
    assert.equal(body['message'], 'ログインに成功しました')
    assert.deepEqual((body['user'] as { username: string; role: string }).role, 'admin')
    assert.match(String(headers['set-cookie']), /^modosu_session=mds_[\w-]{43}; .*HttpOnly/)
    assert.match(String(headers['set-cookie']), /SameSite=Strict/)
    assert.equal((await door.call('GET', `${API}/version`, bearer(String(body['token'])))).status, 200)
    const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
    assert.equal((await door.call('GET', `${API}/version`, { cookie })).status, 200)
    const [record] = place.store.audit()
    assert.deepEqual([record?.operation, record?.actor, record?.details['address']], ['login', 'admin', '127.0.0.1'])
    assert.doesNotMatch(JSON.stringify(place.store.audit()), /mds_|correct horse/)
  })

  it('answers a wrong user, a wrong password and a disabled user alike, and fields that are missing with 400', async () => {
    const wrong = await login('admin', 'wrong')
    assert.equal(wrong.status, 401)
    assert.equal(wrong.body['error'], 'ユーザー名またはパスワードが間違っています')
    for (const name of ['nobody', 'gone']) {
      const answer = await login(name, PASSWORD)
      assert.equal(answer.status, 401)
      assert.deepEqual(answer.body, wrong.body)
    }
    assert.deepEqual(accounts.door.failures, ['bad_credentials', 'bad_credentials', 'bad_credentials'])
    const records = accounts.place.store.audit().filter(({ operation }) => operation === 'refused')
    // A name that nobody has may be a password.
    assert.deepEqual(
      records.map(({ actor, details }) => [actor, details['claimedUser']]),
      [
        ['unknown', 'admin'],
        ['unknown', undefined],
        ['unknown', undefined],
      ],
    )
    assert.doesNotMatch(JSON.stringify(records), /nobody/)
    const { status, body } = await login('admin', 1)
    assert.deepEqual([status, body['error'], body['message']], [400, '入力データが無効です', 'Validation failed'])
  })

  it('refuses the eleventh guess, and a thousand at once without computing a thousand hashes', async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => login('admin', 'wrong')))
    const wrong = answers.filter(({ status }) => status === 401)
    assert.ok(wrong.length <= 10)
    assert.equal(answers.filter(({ status }) => status === 429).length, 1000 - wrong.length)
    assert.ok(accounts.place.store.audit().length <= 31)
    accounts.place.nowMs += 900_000
    assert.equal((await login('admin', PASSWORD)).status, 200)
  })
})
