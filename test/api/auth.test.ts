import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, before, beforeEach, describe, it } from 'node:test'

import { SignJWT } from 'jose'

import { ApplicationTokens } from '../../src/api/auth/application-token.ts'
import { hashPassword } from '../../src/api/auth/password.ts'
import { UserDirectory } from '../../src/api/auth/user-directory.ts'
import type { User } from '../../src/api/auth/users-file.ts'
import type { Role } from '../../src/api/caller.ts'
import type { ApplicationTokenSettings } from '../../src/api/settings.ts'
import { Workplace } from '../cli/workplace.ts'
import { openAuthDoor, type AuthDoor, type CallAnswer, type Headers } from './auth-door.ts'

const PASSWORD = 'correct horse battery'
const SECRET = 'a-secret-of-the-application-0123456789-XYZ'
const API = '/apis/modosu.dev/v1'

let hash: string
let place: Workplace
let door: AuthDoor
let secretFile: string

const jwtSettings = (extra: Partial<ApplicationTokenSettings> = {}): ApplicationTokenSettings => ({
  algorithm: 'HS256',
  key: { kind: 'secret', from: secretFile },
  issuer: null,
  audience: null,
  roleClaim: 'role',
  nameClaim: 'username',
  roles: { admin: 'admin' },
  targets: ['shop'],
  ...extra,
})

function user(name: string, roles: User['roles'], disabled = false): User {
  return { name, password: hash, roles, disabled }
}

before(async () => {
  hash = await hashPassword(PASSWORD)
})

beforeEach(async () => {
  place = new Workplace()
  secretFile = join(place.root, 'jwt.secret')
  writeFileSync(secretFile, `${SECRET}\n`, { mode: 0o600 })
  door = await openAuthDoor(
    place,
    [
      user('admin', { '*': 'admin' }),
      user('operator', { '*': 'operator' }),
      user('viewer', { '*': 'viewer' }),
      user('stranger', { other: 'admin' }),
      user('gone', { '*': 'admin' }, true),
    ],
    jwtSettings(),
  )
})

afterEach(async () => {
  await door.close()
  place.close()
})

function session(name: string): Headers {
  const roles: User['roles'] = {}
  return { authorization: `Bearer ${door.auth.sessions.begin({ name, password: hash, roles, disabled: false }).token}` }
}

interface Claims {
  readonly role?: string
  readonly iat?: number | null
  readonly exp?: number | null
}

async function token(
  { role = 'admin', iat = Math.floor(place.nowMs / 1000), exp = Math.floor(place.nowMs / 1000) + 3600 }: Claims = {},
  key: Uint8Array | KeyObject = new TextEncoder().encode(SECRET),
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const claims = {
    id: 1,
    username: 'yamada',
    role,
    jti: 'x',
    ...(iat === null ? {} : { iat }),
    ...(exp === null ? {} : { exp }),
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(key)
}

const bearer = (text: string): Headers => ({ authorization: `Bearer ${text}` })

interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly least: Role
  readonly body?: unknown
}

/** Each leads to a refusal of another kind, or changes nothing, for whoever may call it. */
const ROUTES: readonly Route[] = [
  { method: 'GET', path: `${API}/version`, least: 'viewer' },
  { method: 'GET', path: `${API}/restorerequests/inc-1`, least: 'viewer' },
  { method: 'POST', path: `${API}/restorerequests/inc-1/ack`, least: 'operator' },
  { method: 'POST', path: `${API}/restorerequests/inc-1/approve`, least: 'admin' },
  { method: 'POST', path: `${API}/restorerequests/inc-1/retry`, least: 'admin' },
  { method: 'POST', path: `${API}/targets/shop/backups/BKP-20260215-020015-daily/verify`, least: 'operator' },
  { method: 'POST', path: `${API}/targets/shop/rollback`, least: 'admin' },
  { method: 'POST', path: `${API}/prune`, least: 'admin', body: { target: 'shop' } },
  { method: 'GET', path: '/api/v1/backups', least: 'viewer' },
  { method: 'POST', path: '/api/v1/backups/BKP-20260215-020015-daily/restore', least: 'admin', body: {} },
]

const RANKS: readonly Role[] = ['viewer', 'operator', 'admin']

describe('roles', () => {
  beforeEach(() => {
    place.request('inc-1')
  })

  for (const role of RANKS) {
    it(`let a user who is ${role} do what that role may, and nothing more`, async () => {
      const headers = session(role)
      for (const { method, path, least, body } of ROUTES) {
        const { status } = await door.call(method, path, headers, body)
        const allowed = RANKS.indexOf(role) >= RANKS.indexOf(least)
        assert.equal(status !== 403 && status !== 401, allowed, `${role} ${method} ${path}: ${status}`)
      }
    })
  }

  it('of the application: its admin restores, every other has no right at all, in its own words', async () => {
    for (const { method, path, body } of ROUTES) {
      const admin = await door.call(method, path, bearer(await token()), body)
      assert.ok(![401, 403].includes(admin.status), `${path}: ${admin.status}`)
    }
    for (const role of ['manager', 'analyst', 'viewer', 'constructor', '__proto__', '']) {
      const { status, body } = await door.call(
        'POST',
        '/api/v1/backups/BKP-1/restore',
        bearer(await token({ role })),
        {},
      )
      assert.equal(status, 403, role)
      assert.deepEqual(
        [body['error'], body['message'], body['requiredRoles'], body['userRole']],
        [
          '権限がありません',
          'This action requires one of the following roles: admin',
          ['admin'],
          role === '' ? 'none' : role,
        ],
      )
    }
  })

  it('tell whoever may not look nothing of what exists', async () => {
    for (const headers of [session('stranger'), bearer(await token({ role: 'manager' }))]) {
      const twins: readonly (readonly [string, string])[] = [
        [`${API}/restorerequests/inc-1`, `${API}/restorerequests/nothing`],
        ['/api/v1/backups?target=shop', '/api/v1/backups?target=nothing'],
      ]
      for (const [there, missing] of twins) {
        const first = await door.call('GET', there, headers)
        assert.equal(first.status, 403, there)
        assert.deepEqual((await door.call('GET', missing, headers)).body, first.body)
      }
      const acts: readonly (readonly [string, string])[] = [
        [`${API}/restorerequests/inc-1/cancel`, `${API}/restorerequests/nothing/cancel`],
        [`${API}/targets/shop/rollback`, `${API}/targets/nothing/rollback`],
        [
          '/api/v1/backups/BKP-20260215-020015-daily/restore?target=shop',
          '/api/v1/backups/BKP-1/restore?target=nothing',
        ],
      ]
      for (const [there, missing] of acts) {
        const first = await door.call('POST', there, headers, {})
        assert.equal(first.status, 403, there)
        assert.deepEqual((await door.call('POST', missing, headers, {})).body, first.body)
      }
    }
    const list = await door.call('GET', `${API}/restorerequests`, session('stranger'))
    assert.deepEqual(list.body['items'], [])
  })
})

describe('credentials', () => {
  const refused = async (headers: Headers, what: string): Promise<void> => {
    for (const { method, path, body } of ROUTES) {
      const answer = await door.call(method, path, headers, body)
      assert.equal(answer.status, 401, `${what}: ${method} ${path}`)
      assert.equal(
        answer.body['error'],
        what === 'none' ? '認証トークンがありません' : 'トークンが無効または期限切れです',
      )
    }
  }

  it('that are none, or prove nothing, open no route', async () => {
    const nowSeconds = Math.floor(place.nowMs / 1000)
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = part({ username: 'yamada', role: 'admin', iat: nowSeconds, exp: nowSeconds + 60 })
    const good = await token()
    const hmac = (head: unknown, key: string): string => {
      const input = `${part(head)}.${claims}`
      return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
    }
    const cases: readonly (readonly [string, Headers])[] = [
      ['none', {}],
      ['no bearer', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
      ['a session that never was', bearer(`mds_${'A'.repeat(43)}`)],
      ['not even a token', bearer('admin')],
      ['expired', bearer(await token({ iat: nowSeconds - 7200, exp: nowSeconds - 3600 }))],
      ['no exp', bearer(await token({ exp: null }))],
      ['no iat', bearer(await token({ iat: null }))],
      ['issued in the future', bearer(await token({ iat: nowSeconds + 3600, exp: nowSeconds + 7200 }))],
      ['wrong secret', bearer(await token({}, new TextEncoder().encode(`${SECRET}x`)))],
      ['alg none', bearer(`${part({ alg: 'none' })}.${claims}.`)],
      ['alg None with a signature', bearer(`${part({ alg: 'None' })}.${claims}.${good.split('.')[2] ?? ''}`)],
      ['alg HS384', bearer(await token({}, new TextEncoder().encode(SECRET.repeat(2)), { alg: 'HS384' }))],
      ['a kid that names a file', bearer(hmac({ alg: 'HS256', kid: '../../../../dev/null' }, ''))],
      [
        'a key of its own',
        bearer(hmac({ alg: 'HS256', jwk: { kty: 'oct', k: Buffer.from('x').toString('base64url') } }, 'x')),
      ],
      ['an extension nobody knows', bearer(hmac({ alg: 'HS256', crit: ['b64x'], b64x: true }, SECRET))],
      ['claims of another', bearer([good.split('.')[0], claims, good.split('.')[2]].join('.'))],
      ['disabled user', session('gone')],
      ['unknown user', session('nobody')],
    ]
    for (const [what, headers] of cases) await refused(headers, what)
    // A kid says nothing here; what counts is the signature.
    assert.equal(
      (await door.call('GET', `${API}/version`, bearer(hmac({ alg: 'HS256', kid: 'x' }, SECRET)))).status,
      200,
    )
  })

  it('of RS256 are no way in by its public key as an HMAC secret', async () => {
    await door.close()
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
    const file = join(place.root, 'jwt.pem')
    writeFileSync(file, pem)
    door = await openAuthDoor(place, [], jwtSettings({ algorithm: 'RS256', key: { kind: 'public-key', from: file } }))
    place.request('inc-1')
    const good = await token({}, privateKey, { alg: 'RS256' })
    assert.equal((await door.call('GET', `${API}/restorerequests/inc-1`, bearer(good))).status, 200)
    await refused(bearer(await token({}, new TextEncoder().encode(pem))), 'HS256 by the public key')
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    await refused(bearer(await token({}, other, { alg: 'RS256' })), 'another key')
  })

  it('end with the user: removed, disabled, or given another password', async () => {
    const headers = session('admin')
    assert.equal((await door.call('GET', `${API}/version`, headers)).status, 200)
    door.writeUsers([{ ...user('admin', { '*': 'admin' }), password: await hashPassword('another password') }])
    await refused(headers, 'password changed')
    door.writeUsers([])
    await refused(session('admin'), 'removed')
  })

  it('end by themselves, and at the logout', async () => {
    const headers = session('admin')
    place.nowMs += 3_600_000
    await refused(headers, 'idle for an hour')
    const other = session('admin')
    assert.equal((await door.call('POST', '/api/v1/auth/logout', other)).status, 200)
    await refused(other, 'logged out')
  })

  it('of the application from before the last restore of its target count no more', async () => {
    const before = await token()
    place.nowMs += 5000
    place.request('inc-9')
    place.walk('inc-9', [
      'Preflight',
      'SafetyBackup',
      'VerifyingChecksum',
      'VerifyingBackup',
      'Quiescing',
      'Swapping',
      'VerifyingRestored',
      'Resuming',
      'Succeeded',
    ])
    await refused(bearer(before), 'from before the restore')
    place.nowMs += 5000
    assert.equal((await door.call('GET', '/api/v1/backups', bearer(await token()))).status, 200)
  })

  it('in a cookie move nothing for a page of another origin', async () => {
    const cookie = `modosu_session=${(session('admin')['authorization'] ?? '').replace('Bearer ', '')}`
    const call = (headers: Headers) =>
      door.call('POST', `${API}/targets/shop/rollback`, { cookie, host: 'db1:9470', ...headers }, {})
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
      assert.notEqual((await call(headers)).status, 403, JSON.stringify(headers))
    }
  })
})

describe('keys of the application', () => {
  it('that can be guessed are refused at the start', () => {
    const load = (secret: string) => () => {
      writeFileSync(secretFile, secret)
      return new ApplicationTokens(jwtSettings(), place.store, door.clock)
    }
    for (const secret of ['', 'short', 'x'.repeat(31), 'ab'.repeat(32)])
      assert.throws(load(secret), { reason: 'WeakKey' }, secret)
    assert.doesNotThrow(load(SECRET))
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' })
    assert.throws(
      () => {
        writeFileSync(secretFile, weak)
        return new ApplicationTokens(
          jwtSettings({ algorithm: 'RS256', key: { kind: 'public-key', from: secretFile } }),
          place.store,
          door.clock,
        )
      },
      { reason: 'WeakKey' },
    )
  })
})

describe('logging in', () => {
  const login = (username: unknown, password: unknown): Promise<CallAnswer> =>
    door.call('POST', '/api/v1/auth/login', {}, { username, password })

  it("answers in the application's shape, with a token and a cookie that scripts cannot read", async () => {
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
    for (const [name, password] of [
      ['nobody', PASSWORD],
      ['gone', PASSWORD],
    ] as const) {
      const answer = await login(name, password)
      assert.equal(answer.status, 401)
      assert.deepEqual(answer.body, wrong.body)
    }
    assert.deepEqual(door.failures, ['bad_credentials', 'bad_credentials', 'bad_credentials'])
    const empty = await login('admin', 1)
    assert.deepEqual(
      [empty.status, empty.body['error'], empty.body['message']],
      [400, '入力データが無効です', 'Validation failed'],
    )
  })

  it('refuses the eleventh guess, and a thousand at once without computing a thousand hashes', async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => login('admin', 'wrong')))
    const statuses = answers.map(({ status }) => status)
    assert.ok(statuses.filter((status) => status === 401).length <= 10)
    assert.equal(
      statuses.filter((status) => status === 429).length,
      1000 - statuses.filter((status) => status === 401).length,
    )
    assert.ok(place.store.audit().length <= 31)
    place.nowMs += 900_000
    assert.equal((await login('admin', PASSWORD)).status, 200)
  })

  it('gives a proof for one backup and one user, once, for two minutes', async () => {
    const headers = session('admin')
    const prove = async (backup: string): Promise<string> => {
      const { body } = await door.call('POST', '/api/v1/auth/reauth', headers, {
        password: PASSWORD,
        backup_id: backup,
      })
      return (body['data'] as { proof: string }).proof
    }
    const wrong = await door.call('POST', '/api/v1/auth/reauth', headers, { password: 'wrong', backup_id: 'BKP-1' })
    assert.equal(wrong.status, 401)
    const { reauthentication } = door.auth
    const caller = { name: 'admin', door: 'http', credential: 'session' } as never
    const refused = { reason: 'ReauthenticationRequired' }
    const proof = await prove('BKP-20260215020015-daily')
    reauthentication.require(caller, 'BKP-20260215-020015-daily', proof)
    assert.throws(() => {
      reauthentication.require(caller, 'BKP-20260215-020015-daily', proof)
    }, refused)
    assert.throws(() => {
      reauthentication.require(caller, 'BKP-1', undefined)
    }, refused)
    const ofAnother = await prove('BKP-2')
    assert.throws(() => {
      reauthentication.require(caller, 'BKP-1', ofAnother)
    }, refused)
    const late = await prove('BKP-1')
    place.nowMs += 120_000
    assert.throws(() => {
      reauthentication.require(caller, 'BKP-1', late)
    }, refused)
    reauthentication.require({ ...(caller as object), credential: 'token' } as never, 'BKP-1', undefined)
  })

  it('uses no file of users that others may read, and keeps the last good one', () => {
    const file = join(place.root, 'users.yaml')
    const errors: string[] = []
    const log = { info: () => undefined, error: (message: string) => errors.push(message) }
    const users = new UserDirectory(file, log)
    for (const spoil of [
      () => {
        chmodSync(file, 0o640)
      },
      () => {
        writeFileSync(file, 'users: [', { mode: 0o600 })
        chmodSync(file, 0o600)
      },
    ]) {
      spoil()
      assert.throws(() => new UserDirectory(file, log), { reason: 'InvalidUsersFile' })
      assert.equal(users.find('admin')?.name, 'admin')
    }
    assert.match(errors.join('\n'), /others may use .*users\.yaml/)
    rmSync(file)
    assert.equal(users.find('admin'), undefined)
  })
})
