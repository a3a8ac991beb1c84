import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { ApiAudit } from '../../src/api/call-audit.ts'
import type { ApiContext } from '../../src/api/app.ts'
import type { Role } from '../../src/api/caller.ts'
import { hashPassword } from '../../src/api/auth/password.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { STATE_HOLD_KEY } from '../../src/domain/state-hold.ts'
import type { AuditRecord } from '../../src/store/rows.ts'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { Workplace } from '../cli/workplace.ts'
import { openAuthDoor, type AuthDoor, type ServedRoute } from './auth/auth-door.ts'
import { openDoor, send } from './door.ts'

const MINUTE_MS = 60_000
const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** What has no daemon behind it here answers at once. */
const behind: Partial<ApiContext> = {
  reload: () => Promise.resolve({ kept: [], targets: [], waiting: [] }),
  prune: () => Promise.resolve({ deleted: [], freedBytes: 0, spared: [], failed: [] }),
  verifier: (target, backupId) => Promise.resolve({ target, backupId, passed: true, checks: [] }),
}

let hash: string
let place: Workplace

before(async () => {
  hash = await hashPassword('correct horse battery')
  place = new Workplace()
  place.live()
  place.backup('daily', '20260215_020015')
})
after(() => {
  place.close()
})

function recordsAfter(id: number): readonly AuditRecord[] {
  return place.store.audit().filter((record) => record.id > id)
}

describe('every route that is no reading one', () => {
  let door: AuthDoor
  const users = (['admin', 'viewer'] as const).map((role) => ({ name: role, role }))

  before(async () => {
    const list = users.map(({ name, role }) => ({ name, password: hash, roles: { '*': role }, disabled: false }))
    door = await openAuthDoor(place, list, null, {}, undefined, behind)
  })
  after(() => door.close())

  function credentialOf(role: Role): Record<string, string> {
    const user = { name: role, password: hash, roles: { '*': role }, disabled: false }
    return { authorization: `Bearer ${door.auth.sessions.begin(user).token}` }
  }

  /** Called so that as many as possible do what they are there for. */
  async function call({ method, url }: Pick<ServedRoute, 'method' | 'url'>, role: Role | null, name: string) {
    place.nowMs += 2 * MINUTE_MS
    const isBackup = url.includes('/backups/')
    const path = url.replace(':name', name).replace(':target', 'shop').replace(':id', 'BKP-20260215-020015-daily')
    const headers = { ...(role === null ? {} : credentialOf(role)), 'user-agent': 'curl/8.5.0' }
    const since = place.store.auditHead()?.id ?? 0
    const restore = { confirm: true, target: 'shop', source: { backupId: 'BKP-20260215-020015-daily' } }
    const manifest = {
      apiVersion: 'modosu.dev/v1',
      kind: 'RestoreRequest',
      metadata: { name: `${name}-new` },
      spec: restore,
    }
    const bodies = [
      [/\/restorerequests(\?|$)/.test(url), manifest],
      [url.endsWith('/login'), { username: 'admin', password: 'correct horse battery' }],
      [url.endsWith('/reauth'), { password: 'correct horse battery', backup_id: 'BKP-20260215-020015-daily' }],
      [isBackup && url.endsWith('/restore'), { confirm: true }],
    ] as const
    const body = bodies.find(([isMeant]) => isMeant)?.[1] ?? {}
    const answer = await door.call(method, path, { ...headers, prefer: 'respond-async' }, body)
    const id = answer.headers['x-request-id']
    return { answer, own: recordsAfter(since).filter(({ details }) => details['requestId'] === id) }
  }

  it('leaves a record with user, address, user agent and request id, refused or not', async () => {
    const changing = door.routes.filter(({ method }) => !SAFE.includes(method))
    assert.ok(changing.length > 15)
    const done = new Set<string>()
    let number = 0
    for (const route of changing) {
      for (const role of [null, 'viewer', 'admin'] as const) {
        const name = `inc-${(number += 1)}`
        const approval = { required: route.url.endsWith('/approve') ? 1 : 0 }
        place.request(name, { approval, requestedBy: 'somebody' })
        if (/forget|retry|ack$/.test(route.url)) {
          const escalation = { level: 'L1', acknowledged: false } as const
          place.walk(name, ['Preflight', 'Failed'], { status: { escalation } })
        }
        if (route.url.endsWith('/accept')) place.store.setMeta(STATE_HOLD_KEY, '{"since":"x","signs":["older"]}')
        const { answer, own } = await call(route, role, name)
        place.store.setMeta(STATE_HOLD_KEY, '')
        const what = `${route.method} ${route.url} as ${role ?? 'nobody'}: ${answer.status}`
        assert.ok(own.length > 0, `${what} left no record`)
        for (const record of own) {
          assert.deepEqual([record.details['address'], record.details['userAgent']], ['127.0.0.1', 'curl/8.5.0'], what)
        }
        if (answer.status >= 400) assert.equal(own.at(-1)?.status, 'failure', what)
        if (role !== null) assert.equal(own[0]?.actor, route.url.endsWith('/login') ? 'admin' : role, what)
        if (answer.status < 300) done.add(own[0]?.operation ?? '')
        // The next one must not find a restore under way.
        for (const each of place.store.unfinished()) place.walk(each.name, ['Cancelled'])
      }
    }
    const acts = ['submit', 'cancel', 'approve', 'suspend', 'resume', 'acknowledge', 'forget', 'reload', 'prune']
    const others = ['verify', 'accept-state', 'login', 'logout', 'reauth']
    assert.deepEqual(
      [...acts, ...others].filter((operation) => !done.has(operation)),
      [],
    )
    assert.equal(verifyChain(place.store.audit()).broken, null)
  })

  it('leaves one record for one act', async () => {
    const { own } = await call({ method: 'POST', url: '/apis/modosu.dev/v1/reload' }, 'admin', 'x')
    assert.deepEqual(
      own.map(({ operation, status }) => [operation, status]),
      [['reload', 'info']],
    )
    place.request('once')
    const suspended = await call(
      { method: 'POST', url: '/apis/modosu.dev/v1/restorerequests/:name/suspend' },
      'admin',
      'once',
    )
    assert.deepEqual(
      suspended.own.map(({ operation }) => operation),
      ['suspend'],
    )
  })

  it('leaves none where nothing was changed', async () => {
    const create = { method: 'POST', url: '/apis/modosu.dev/v1/restorerequests' } as const
    assert.equal((await call({ ...create, url: `${create.url}?dryRun=All` }, 'admin', 'tried')).own.length, 0)
    assert.equal((await call(create, 'admin', 'twice')).own.length, 1)
    const again = await call(create, 'admin', 'twice')
    assert.deepEqual([again.answer.status, again.own.length], [200, 0])
  })

  it('tells that it failed, where it did', async () => {
    const broken = await openAuthDoor(
      place,
      users.map(({ name, role }) => ({ name, password: hash, roles: { '*': role }, disabled: false })),
      null,
      {},
      undefined,
      {
        reload: () => Promise.reject(new RestoreError('line 3: no such key', { reason: 'InvalidConfiguration' })),
      },
    )
    const whole = door
    door = broken
    const { own, answer } = await call({ method: 'POST', url: '/apis/modosu.dev/v1/reload' }, 'admin', 'x')
    door = whole
    await broken.close()
    assert.deepEqual([answer.status, own.map(({ status }) => status)], [500, ['failure']])
  })

  it('counts a flood of calls that fail before anybody is known', async () => {
    place.nowMs += 2 * MINUTE_MS
    const jwt = {
      algorithm: 'RS256',
      key: { kind: 'jwks-url', from: 'http://127.0.0.1:1/keys' },
      issuer: null,
      audience: null,
      roleClaim: 'role',
      nameClaim: 'username',
      roles: {},
      targets: [],
      revokedTable: null,
    } as const
    const list = users.map(({ name, role }) => ({ name, password: hash, roles: { '*': role }, disabled: false }))
    const broken = await openAuthDoor(place, list, jwt, {}, undefined, behind)
    const since = place.store.auditHead()?.id ?? 0
    const token = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.AAAA`
    for (let count = 0; count < 40; count += 1) {
      const { status } = await broken.call(
        'POST',
        '/apis/modosu.dev/v1/reload',
        { authorization: `Bearer ${token}` },
        {},
      )
      assert.equal(status, 503)
    }
    await broken.close()
    assert.equal(recordsAfter(since).length, 30)
  })

  it('counts a flood of strangers, and hides nobody else behind it', async () => {
    const since = place.store.auditHead()?.id ?? 0
    for (let count = 0; count < 40; count += 1) await door.call('POST', '/apis/modosu.dev/v1/reload', {}, {})
    assert.equal(recordsAfter(since).length, 30)
    await door.call('POST', '/apis/modosu.dev/v1/reload', credentialOf('viewer'), {})
    assert.deepEqual([recordsAfter(since).length, recordsAfter(since).at(-1)?.actor], [31, 'viewer'])
    place.nowMs += 2 * MINUTE_MS
    await door.call('POST', '/apis/modosu.dev/v1/reload', {}, {})
    assert.equal(recordsAfter(since).at(-1)?.details['refusalsNotRecorded'], 10)
  })
})

describe('the socket', () => {
  it('records acts and refusals with the uid that was proven', async () => {
    const clock = { nowMs: () => place.nowMs }
    const door = await openDoor(place, { ...behind, audit: new ApiAudit(place.store, clock) })
    try {
      const since = place.store.auditHead()?.id ?? 0
      assert.equal((await place.run(['verify', 'BKP-20260215-020015-daily'])).code, 0)
      assert.equal((await place.run(['reload'])).code, 0)
      place.request('inc-socket', { approval: { required: 1 } })
      const refused = await send(place.socket, 'POST', '/restorerequests/inc-socket/approve')
      assert.equal(refused.status, 403)
      assert.equal((await place.run(['cancel', 'nothing'])).code, 5)
      const uid = String(process.getuid?.())
      assert.deepEqual(
        recordsAfter(since).map(({ operation, status, actor, details }) => [
          operation,
          status,
          actor.split(' ').slice(0, 2).join(' '),
          details['uid'],
          details['via'],
        ]),
        [
          ['verify', 'success', `uid ${uid}`, uid, 'socket'],
          ['reload', 'info', `uid ${uid}`, uid, 'socket'],
          ['refused', 'failure', 'ops-oncall', null, 'socket'],
          ['refused', 'failure', `uid ${uid}`, uid, 'socket'],
        ],
      )
      const agents = recordsAfter(since).map(({ details }) => details['userAgent'])
      assert.equal(agents[0], 'modosu-cli')
      assert.match(recordsAfter(since).at(-1)?.message ?? '', /restorerequests\/:name\/cancel refused: 404/)
    } finally {
      await door.close()
    }
  })
})
