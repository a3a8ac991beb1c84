import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { hashPassword } from '../../../src/api/auth/password.ts'
import { Accounts, API, bearer, SECRET } from './accounts.ts'
import type { Headers } from './auth-door.ts'
import { callRoute, furnish, nameOf } from './routes.ts'

let accounts: Accounts

beforeEach(async () => {
  accounts = await Accounts.open()
  furnish(accounts.place)
})

afterEach(() => accounts.close())

/** On every route that the application serves. */
async function refused(headers: Headers, what: string): Promise<void> {
  const guarded = accounts.door.routes.filter((route) => !route.public)
  assert.ok(guarded.length > 25)
  for (const route of guarded) {
    const { status, body } = await callRoute(accounts.door, route, headers)
    assert.equal(status, 401, `${what}: ${nameOf(route)}: ${JSON.stringify(body)}`)
    const text = what === 'none' ? '認証トークンがありません' : 'トークンが無効または期限切れです'
    assert.equal(body['error'], text, `${what}: ${nameOf(route)}`)
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('credentials that prove nothing open no route', () => {
  it('none, none that can be read, and none that was ever given', async () => {
    const cases: readonly (readonly [string, Headers])[] = [
      ['none', {}],
      ['no bearer', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
      ['a session that never was', bearer(`mds_${'A'.repeat(43)}`)],
      ['a session that never was, in a cookie', { cookie: `modosu_session=mds_${'A'.repeat(43)}` }],
      ['not even a token', bearer('admin')],
    ]
    for (const [what, headers] of cases) await refused(headers, what)
  })

  it('tokens of the application that have expired, have no end, or come from the future', async () => {
    const nowSeconds = Math.floor(accounts.place.nowMs / 1000)
    const cases = {
      expired: { iat: nowSeconds - 7200, exp: nowSeconds - 3600 },
      'no exp': { exp: null },
      'no iat': { iat: null },
      'issued in the future': { iat: nowSeconds + 3600, exp: nowSeconds + 7200 },
    }
    for (const [what, claims] of Object.entries(cases)) await refused(bearer(await accounts.token(claims)), what)
  })

  it('tokens without a signature, with one of another key, or with a key of their own choice', async () => {
    const nowSeconds = Math.floor(accounts.place.nowMs / 1000)
    const claims = part({ username: 'yamada', role: 'admin', iat: nowSeconds, exp: nowSeconds + 60 })
    const [head, , signature] = (await accounts.token()).split('.')
    const hmac = (header: unknown, key: string): string => {
      const input = `${part(header)}.${claims}`
      return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
    }
    const jwk = { kty: 'oct', k: Buffer.from('x').toString('base64url') }
    const cases = {
      'wrong secret': await accounts.token({}, new TextEncoder().encode(`${SECRET}x`)),
      'alg none': `${part({ alg: 'none' })}.${claims}.`,
      'alg None with a signature': `${part({ alg: 'None' })}.${claims}.${signature}`,
      'alg HS384': await accounts.token({}, new TextEncoder().encode(SECRET.repeat(2)), { alg: 'HS384' }),
      'a kid that names a file': hmac({ alg: 'HS256', kid: '../../../../dev/null' }, ''),
      'a key of its own': hmac({ alg: 'HS256', jwk }, 'x'),
      'a key of its own elsewhere': hmac({ alg: 'HS256', jku: 'http://127.0.0.1:9/keys' }, 'x'),
      'an extension nobody knows': hmac({ alg: 'HS256', crit: ['b64x'], b64x: true }, SECRET),
      'claims of another': [head, claims, signature].join('.'),
    }
    for (const [what, token] of Object.entries(cases)) await refused(bearer(token), what)
    // A kid says nothing here; what counts is the signature.
    const harmless = bearer(hmac({ alg: 'HS256', kid: 'x' }, SECRET))
    assert.equal((await accounts.door.call('GET', `${API}/version`, harmless)).status, 200)
  })

  it('an HMAC by the public key where RS256 is configured, and a key that is not the configured one', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
    const file = join(accounts.place.root, 'jwt.pem')
    writeFileSync(file, pem)
    await accounts.reopen({ jwt: { algorithm: 'RS256', key: { kind: 'public-key', from: file } } })
    const good = bearer(await accounts.token({}, privateKey, { alg: 'RS256' }))
    assert.equal((await accounts.door.call('GET', `${API}/restorerequests/inc-1`, good)).status, 200)
    await refused(bearer(await accounts.token({}, new TextEncoder().encode(pem))), 'HS256 by the public key')
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    await refused(bearer(await accounts.token({}, other, { alg: 'RS256' })), 'another key')
  })

  it('sessions of a user who is disabled, removed, unknown, or has another password since', async () => {
    await refused(accounts.session('gone'), 'disabled user')
    await refused(accounts.session('nobody'), 'unknown user')
    const headers = accounts.session('admin')
    assert.equal((await accounts.door.call('GET', `${API}/version`, headers)).status, 200)
    const password = await hashPassword('another password')
    accounts.door.writeUsers([{ ...accounts.user('admin', { '*': 'admin' }), password }])
    await refused(headers, 'password changed')
    accounts.door.writeUsers([])
    await refused(accounts.session('admin'), 'removed')
  })

  it('sessions that were not used for long, or were ended', async () => {
    const headers = accounts.session('admin')
    accounts.place.nowMs += 3_600_000
    await refused(headers, 'idle for an hour')
    const other = accounts.session('admin')
    assert.equal((await accounts.door.call('POST', '/api/v1/auth/logout', other)).status, 200)
    await refused(other, 'logged out')
  })

  it('tokens of the application from before the last restore of its target', async () => {
    const { place } = accounts
    const before = bearer(await accounts.token())
    place.nowMs += 5000
    place.request('inc-9')
    const first = ['Preflight', 'SafetyBackup', 'VerifyingChecksum', 'VerifyingBackup'] as const
    place.walk('inc-9', [...first, 'Quiescing', 'Swapping', 'VerifyingRestored', 'Resuming', 'Succeeded'])
    await refused(before, 'from before the restore')
    place.nowMs += 5000
    const after = bearer(await accounts.token())
    assert.equal((await accounts.door.call('GET', '/api/v1/backups', after)).status, 200)
  })
})
