import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { BackupIndex } from '../../../src/api/backup-index.ts'
import type { CatalogRow } from '../../../src/database/records-contract.ts'
import { loadConfiguration } from '../../../src/daemon/config.ts'
import { systemClock } from '../../../src/domain/clock.ts'
import { Workplace } from '../../cli/workplace.ts'
import { manualApi, type ManualApi } from './manual-door.ts'

let place: Workplace
let api: ManualApi

beforeEach(async () => {
  place = new Workplace()
  place.backup('daily', '20260215_020015')
  place.backup('daily', '20260214_020014')
  place.backup('weekly', '20260209_030012')
  api = await manualApi(place)
})

afterEach(async () => {
  await api.close()
  place.close()
})

interface Listed {
  readonly total: number
  readonly backups: readonly Readonly<Record<string, unknown>>[]
}

async function list(query = ''): Promise<Listed> {
  const { status, body } = await api.call('GET', `/api/v1/backups${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.data as unknown as Listed
}

const ids = ({ backups }: Listed): unknown[] => backups.map((each) => each['backup_id'])

describe('the list of backups', () => {
  it('is the one that the manual prints, newest first (manual 4.2 step 2)', async () => {
    const { headers, body } = await api.call('GET', '/api/v1/backups?status=success&sort=created_at&order=desc')
    assert.equal(headers['x-api-version'], 'v1')
    assert.equal(body.message, 'Backups retrieved successfully')
    const data = body.data as unknown as Listed
    assert.equal(data.total, 3)
    const [first] = data.backups
    assert.deepEqual(
      { id: first?.['backup_id'], type: first?.['backup_type'], at: first?.['created_at'] },
      { id: 'BKP-20260215-020015-daily', type: 'daily', at: '2026-02-15T02:00:15.000Z' },
    )
    assert.ok(first !== undefined && typeof first['file_size'] === 'number')
    assert.match(String(first['checksum']), /^sha256:[0-9a-f]{64}$/)
    assert.equal(first['file_path'], join(place.backups, 'daily', 'app_daily_20260215_020015.db'))
  })

  it('filters, sorts and pages, and counts after the filter', async () => {
    assert.deepEqual(ids(await list('?order=asc&limit=1&offset=1')), ['BKP-20260214-020014-daily'])
    const weekly = await list('?type=weekly')
    assert.deepEqual([weekly.total, ids(weekly)], [1, ['BKP-20260209-030012-weekly']])
    assert.deepEqual((await list('?offset=7')).backups, [])
    assert.deepEqual(ids(await list('?sort=backup_type&order=desc'))[0], 'BKP-20260209-030012-weekly')
  })

  it('refuses a sort, an order, a limit and a status that do not exist', async () => {
    for (const query of ['sort=name', 'order=up', 'limit=0', 'limit=501', 'limit=many', 'offset=-1', 'status=good']) {
      const { status, body } = await api.call('GET', `/api/v1/backups?${query}`)
      assert.equal(status, 400, query)
      assert.equal(body.error, '入力データが無効です')
      assert.equal(body.message, 'Validation failed')
      const [error] = body['errors'] as { field: string }[]
      assert.equal(error?.field, query.split('=')[0])
    }
  })

  it('shows a file that came and misses one that went at once', async () => {
    assert.equal((await list()).total, 3)
    const path = place.backup('monthly', '20260201_040008')
    assert.equal((await list()).total, 4)
    for (const file of [path, path.replace(/\.db$/, '.sha256')]) rmSync(file)
    assert.equal((await list()).total, 3)
  })

  it('reads nothing again while nothing changes', async () => {
    const { target, index, asked } = countingIndex([])
    await Promise.all([index.list(target), index.list(target)])
    await index.list(target)
    assert.equal(asked(), 1)
    place.backup('monthly', '20260201_040008')
    assert.equal((await index.list(target)).sets.length, 4)
    assert.equal(asked(), 2)
  })

  it('has one entry for a row and its files, and shows deleted ones only when they are asked for', async () => {
    await api.close()
    const rows = [
      row({
        backupId: 'BKP-20260215020015-daily',
        filePath: '/srv/app_daily_20260215_020015.db',
        description: 'nightly',
      }),
      row({ backupId: 'BKP-20260101-000000-manual', backupType: 'manual', status: 'deleted' }),
      row({
        backupId: 'BKP-20260102-000000-manual',
        backupType: 'manual',
        status: 'failure',
        filePath: '\u001b[0;32mBackup',
      }),
    ]
    const { target, index } = countingIndex(rows)
    api = await manualApi(place, { backups: index, targets: () => [target] })
    const shown = await list()
    assert.deepEqual(ids(shown), [
      'BKP-20260215-020015-daily',
      'BKP-20260214-020014-daily',
      'BKP-20260209-030012-weekly',
      'BKP-20260102-000000-manual',
    ])
    assert.equal(shown.backups[0]?.['description'], 'nightly')
    assert.equal(shown.backups[3]?.['file_path'], null)
    assert.deepEqual(ids(await list('?status=deleted')), ['BKP-20260101-000000-manual'])
    const { status, body } = await api.call('GET', '/api/v1/backups/BKP-20260101000000-manual')
    assert.deepEqual([status, body.data?.['status']], [200, 'deleted'])
  })

  it('takes no row from a database that a restore is about to replace', async () => {
    const { target, index, asked } = countingIndex([])
    await index.list(target)
    place.request('inc-1')
    place.walk('inc-1', ['Preflight'])
    place.backup('monthly', '20260201_040008')
    assert.equal((await index.list(target)).sets.length, 4)
    assert.equal(asked(), 1)
  })
})

describe('one backup', () => {
  it('is found by either spelling, and the one that was typed comes back (D1)', async () => {
    for (const id of ['BKP-20260215-020015-daily', 'BKP-20260215020015-daily']) {
      const { status, body } = await api.call('GET', `/api/v1/backups/${id}`)
      assert.equal(status, 200)
      assert.equal(body.message, 'Backup retrieved successfully')
      assert.equal(body.data?.['backup_id'], id)
    }
  })

  it('tells how its last restore ended (D9)', async () => {
    place.request('inc-1')
    place.walk('inc-1', ['Rejected'], {
      audit: [
        {
          operation: 'restore',
          actor: 'bob',
          backupId: 'BKP-20260215-020015-daily',
          status: 'failure',
          message: 'Rejected: no',
          details: {},
        },
      ],
    })
    const { body } = await api.call('GET', '/api/v1/backups/BKP-20260215-020015-daily')
    const last = body.data?.['last_restore'] as { status: string; request: string; username: string }
    assert.deepEqual([last.status, last.request, last.username], ['failure', 'inc-1', 'bob'])
  })

  it('that is not there is said in the words of the application', async () => {
    const { status, body } = await api.call('GET', '/api/v1/backups/BKP-20260215-020016-daily')
    assert.equal(status, 404)
    assert.equal(body.error, 'Backup not found: BKP-20260215-020016-daily')
    assert.equal(body.message, 'Backup with ID BKP-20260215-020016-daily does not exist')
  })
})

it('counts the backups and names the newest good one', async () => {
  const { body } = await api.call('GET', '/api/v1/backups/stats')
  assert.equal(body.message, 'Backup statistics retrieved successfully')
  const { total_backups, successful_backups, failed_backups, latest_backup } = body.data ?? {}
  assert.deepEqual([total_backups, successful_backups, failed_backups], [3, 3, 0])
  assert.equal((latest_backup as { backup_id: string }).backup_id, 'BKP-20260215-020015-daily')
})

it('shows the audit log a page at a time, newest first', async () => {
  for (const [operation, status] of [
    ['verify', 'success'],
    ['restore', 'failure'],
    ['prune', 'info'],
  ] as const) {
    place.store.recordAudit('shop', 'inc-1', {
      operation,
      actor: 'bob',
      status,
      message: 'm',
      backupId: null,
      details: {},
    })
  }
  place.store.recordAudit('', '', {
    operation: 'accept-state',
    actor: 'bob',
    status: 'info',
    message: 'm',
    backupId: null,
    details: {},
  })
  const { body } = await api.call('GET', '/api/v1/backups/audit-logs?limit=2')
  const logs = body.data?.['audit_logs'] as { operation: string }[]
  assert.equal(body.data?.['total'], 4)
  assert.deepEqual(
    logs.map(({ operation }) => operation),
    ['accept-state', 'prune'],
  )
  const restores = await api.call('GET', '/api/v1/backups/audit-logs?operation=restore')
  const [restore] = restores.body.data?.['audit_logs'] as { error_message: string; username: string }[]
  assert.deepEqual([restore?.error_message, restore?.username], ['m', 'bob'])
  const narrow = await api.call('GET', '/api/v1/backups/audit-logs', { role: 'viewer', target: 'shop' })
  assert.equal(narrow.body.data?.['total'], 3)
})

it('answers health without a credential, and 503 when something is not well', async () => {
  const well = await api.call('GET', '/api/v1/health', { role: null })
  assert.deepEqual([well.status, well.body['status'], well.body['version']], [200, 'OK', '1.2.3'])
  for (const [path, type] of [
    ['live', 'liveness'],
    ['ready', 'readiness'],
  ] as const) {
    const { status, body } = await api.call('GET', `/api/v1/health/${path}`, { role: null })
    assert.deepEqual([status, body['status'], body['type']], [200, 'UP', type])
  }
  await api.close()
  api = await manualApi(place, { notReady: () => Promise.resolve(['spool: ENOENT']) })
  for (const path of ['/api/v1/health', '/api/v1/health/ready']) {
    const { status, body } = await api.call('GET', path, { role: null })
    assert.equal(status, 503)
    assert.equal(body.error, 'the daemon is not ready')
  }
  assert.equal((await api.call('GET', '/api/v1/health/live', { role: null })).status, 200)
})

it('lets nobody look who has no credential or no role there, whether a thing exists or not', async () => {
  for (const path of ['', '/stats', '/audit-logs', '/BKP-20260215-020015-daily', '/nothing']) {
    const none = await api.call('GET', `/api/v1/backups${path}`, { role: null })
    assert.equal(none.status, 401)
    assert.equal(none.body.error, '認証トークンがありません')
    const elsewhere = await api.call('GET', `/api/v1/backups${path}`, { role: 'admin', target: 'another' })
    assert.equal(elsewhere.status, 403)
    assert.equal(elsewhere.body.error, '権限がありません')
  }
})

function row(of: Partial<CatalogRow> & { readonly description?: string }): CatalogRow {
  return {
    backupId: 'BKP-1',
    backupType: 'daily',
    filePath: null,
    fileSize: null,
    checksum: null,
    status: 'success',
    createdAt: null,
    ...of,
    record: {
      id: 1,
      errorMessage: null,
      metadata: null,
      description: of.description ?? null,
      createdBy: null,
      createdByUsername: null,
      startedAt: '2026-02-15 02:00:15',
      completedAt: null,
    },
  }
}

/** An index whose application has a catalog, and how often it was read. */
function countingIndex(rows: readonly CatalogRow[]) {
  const [configured] = loadConfiguration(place.config).targets
  const target = { ...configured!, backups: { ...configured!.backups, catalogTable: 'backup_logs' } }
  let asked = 0
  const database = {
    catalogRows: () => {
      asked += 1
      return Promise.resolve(rows)
    },
  }
  const index = new BackupIndex({ database, reader: place.store, clock: systemClock })
  place.store.onCommit((request) => {
    index.requestCommitted(request)
  })
  return { target, index, asked: () => asked }
}
