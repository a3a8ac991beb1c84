import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { Accounts, API, bearer, RANKS } from './accounts.ts'
import type { Headers, ServedRoute } from './auth-door.ts'
import { callRoute, furnish, isAllowed, leastRoleOf, nameOf, PUBLIC } from './routes.ts'

let accounts: Accounts

beforeEach(async () => {
  accounts = await Accounts.open()
  furnish(accounts.place)
})

afterEach(() => accounts.close())

const guarded = (): readonly ServedRoute[] => accounts.door.routes.filter((route) => !route.public)

describe('roles', () => {
  for (const role of RANKS) {
    it(`let a user who is ${role} call what that role may, and no other of all routes`, async () => {
      assert.ok(guarded().length > 25)
      for (const route of guarded()) {
        // A call before this one may have ended the session.
        const { status, body } = await callRoute(accounts.door, route, accounts.session(role))
        const allowed = isAllowed(leastRoleOf(route), role)
        const why = `${role}: ${nameOf(route)}: ${status} ${JSON.stringify(body)}`
        if (allowed) assert.ok(status !== 403 && (status !== 401 || nameOf(route).endsWith('/reauth')), why)
        else assert.equal(status, 403, why)
      }
    })
  }

  it('on another target open nothing that concerns this one, and tell nothing of what exists', async () => {
    const missing = { name: 'nothing', id: 'BKP-20200101-000000-daily', target: 'nothing' }
    for (const route of guarded()) {
      if (leastRoleOf(route) === null || !/:(name|id|target)/.test(route.url)) continue
      const there = await callRoute(accounts.door, route, accounts.session('stranger'))
      assert.equal(there.status, 403, nameOf(route))
      const notThere = await callRoute(accounts.door, route, accounts.session('stranger'), missing)
      assert.deepEqual([notThere.status, notThere.body], [there.status, there.body], nameOf(route))
    }
    const list = await accounts.door.call('GET', `${API}/restorerequests`, accounts.session('stranger'))
    assert.deepEqual(list.body['items'], [])
  })

  it('of the application: its admin has the routes of its targets, every other role none, in its own words', async () => {
    for (const role of ['admin', 'manager', 'analyst', 'viewer', 'constructor', '__proto__', '']) {
      const headers = bearer(await accounts.token({ role }))
      for (const route of guarded()) {
        if (leastRoleOf(route) === null) continue
        const { status, body } = await callRoute(accounts.door, route, headers)
        const why = `${role}: ${nameOf(route)}: ${status} ${JSON.stringify(body)}`
        if (role !== 'admin') assert.ok(status === 403 || isLook(route), why)
        assert.notEqual(status, 401, why)
        if (status >= 400) assert.equal(typeof body['error'], 'string', why)
      }
    }
    const { body } = await restore(bearer(await accounts.token({ role: '' })))
    assert.deepEqual(
      [body['error'], body['message'], body['requiredRoles'], body['userRole']],
      ['権限がありません', 'This action requires one of the following roles: admin', ['admin'], 'none'],
    )
    assert.notEqual((await restore(bearer(await accounts.token()))).status, 403)
  })

  it('tell a user with a target of another that this one may as well not exist', async () => {
    for (const headers of [accounts.session('stranger'), bearer(await accounts.token({ role: 'manager' }))]) {
      for (const path of ['/api/v1/backups?target=', '/api/v1/backups/stats?target=']) {
        const first = await accounts.door.call('GET', `${path}shop`, headers)
        assert.equal(first.status, 403, path)
        assert.deepEqual((await accounts.door.call('GET', `${path}nothing`, headers)).body, first.body)
      }
    }
  })

  it('are asked for by every route but those that are meant to be public', () => {
    const open = accounts.door.routes.filter((route) => route.public).map(nameOf)
    assert.deepEqual(open.sort(), [...PUBLIC].sort())
  })
})

/** Whoever may see nothing gets an empty list, which tells nothing. */
function isLook({ method, url }: ServedRoute): boolean {
  return method === 'GET' && !url.includes(':')
}

function restore(headers: Headers) {
  return accounts.door.call('POST', '/api/v1/backups/BKP-20260215-020015-daily/restore', headers, {})
}
