import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { SignJWT } from 'jose'

import { personOfIdentity, type Identity } from '../../../src/api/auth/identity.ts'
import type { AuthSettings, OpenIdConnectSettings } from '../../../src/api/settings.ts'
import { mayBeSame, personOf } from '../../../src/domain/person.ts'
import { Accounts, API } from './accounts.ts'
import type { Page } from './auth-door.ts'
import { CLIENT_ID, CLIENT_SECRET, Issuer } from './issuer.ts'

const BACKUP = 'BKP-20260215-020015-daily'

let issuer: Issuer
let accounts: Accounts

function settings(extra: Partial<OpenIdConnectSettings> = {}): OpenIdConnectSettings {
  const clientSecretFile = join(accounts.place.root, 'oidc.secret')
  writeFileSync(clientSecretFile, `${CLIENT_SECRET}\n`, { mode: 0o600 })
  return {
    issuer: issuer.url,
    clientId: CLIENT_ID,
    clientSecretFile,
    redirectUrl: 'http://localhost:9470/auth/oidc/callback',
    scopes: ['openid', 'profile'],
    roleClaim: 'groups',
    nameClaim: 'preferred_username',
    roles: { 'db-admins': 'admin', staff: 'viewer' },
    targets: null,
    ...extra,
  }
}

beforeEach(async () => {
  issuer = await Issuer.start()
  issuer.claims = { preferred_username: 'yamada', groups: ['staff', 'db-admins'] }
  accounts = await Accounts.open()
  await accounts.reopen({ settings: { openidConnect: settings() } })
})

afterEach(async () => {
  await accounts.close()
  await issuer.close()
})

function cookieOf({ headers }: Page, name: string): string {
  const cookies = [headers['set-cookie']].flat().map((each) => String(each).split(';')[0] ?? '')
  return cookies.find((each) => each.startsWith(`${name}=`) && !each.endsWith('=')) ?? ''
}

async function begin(query = '', cookie = ''): Promise<{ location: string; cookie: string }> {
  const page = await accounts.door.browse(`/auth/oidc/login${query}`, { cookie })
  assert.equal(page.status, 303, page.text)
  return { location: String(page.headers['location']), cookie: cookieOf(page, 'modosu_login') }
}

/** As a browser does it: our page, the issuer's, ours again. */
async function logIn(query = '', session = ''): Promise<Page> {
  const { location, cookie } = await begin(query, session)
  return accounts.door.browse(await issuer.authorize(location), { cookie })
}

async function refused(why: string, page: Page, status = 401): Promise<void> {
  assert.equal(page.status, status, `${why}: ${page.text}`)
  assert.equal(cookieOf(page, 'modosu_session'), '', why)
  assert.equal(accounts.place.store.audit().filter(({ operation }) => operation === 'login').length, 0, why)
  return Promise.resolve()
}

describe('a login at an OpenID Connect issuer', () => {
  it('gives a session of our own, with the greatest role that is mapped', async () => {
    const page = await logIn('?return=/backups%3Fstatus%3Dsuccess')
    assert.equal(page.status, 200, page.text)
    assert.match(page.text, /url=\/backups\?status=success"/)
    const set = String([page.headers['set-cookie']].flat().at(-1))
    assert.match(set, /^modosu_session=mds_[\w-]{43}; .*HttpOnly.*SameSite=Strict/)
    const { asked } = issuer
    assert.equal(asked?.get('redirect_uri'), 'http://localhost:9470/auth/oidc/callback')
    for (const name of ['state', 'nonce', 'code_challenge']) assert.ok((asked.get(name) ?? '').length >= 43, name)
    const cookie = cookieOf(page, 'modosu_session')
    const { body } = await accounts.door.call('GET', '/api/v1/auth/me', { cookie })
    assert.deepEqual(body['user'], { id: `oidc:${issuer.url}#248289761001`, username: 'yamada', role: 'admin' })
    const undo = await accounts.door.call('POST', `${API}/targets/shop/rollback`, { cookie }, {})
    assert.equal(undo.body['reason'], 'ReauthenticationRequired', 'who may not restore is refused before')
    const record = accounts.place.store.audit().find(({ operation }) => operation === 'login')
    assert.equal(record?.actor, `yamada (oidc:${issuer.url}#248289761001)`)
    const logout = await accounts.door.call('POST', '/api/v1/auth/logout', { cookie })
    assert.match(String(logout.body['logoutUrl']), /\/logout\?client_id=modosu/)
    assert.equal((await accounts.door.call('GET', `${API}/version`, { cookie })).status, 401)
  })

  it('is refused to another browser, with another state, and a second time', async () => {
    const { location, cookie } = await begin()
    await refused('no cookie', await accounts.door.browse(await issuer.authorize(location)))
    const second = await begin()
    const back = await issuer.authorize(second.location)
    await refused('cookie of another login', await accounts.door.browse(back, { cookie }))
    const third = await begin()
    const code = new URL(await issuer.authorize(third.location), 'http://x').searchParams.get('code') ?? ''
    const forged = `/auth/oidc/callback?code=${code}&state=${'A'.repeat(43)}`
    await refused('wrong state', await accounts.door.browse(forged, { cookie: third.cookie }))
    const fourth = await begin()
    const fine = await issuer.authorize(fourth.location)
    assert.equal((await accounts.door.browse(fine, { cookie: fourth.cookie })).status, 200)
    const again = await accounts.door.browse(fine, { cookie: fourth.cookie })
    assert.equal(again.status, 401)
    assert.equal(cookieOf(again, 'modosu_session'), '')
    const late = await begin()
    const comesLate = await issuer.authorize(late.location)
    accounts.place.nowMs += 600_000
    assert.equal((await accounts.door.browse(comesLate, { cookie: late.cookie })).status, 401)
  })

  it('is refused with a token for somebody else, of another login, or that has expired', async () => {
    const { claims } = issuer
    const nowSeconds = Math.floor(Date.now() / 1000)
    for (const [why, wrong] of Object.entries({
      'wrong nonce': { nonce: 'B'.repeat(43) },
      'no nonce': { nonce: null },
      'wrong aud': { aud: 'another-client' },
      'many aud': { aud: [CLIENT_ID, 'another-client'] },
      'wrong iss': { iss: 'https://evil.example' },
      'no sub': { sub: null },
      expired: { iat: nowSeconds - 7200, exp: nowSeconds - 3600 },
      'no exp': { exp: null },
    })) {
      issuer.claims = { ...claims, ...wrong }
      await refused(why, await logIn())
    }
  })

  it('is refused with a token that is not signed by the issuer with a key pair', async () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const right = issuer.sign
    const ways: Readonly<Record<string, Issuer['sign']>> = {
      'alg none': (claims) => `${part({ alg: 'none' })}.${part(claims)}.`,
      'HS256 by the client secret': (claims) => {
        const input = `${part({ alg: 'HS256' })}.${part(claims)}`
        return `${input}.${createHmac('sha256', CLIENT_SECRET).update(input).digest('base64url')}`
      },
      'another key': (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: '1' }).sign(other),
      'claims of another': async (claims) => {
        const [header, , signature] = (await right(claims)).split('.')
        return [header, part({ ...claims, groups: ['db-admins'] }), signature].join('.')
      },
    }
    for (const [why, sign] of Object.entries(ways)) {
      issuer.sign = sign
      await refused(why, await logIn())
    }
  })

  it('gives no session to whoever has no role, and the refusal is recorded with the name', async () => {
    for (const groups of [null, [], ['others'], ['__proto__', 'constructor'], 'db-adminsx', 7]) {
      issuer.claims = { preferred_username: 'suzuki', groups }
      await refused(JSON.stringify(groups), await logIn(), 403)
    }
    const [record] = accounts.place.store.audit()
    assert.deepEqual([record?.operation, record?.actor], ['refused', `suzuki (oidc:${issuer.url}#248289761001)`])
  })

  it('reads the role out of an object, a text, or the userinfo endpoint', async () => {
    for (const [roleClaim, claims, userinfo] of [
      ['realm_access.roles', { realm_access: { roles: ['db-admins'] } }, {}],
      ['https://example.com/role', { 'https://example.com/role': 'db-admins' }, {}],
      ['groups', {}, { groups: ['db-admins'], preferred_username: 'yamada' }],
    ] as const) {
      await accounts.reopen({ settings: { openidConnect: settings({ roleClaim }) } })
      issuer.claims = { ...claims }
      issuer.userinfo = { ...userinfo }
      assert.equal((await logIn()).status, 200, roleClaim)
    }
  })

  it('works as soon as the issuer answers, which need not be at the start', async () => {
    const { port } = issuer
    await issuer.close()
    await accounts.reopen({ settings: { openidConnect: settings() } })
    const page = await accounts.door.browse('/auth/oidc/login')
    assert.equal(page.status, 503)
    assert.equal((JSON.parse(page.text) as { reason: string }).reason, 'IdentityProviderUnavailable')
    assert.equal((await accounts.door.browse(`${API}/healthz`)).status, 200)
    issuer = await Issuer.start(port)
    issuer.claims = { groups: 'staff' }
    assert.equal((await logIn()).status, 200)
  })

  it('is refused where the keys of the issuer are larger than any set of keys', async () => {
    issuer.keyBytes = 2 * 1024 * 1024
    const page = await logIn()
    await refused('too large', page)
    assert.match(page.text, /larger than 1 MiB/)
  })

  it('sends nobody to an address for the logout that a browser would run', async () => {
    issuer.logout = 'javascript:alert(1)//'
    const cookie = cookieOf(await logIn(), 'modosu_session')
    const { status, body } = await accounts.door.call('POST', '/api/v1/auth/logout', { cookie }, {})
    assert.equal(status, 200)
    assert.equal(body['logoutUrl'], undefined)
  })

  it('leads back to a path of this origin alone', async () => {
    for (const path of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example/',
      '\\\\evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      '/a/..//evil.example',
      'javascript:alert(1)',
      'backups',
      ' /backups',
    ]) {
      const { status, headers } = await accounts.door.browse(`/auth/oidc/login?return=${encodeURIComponent(path)}`)
      assert.equal(status, 400, path)
      assert.equal(headers['location'], undefined)
    }
    const { text } = await logIn(`?return=${encodeURIComponent('/a"><script>x</script>')}`)
    assert.doesNotMatch(text, /<script>/)
  })

  it('is no longer worth anything when the issuer or the mapping goes', async () => {
    const cookie = cookieOf(await logIn(), 'modosu_session')
    const { auth } = accounts.door
    const base: Omit<AuthSettings, 'openidConnect'> = {
      usersFile: null,
      sessionIdleMs: 3_600_000,
      sessionLifetimeMs: 43_200_000,
      jwt: null,
      reauth: 'web',
    }
    const status = async (path: string) => (await accounts.door.call('GET', path, { cookie })).status
    auth.prepare({ ...base, openidConnect: settings({ roles: { 'db-admins': 'viewer' } }) })()
    assert.equal((await accounts.door.call('POST', `${API}/targets/shop/rollback`, { cookie }, {})).status, 403)
    assert.equal(await status('/api/v1/backups'), 200)
    auth.prepare({ ...base, openidConnect: settings({ clientId: 'another' }) })()
    assert.equal(await status('/api/v1/backups'), 401)
    auth.prepare({ ...base, openidConnect: null })()
    assert.equal((await accounts.door.browse('/auth/oidc/login')).status, 404)
  })
})

describe('whoever logged in at an issuer', () => {
  const restore = (cookie: string, proof: string) =>
    accounts.door.call(
      'POST',
      `/api/v1/backups/${BACKUP}/restore`,
      { cookie, 'x-modosu-reauth': proof },
      { confirm: true },
    )

  it('proves anew who they are at the issuer, for one restore', async () => {
    const cookie = cookieOf(await logIn(), 'modosu_session')
    const password = await accounts.door.call(
      'POST',
      '/api/v1/auth/reauth',
      { cookie },
      { password: 'x', backup_id: BACKUP },
    )
    assert.equal(password.status, 403)
    assert.match(String(password.body['hint']), /\/auth\/oidc\/login\?reauth=BACKUP_ID/)
    const page = await logIn(`?reauth=${BACKUP}&return=/backups`, cookie)
    assert.equal(page.status, 200, page.text)
    assert.deepEqual([issuer.asked?.get('prompt'), issuer.asked?.get('max_age')], ['login', '0'])
    const proof = /url=\/backups#reauth=([\w-]+)/.exec(page.text)?.[1] ?? ''
    const [record] = accounts.place.store.audit().filter(({ operation }) => operation === 'reauth')
    assert.match(`${record?.actor ?? ''}: ${record?.backupId ?? ''}`, /^yamada \(oidc:.*\): BKP-20260215-020015-daily$/)
    const { reauthentication } = accounts.door.auth
    const identity: Identity = { issuer: issuer.url, subject: '248289761001', displayName: 'yamada', roleNames: [] }
    const caller = { name: 'whatever', door: 'http', credential: 'session', identity } as never
    reauthentication.require(caller, BACKUP, proof)
    assert.throws(() => {
      reauthentication.require(caller, BACKUP, proof)
    })
    assert.equal((await restore(cookie, proof)).body['reason'], 'ReauthenticationRequired')
  })

  it('proves nothing by an old login, as somebody else, or without a session', async () => {
    const cookie = cookieOf(await logIn(), 'modosu_session')
    const { claims } = issuer
    const nowSeconds = Math.floor(Date.now() / 1000)
    for (const wrong of [{ auth_time: nowSeconds - 3600 }, { auth_time: null }, { sub: 'somebody-else' }]) {
      issuer.claims = { ...claims, ...wrong }
      const page = await logIn(`?reauth=${BACKUP}&return=/backups`, cookie)
      assert.ok([401, 403].includes(page.status), `${JSON.stringify(wrong)}: ${page.text}`)
      assert.doesNotMatch(page.text, /#reauth=/)
    }
    const records = accounts.place.store.audit()
    assert.deepEqual(
      records.filter(({ operation }) => operation === 'reauth'),
      [],
    )
    assert.ok(records.some(({ operation, actor }) => operation === 'refused' && actor.includes('#somebody-else')))
    const local = { cookie: `modosu_session=${(accounts.session('admin')['authorization'] ?? '').slice(7)}` }
    for (const headers of [{}, local]) {
      assert.equal((await accounts.door.browse(`/auth/oidc/login?reauth=${BACKUP}`, headers)).status, 401)
    }
  })

  it('is one person by issuer and subject, and may be a user of ours who is called the same', () => {
    const person = (subject: string, displayName: string, at = 'https://id.example.com') =>
      personOfIdentity({ issuer: at, subject, displayName, roleNames: [] })
    assert.ok(mayBeSame(person('1', 'yamada'), person('1', 'taro')))
    assert.ok(!mayBeSame(person('1', 'yamada'), person('2', 'suzuki')))
    assert.ok(!mayBeSame(person('1', 'yamada'), person('1', 'suzuki', 'https://other.example.com')))
    assert.ok(mayBeSame(person('1', 'Yamada'), personOf('yamada', ['yamada'])))
    assert.ok(!mayBeSame(person('a', 'x'), person('A', 'y')))
  })
})
