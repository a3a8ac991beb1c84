import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { writeUsers } from '../../../src/api/auth/users-file.ts'
import type { AuthSettings } from '../../../src/api/settings.ts'
import { Accounts, API, bearer, PASSWORD } from './accounts.ts'

const NEW_SECRET = 'another-secret-of-the-application-987654321'

let accounts: Accounts

beforeEach(async () => {
  accounts = await Accounts.open()
})

afterEach(() => accounts.close())

function settings(extra: Partial<AuthSettings> = {}): AuthSettings {
  return {
    usersFile: join(accounts.place.root, 'users.yaml'),
    sessionIdleMs: 3_600_000,
    sessionLifetimeMs: 43_200_000,
    jwt: accounts.jwtSettings(),
    openidConnect: null,
    reauth: 'web',
    ...extra,
  }
}

async function statusOf(headers: Readonly<Record<string, string>>): Promise<number> {
  return (await accounts.door.call('GET', `${API}/version`, headers)).status
}

const key = (secret: string): Uint8Array => new TextEncoder().encode(secret)

describe('a reload of auth', () => {
  it('takes over a key whose file has changed, and the roles', async () => {
    const { auth } = accounts.door
    const old = bearer(await accounts.token())
    writeFileSync(accounts.secretFile, NEW_SECRET)
    assert.equal(await statusOf(old), 200)
    const putInForce = auth.prepare(settings())
    assert.equal(await statusOf(old), 200, 'nothing changes before it is put in force')
    putInForce()
    assert.equal(await statusOf(old), 401)
    assert.equal(await statusOf(bearer(await accounts.token({}, key(NEW_SECRET)))), 200)
    const manager = bearer(await accounts.token({ role: 'manager' }, key(NEW_SECRET)))
    assert.equal((await accounts.door.call('GET', '/api/v1/backups', manager)).status, 403)
    auth.prepare(settings({ jwt: accounts.jwtSettings({ roles: { manager: 'viewer' } }) }))()
    assert.equal((await accounts.door.call('GET', '/api/v1/backups', manager)).status, 200)
    auth.prepare(settings({ jwt: null }))()
    assert.equal(await statusOf(manager), 401)
  })

  it('takes over another file of users, and shorter sessions', async () => {
    const { auth } = accounts.door
    const usersFile = join(accounts.place.root, 'others.yaml')
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    writeUsers(usersFile, [accounts.user('newcomer', { '*': 'viewer' })], owner)
    const headers = accounts.session('admin')
    auth.prepare(settings({ usersFile, sessionIdleMs: 60_000 }))()
    assert.equal(await statusOf(headers), 401)
    const other = accounts.session('newcomer')
    assert.equal(await statusOf(other), 200)
    accounts.place.nowMs += 60_000
    assert.equal(await statusOf(other), 401)
  })

  it('changes nothing where a file that it names cannot be used', async () => {
    const { auth } = accounts.door
    const headers = accounts.session('admin')
    const token = bearer(await accounts.token())
    const usersFile = join(accounts.place.root, 'broken.yaml')
    writeFileSync(usersFile, 'users: [', { mode: 0o600 })
    assert.throws(() => auth.prepare(settings({ usersFile })), { reason: 'InvalidUsersFile' })
    writeFileSync(accounts.secretFile, 'short')
    assert.throws(() => auth.prepare(settings({ usersFile: null })), { reason: 'WeakKey' })
    assert.equal(await statusOf(headers), 200)
    assert.equal(await statusOf(token), 200)
  })

  it('forgives no guesses', async () => {
    const guess = () => accounts.door.call('POST', '/api/v1/auth/login', {}, { username: 'admin', password: 'wrong' })
    for (let tries = 0; tries < 10; tries += 1) await guess()
    accounts.door.auth.prepare(settings())()
    assert.equal((await guess()).status, 429)
    const right = { username: 'admin', password: PASSWORD }
    assert.equal((await accounts.door.call('POST', '/api/v1/auth/login', {}, right)).status, 429)
  })
})
