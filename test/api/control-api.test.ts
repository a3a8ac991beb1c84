import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { RestoreError } from '../../src/domain/errors.ts'
import { Workplace, manifestYaml } from '../cli/workplace.ts'
import { openDoor, send, VERSION, type Door } from './door.ts'

let place: Workplace
let door: Door

beforeEach(async () => {
  place = new Workplace()
  door = await openDoor(place)
})

afterEach(async () => {
  await door.close()
  place.close()
})

const YAML = { 'content-type': 'application/yaml' }

function submit(name: string, spec = {}): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> {
  return send(place.socket, 'POST', '/restorerequests', { body: manifestYaml(name, spec), headers: YAML })
}

describe('submitting through the socket', () => {
  it('stores a manifest and answers with the object, 201', async () => {
    const { status, body } = await submit('inc-1', { reason: '誤操作' })
    assert.equal(status, 201)
    assert.equal(body['kind'], 'RestoreRequest')
    assert.deepEqual((body['metadata'] as { name: string }).name, 'inc-1')
    assert.equal(place.store.request('inc-1')?.spec.reason, '誤操作')
  })

  it('answers the same manifest again with 200 and stores nothing', async () => {
    await submit('inc-1')
    const { status } = await submit('inc-1')
    assert.equal(status, 200)
    assert.equal(place.store.requests().length, 1)
  })

  it('refuses another spec under the same name with 409', async () => {
    await submit('inc-1')
    const { status, body } = await submit('inc-1', { mode: 'Drill' })
    assert.equal(status, 409)
    assert.equal(body['reason'], 'DuplicateName')
  })

  it('refuses an invalid manifest with 422, naming the line and the field', async () => {
    const body = manifestYaml('inc-1').replace('backupCurrent', 'backupCurent')
    const answer = await send(place.socket, 'POST', '/restorerequests', { body, headers: YAML })
    assert.equal(answer.status, 422)
    assert.deepEqual([answer.body['kind'], answer.body['code'], answer.body['reason']], ['Status', 422, 'InvalidSpec'])
    assert.equal(answer.body['message'], answer.body['error'])
    assert.match(String(answer.body['error']), /^\d+:\d+: spec\.backupCurent: .*did you mean "backupCurrent"/)
    assert.equal(place.store.requests().length, 0)
  })

  it('refuses a body over 64 KiB, and one that is neither JSON nor YAML', async () => {
    const large = await send(place.socket, 'POST', '/restorerequests', { body: 'x'.repeat(70_000), headers: YAML })
    assert.equal(large.status, 413)
    assert.equal(large.body['reason'], 'BodyTooLarge')
    const form = await send(place.socket, 'POST', '/restorerequests', {
      body: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.equal(form.status, 415)
    assert.equal(form.body['reason'], 'UnsupportedMediaType')
  })
})

describe('who acts', () => {
  it('is the name in the header, in any script', async () => {
    const headers = { ...YAML, 'modosu-actor': encodeURIComponent('運用担当者') }
    await send(place.socket, 'POST', '/restorerequests', { body: manifestYaml('inc-1'), headers })
    assert.deepEqual(place.store.request('inc-1')?.origin, { kind: 'Api', client: '運用担当者' })
  })

  it('must be said, and in printable characters', async () => {
    place.request('inc-1')
    for (const actor of ['', '%0A', '%E2%80%AEadmin', '%ZZ', 'x'.repeat(200)]) {
      const answer = await send(place.socket, 'POST', '/restorerequests/inc-1/suspend', {
        headers: { 'modosu-actor': actor },
      })
      assert.equal(answer.status, 400, actor)
      assert.equal(answer.body['reason'], 'InvalidArgument')
    }
    assert.equal(place.store.request('inc-1')?.suspended, false)
  })
})

describe('acting on a request', () => {
  it('suspends, resumes and cancels it, and audits who did', async () => {
    place.request('inc-1')
    const suspended = await send(place.socket, 'POST', '/restorerequests/inc-1/suspend')
    assert.equal(suspended.status, 200)
    assert.equal((suspended.body['status'] as { suspended?: boolean }).suspended, true)
    await send(place.socket, 'POST', '/restorerequests/inc-1/resume')
    await send(place.socket, 'POST', '/restorerequests/inc-1/cancel', { body: '{"reason": "wrong backup"}' })
    assert.equal(place.store.request('inc-1')?.cancelRequested, 'cancelled by ops-oncall: wrong backup')
    assert.deepEqual(
      place.store.audit().map(({ operation, actor }) => [operation, actor]),
      [
        ['suspend', 'ops-oncall'],
        ['resume', 'ops-oncall'],
        ['cancel', 'ops-oncall'],
      ],
    )
  })

  it('lets nobody approve their own request (manual 2.5)', async () => {
    place.request('inc-1', { approval: { required: 1 }, requestedBy: 'ops-oncall' })
    const own = await send(place.socket, 'POST', '/restorerequests/inc-1/approve')
    assert.equal(own.status, 403)
    assert.equal(own.body['reason'], 'Denied')
    const other = await send(place.socket, 'POST', '/restorerequests/inc-1/approve', {
      headers: { 'modosu-actor': 'second' },
    })
    // Anybody can write that name into a header.
    assert.equal(other.status, 403)
    assert.match(String(other.body['error']), /nothing proves who that is/)
  })

  it('answers 404 for a name that is not stored and 409 for an act that the phase does not allow', async () => {
    const missing = await send(place.socket, 'POST', '/restorerequests/nothing/cancel')
    assert.equal(missing.status, 404)
    assert.deepEqual([missing.body['kind'], missing.body['code']], ['Status', 404])
    place.request('inc-1')
    const early = await send(place.socket, 'POST', '/restorerequests/inc-1/retry')
    assert.equal(early.status, 409)
    assert.equal(early.body['reason'], 'Conflict')
  })

  it('makes a new request of a retry, 201', async () => {
    place.request('inc-1')
    place.walk('inc-1', ['Rejected'])
    const { status, body } = await send(place.socket, 'POST', '/restorerequests/inc-1/retry')
    assert.equal(status, 201)
    assert.equal((body['metadata'] as { name: string }).name, 'inc-1-retry-1')
  })

  it('refuses a body that is no JSON object, and a reason that is no text', async () => {
    place.request('inc-1')
    const broken = await send(place.socket, 'POST', '/restorerequests/inc-1/cancel', { body: '{' })
    assert.deepEqual([broken.status, broken.body['reason']], [400, 'InvalidJson'])
    const list = await send(place.socket, 'POST', '/restorerequests/inc-1/cancel', { body: '[]' })
    assert.deepEqual([list.status, list.body['reason']], [400, 'InvalidJson'])
    const number = await send(place.socket, 'POST', '/restorerequests/inc-1/cancel', { body: '{"reason": 1}' })
    assert.deepEqual([number.status, number.body['reason']], [400, 'InvalidArgument'])
    assert.equal(place.store.request('inc-1')?.cancelRequested, null)
  })
})

describe('reading through the socket', () => {
  it('lists requests as a RestoreRequestList and shows one', async () => {
    place.request('inc-1')
    place.request('inc-2')
    const list = await send(place.socket, 'GET', '/restorerequests')
    assert.equal(list.body['kind'], 'RestoreRequestList')
    const names = (list.body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)
    assert.deepEqual(names, ['inc-1', 'inc-2'])
    const one = await send(place.socket, 'GET', '/restorerequests/inc-2')
    assert.deepEqual(one.body, (list.body['items'] as unknown[])[1])
    assert.equal((await send(place.socket, 'GET', '/restorerequests/inc-3')).status, 404)
  })

  it('says that it is there, and which versions run', async () => {
    assert.deepEqual((await send(place.socket, 'GET', '/healthz')).body, { status: 'ok' })
    assert.deepEqual((await send(place.socket, 'GET', '/version')).body, VERSION)
  })

  it('answers a route that does not exist in the same form as every error', async () => {
    const { status, body } = await send(place.socket, 'GET', '/secrets')
    assert.equal(status, 404)
    assert.equal(body['error'], 'no such route: GET /apis/modosu.dev/v1/secrets')
  })
})

describe('a target', () => {
  it('is rolled back to a named safety backup as a request of its own', async () => {
    const { status, body } = await send(place.socket, 'POST', '/targets/shop/rollback', {
      body: '{"safetyBackup": "restore_safety_20260215150530.db", "reason": "manual 7.2"}',
    })
    assert.equal(status, 201)
    const spec = body['spec'] as { source: unknown; reason: string }
    assert.deepEqual(spec.source, { safetyBackup: { name: 'restore_safety_20260215150530.db' } })
    assert.equal(spec.reason, 'manual 7.2')
  })

  it('has its backups verified by what the daemon was given', async () => {
    await door.close()
    const asked: string[] = []
    door = await openDoor(place, {
      verifier: (target, backupId, { name, uid }) => {
        assert.match(uid, /^[\da-f-]{36}$/)
        asked.push(`${target}/${backupId} for ${name}`)
        return Promise.resolve({ target, backupId, passed: true, checks: [] })
      },
    })
    const { status, body } = await send(place.socket, 'POST', '/targets/shop/backups/BKP-1/verify')
    assert.equal(status, 200)
    assert.equal(body['passed'], true)
    assert.deepEqual(asked, ['shop/BKP-1 for ops-oncall'])
  })

  it('answers 501 where nobody verifies', async () => {
    const { status, body } = await send(place.socket, 'POST', '/targets/shop/backups/BKP-1/verify')
    assert.deepEqual([status, body['reason']], [501, 'NotServed'])
  })
})

it('logs an unforeseen error once and tells the client no more than its text', async () => {
  await door.close()
  door = await openDoor(place, {
    parseManifest: () => Promise.reject(new Error('the disk is on fire')),
  })
  const { status, body } = await submit('inc-1')
  assert.equal(status, 500)
  assert.deepEqual(body, {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    code: 500,
    message: 'the disk is on fire',
    error: 'the disk is on fire',
    reason: 'InternalError',
    hint: null,
  })
  assert.equal(door.errors.length, 1)
})

it('gives each reason its status: what the client can wait out is 429, what it must mend is 4xx', async () => {
  for (const [reason, status] of [
    ['RateLimited', 429],
    ['Denied', 403],
    ['BackupNotFound', 404],
    ['ConfirmationRequired', 400],
    ['ChecksumMismatch', 500],
    ['InsufficientSpace', 507],
  ] as const) {
    await door.close()
    door = await openDoor(place, { parseManifest: () => Promise.reject(new RestoreError('no', { reason })) })
    assert.equal((await submit('inc-1')).status, status, reason)
  }
})

describe('who acts', () => {
  it('is refused where it is said twice, in whatever form', async () => {
    await submit('inc-1')
    for (const headers of [
      ['Modosu-Actor', 'root', 'modosu-actor', 'ops'],
      ['modosu-actor', 'root,ops'],
      ['modosu-actor', 'root, ops'],
    ]) {
      const response = await rawPost(place.socket, '/apis/modosu.dev/v1/restorerequests/inc-1/cancel', headers)
      assert.match(response, /^HTTP\/1\.1 400 /)
      assert.match(response, /InvalidArgument/)
    }
    assert.equal(place.store.request('inc-1')?.cancelRequested, null)
  })

  it('can be heard although hundreds of connections say nothing', async () => {
    const silent = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const socket = connect(place.socket)
        socket.on('error', () => undefined)
        await once(socket, 'connect')
        return socket
      }),
    )
    assert.equal((await submit('inc-2')).status, 201)
    for (const socket of silent) socket.destroy()
  })
})

/** Sends these headers as they are, which node:http would join. */
async function rawPost(socketPath: string, path: string, headers: readonly string[]): Promise<string> {
  const socket = connect(socketPath)
  const lines = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1] ?? ''}`] : []))
  socket.write(
    [`POST ${path} HTTP/1.1`, 'Host: a', 'Connection: close', 'Content-Length: 0', ...lines, '', ''].join('\r\n'),
  )
  return text(socket)
}
