import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'node:test'

import type { Phase } from '../../../src/domain/phases.ts'
import type { Change } from '../../../src/store/change.ts'
import { Workplace } from '../../cli/workplace.ts'
import { manualApi, type ManualApi, type Reply } from './manual-door.ts'

const ID = 'BKP-20260215-020015-daily'
const PATH = `/api/v1/backups/${ID}/restore`

let place: Workplace
let api: ManualApi

beforeEach(async () => {
  place = new Workplace()
  place.backup('daily', '20260215_020015')
  api = await manualApi(place)
})

afterEach(async () => {
  await api.close()
  place.close()
})

/** Calls, and does the reconciler's part once the request is there. */
async function restore(then: (name: string) => void, path = PATH, body: object = { confirm: true }): Promise<Reply> {
  const answer = api.call('POST', path, { body })
  then(await submitted())
  return answer
}

/** The name of the request that the call has made; told by the store itself. */
function submitted(): Promise<string> {
  return new Promise((resolve) => {
    place.store.onCommit(({ name }, { reason }) => {
      if (reason === 'Created') setImmediate(resolve, name)
    })
  })
}

const TO_THE_END: readonly Phase[] = [
  'Preflight',
  'SafetyBackup',
  'VerifyingChecksum',
  'VerifyingBackup',
  'Quiescing',
  'Swapping',
  'VerifyingRestored',
  'Resuming',
  'Succeeded',
]

function fail(name: string, phases: readonly Phase[], reason: string, message: string): void {
  place.walk(name, phases, { reason, message, status: { reason, message } })
}

describe('the restore of the manual', () => {
  it('answers when the restore has ended, as the manual prints it (manual 4.2 step 4)', async () => {
    const path = '/srv/backups/restore_safety_20260215150530.db'
    const safetyBackup = { name: 'restore_safety_20260215150530.db', path, sha256: 'a'.repeat(64), raw: false }
    const { status, headers, body } = await restore((name) => {
      place.walk(name, TO_THE_END, { status: { safetyBackup } })
    })
    assert.equal(status, 200)
    assert.deepEqual(body, {
      message: 'Restore completed successfully',
      data: {
        status: 'success',
        restored_from: ID,
        backup_before_restore: path,
        integrity_check: 'passed',
        message: 'Database restored successfully. Please reload the application.',
      },
    })
    const [request] = place.store.requests()
    assert.equal(headers['location'], `/apis/modosu.dev/v1/restorerequests/${request?.name ?? ''}`)
    assert.deepEqual(request?.origin, { kind: 'Api', client: 'alice' })
    assert.equal(request.spec.requestedBy, 'alice')
    assert.equal(request.spec.confirm, true)
    assert.equal(request.spec.backupCurrent, true)
  })

  it('echoes the id as it was typed, and waives the safety backup where it is told to (manual 4.4)', async () => {
    const typed = 'BKP-20260215020015-daily'
    const body = { confirm: true, backup_current: false }
    const answer = await restore((name) => place.walk(name, TO_THE_END), `/api/v1/backups/${typed}/restore`, body)
    assert.equal(answer.body.data?.['restored_from'], typed)
    assert.equal(answer.body.data['backup_before_restore'], null)
    assert.equal(place.store.requests()[0]?.spec.backupCurrent, false)
  })

  it('takes confirm for given where the configuration says so (manual 4.3), and never a no for a yes', async () => {
    await api.close()
    api = await manualApi(place, { confirmDefault: () => true })
    for (const body of [{ confirm: false }, '{"confirm": null}', { confirm: 'true' }]) {
      assert.equal((await api.call('POST', PATH, { body })).status, 400, JSON.stringify(body))
    }
    assert.deepEqual(place.store.requests(), [])
    assert.equal((await restore((name) => place.walk(name, TO_THE_END), PATH, {})).status, 200)
  })

  it('makes no request without confirm: true', async () => {
    for (const body of [undefined, {}, { confirm: false }, '{"confirm": null}']) {
      const answer = await api.call('POST', PATH, body === undefined ? {} : { body })
      assert.equal(answer.status, 400, JSON.stringify(body))
      assert.ok(['Confirmation required', '入力データが無効です'].includes(answer.body.error ?? ''))
    }
    const answer = await api.call('POST', PATH)
    assert.equal(answer.body.error, 'Confirmation required')
    assert.equal(answer.body.message, 'Please set confirm: true to execute restore')
    for (const body of [{ confirm: 'true' }, { confirm: true, backup_current: 'no' }, '[]', '{']) {
      assert.equal((await api.call('POST', PATH, { body })).status, 400, JSON.stringify(body))
    }
    const form = await api.call('POST', PATH, { body: 'confirm=true', headers: { 'content-type': 'text/plain' } })
    assert.equal(form.status, 400)
    assert.deepEqual(place.store.requests(), [])
  })

  it('gives the text of the manual where it fails, with the status of its table (manual 4.3, 8.1)', async () => {
    const table: readonly [string, string, number, string][] = [
      ['ChecksumMismatch', 'Backup file checksum mismatch. The file may be corrupted.', 500, 'Internal Server Error'],
      ['BackupNotAvailable', 'Backup is not available for restore. Status: failure', 400, 'Bad Request'],
      ['BackupFileNotFound', 'Backup file not found: /srv/x.db', 404, 'Not Found'],
      ['InsufficientSpace', 'not enough space', 507, 'Insufficient Storage'],
      ['DatabaseInUse', 'somebody has it open', 409, 'Conflict'],
    ]
    for (const [reason, message, status, phrase] of table) {
      const answer = await restore((name) => {
        fail(name, ['Preflight', 'Failed'], reason, message)
      })
      assert.equal(answer.status, status, reason)
      assert.equal(answer.body.error, message)
      assert.equal(answer.body.message, phrase)
      assert.equal(answer.body['reason'], reason)
    }
  })

  it('leaves the text of the manual alone where more is known', async () => {
    const message = 'Restored database integrity check failed: row 3 missing from index'
    const { status, body } = await restore((name) => {
      fail(name, [...TO_THE_END.slice(0, 7), 'RollingBack', 'RolledBack'], 'RestoredIntegrityFailed', message)
    })
    assert.equal(status, 500)
    assert.equal(body.error, 'Restored database integrity check failed')
    assert.equal(body['details'], message)
    assert.equal(body['phase'], 'RolledBack')
  })

  it('answers 404 with the id as it was typed, and the refusal is a request of its own', async () => {
    const { status, body } = await restore((name) => {
      fail(name, ['Rejected'], 'BackupNotFound', 'Backup not found: nothing')
    }, '/api/v1/backups/nothing/restore')
    assert.deepEqual([status, body.error], [404, 'Backup not found: nothing'])
    assert.equal(place.store.requests()[0]?.phase, 'Rejected')
    const odd = await api.call('POST', `/api/v1/backups/${encodeURIComponent('日次')}/restore`, {
      body: { confirm: true },
    })
    assert.deepEqual([odd.status, odd.body.error], [404, 'Backup not found: 日次'])
  })

  it('refuses with 409 while a restore of the target runs, and makes no request', async () => {
    place.request('inc-1')
    place.walk('inc-1', ['Preflight'])
    const { status, body } = await api.call('POST', PATH, { body: { confirm: true } })
    assert.equal(status, 409)
    assert.equal(body.error, 'a restore of shop is running: inc-1 (Preflight)')
    assert.equal(place.store.requests().length, 1)
  })

  it('refuses the fourth within an hour with 429 and says when it may run (manual Q6)', async () => {
    for (const name of ['a', 'b', 'c']) {
      place.request(name)
      place.nowMs = Date.now()
      place.walk(name, TO_THE_END, { interruptsAtMs: Date.now() - 60_000 })
    }
    const { status, headers, body } = await api.call('POST', PATH, { body: { confirm: true } })
    assert.equal(status, 429)
    assert.equal(body.error, 'Too Many Requests')
    assert.match(body.message ?? '', /^リクエスト制限を超過しました。(59|60)分後に再試行してください。$/)
    const seconds = Number(headers['retry-after'])
    assert.ok(seconds > 3500 && seconds <= 3540, String(seconds))
    assert.equal(headers['ratelimit-policy'], '3;w=3600')
    assert.equal(headers['ratelimit-remaining'], '0')
    assert.equal(place.store.requests().length, 3)
  })

  it('calls its request off where another restore has overtaken it', async () => {
    const { status, body } = await restore((name) => {
      place.request('inc-1')
      place.walk('inc-1', ['Preflight'])
      const wait: Change = { from: 'Pending', reason: 'Queued', message: 'behind', status: { reason: 'Queued' } }
      place.store.onCommit((request) => {
        if (request.name === name && request.cancelRequested !== null && request.phase === 'Pending') {
          setImmediate(() => place.walk(name, ['Cancelled']))
        }
      })
      place.store.commit(name, wait)
    })
    assert.equal(status, 409)
    assert.match(body.error ?? '', /^a restore of shop is running: inc-1/)
  })

  it('answers 202 where only a person can let it go on', async () => {
    const { status, headers, body } = await restore((name) => {
      const status = { reason: 'ApprovalRequired', message: '0 of 1 approvals given' }
      place.store.commit(name, { from: 'Pending', reason: 'ApprovalRequired', message: status.message, status })
    })
    assert.equal(status, 202)
    assert.equal(body.data?.['message'], '0 of 1 approvals given')
    assert.match(String(headers['location']), /restorerequests\/shop-\d{14}-/)
    assert.equal(place.store.requests()[0]?.phase, 'Pending')
  })

  it('answers 202 at once where the client prefers that (RFC 7240)', async () => {
    const answer = await api.call('POST', PATH, {
      body: { confirm: true },
      headers: { prefer: 'respond-async, wait=10' },
    })
    assert.equal(answer.status, 202)
    assert.equal(answer.headers['preference-applied'], 'respond-async')
    const [request] = place.store.requests()
    assert.equal(answer.headers['location'], `/apis/modosu.dev/v1/restorerequests/${request?.name ?? ''}`)
    assert.equal(answer.body.data?.['request'], request?.name)
  })

  it('is not cancelled by a client that goes away', async () => {
    await api.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = api.app.server.address() as { port: number }
    const client = connect(port, '127.0.0.1')
    const payload = '{"confirm": true}'
    const made = submitted()
    client.write(
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nX-Role: admin\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${payload.length}\r\n\r\n${payload}`,
    )
    const name = await made
    const gone = once(api.app.server, 'request').catch(() => undefined)
    client.destroy()
    await once(client, 'close')
    place.walk(name, TO_THE_END)
    assert.equal(place.store.request(name)?.phase, 'Succeeded')
    assert.equal(place.store.request(name)?.cancelRequested, null)
    void gone
  })

  it('tells who waits that the daemon stops, and leaves the request as it is', async () => {
    const answer = api.call('POST', PATH, { body: { confirm: true } })
    const name = await submitted()
    place.walk(name, ['Preflight'])
    const closed = api.close()
    const { status, body } = await answer
    await closed
    assert.equal(status, 503)
    assert.match(body.error ?? '', /^the daemon stops/)
    assert.equal(place.store.request(name)?.phase, 'Preflight')
  })

  it('is for an administrator of the target alone, whatever the call brings', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      for (const body of [{ confirm: true }, { confirm: 'x' }, {}]) {
        const { status, body: refused } = await api.call('POST', PATH, { role, body })
        assert.equal(status, 403)
        assert.deepEqual(refused['requiredRoles'], ['admin'])
        assert.equal(refused['userRole'], role)
      }
    }
    assert.deepEqual(place.store.requests(), [])
  })
})

describe('the verification of the manual', () => {
  const verified = (passed: boolean) => ({
    target: 'shop',
    backupId: ID,
    passed,
    checks: [
      { name: 'file_exists', result: 'pass', message: '' },
      { name: 'file_size', result: 'pass', message: '' },
      { name: 'checksum', result: 'pass', message: '' },
      { name: 'integrity', result: passed ? 'pass' : 'fail', message: 'page 3 is damaged' },
      { name: 'tables', result: 'pass', message: '' },
    ] as const,
  })

  it('shows the two checks of the manual (6.2), and more when asked', async () => {
    await api.close()
    api = await manualApi(place, { verifier: () => Promise.resolve(verified(true)) })
    const { status, body } = await api.call('POST', '/api/v1/backups/BKP-20260215020015-daily/verify')
    assert.equal(status, 200)
    assert.equal(body.message, 'Integrity check completed')
    const data = body.data as unknown as { checks: { check_id: string }[] }
    const [first] = data.checks
    assert.match(first?.check_id ?? '', /^CHK-\d{8}-\d{6}-001$/)
    const backup_id = 'BKP-20260215020015-daily'
    const prefix = first?.check_id.slice(0, -3) ?? ''
    assert.deepEqual(data, {
      total_checks: 2,
      passed: 2,
      failed: 0,
      checks: [
        { check_id: `${prefix}001`, backup_id, check_type: 'file_exists', status: 'pass' },
        { check_id: `${prefix}002`, backup_id, check_type: 'checksum', status: 'pass' },
      ],
    })
    const more = await api.call('POST', `/api/v1/backups/${ID}/verify?checks=integrity`, { role: 'operator' })
    assert.equal(more.body.data?.['total_checks'], 3)
    assert.equal((await api.call('POST', `/api/v1/backups/${ID}/verify?checks=all`)).status, 400)
    assert.equal((await api.call('POST', `/api/v1/backups/${ID}/verify`, { role: 'viewer' })).status, 403)
  })

  it('shows a check that failed whether it was asked for or not', async () => {
    await api.close()
    const askedBy: string[] = []
    api = await manualApi(place, {
      verifier: (_target, _id, { name }) => {
        askedBy.push(name)
        return Promise.resolve(verified(false))
      },
    })
    const { body } = await api.call('POST', `/api/v1/backups/${ID}/verify`)
    assert.deepEqual([body.data?.['total_checks'], body.data?.['failed']], [3, 1])
    assert.deepEqual(askedBy, ['alice'])
    const checks = body.data?.['checks'] as { check_type: string; error_message?: string }[]
    assert.deepEqual(
      checks.map(({ check_type, error_message }) => [check_type, error_message]),
      [
        ['file_exists', undefined],
        ['checksum', undefined],
        ['integrity', 'page 3 is damaged'],
      ],
    )
  })
})
