import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { DRILL_EVERY_MS, JOB_LATE_MS, RPO_MS } from '../../src/domain/objectives.ts'
import { Workplace } from '../cli/workplace.ts'
import { ROOT } from '../docs/markdown.ts'
import { manualApi } from './manual/manual-door.ts'

const PATH = '/apis/modosu.dev/v1/targets/shop/readiness'
const GIB = 1024 ** 3

let place: Workplace

beforeEach(() => {
  place = new Workplace()
})

afterEach(() => {
  place.close()
})

async function readiness(extra: Parameters<typeof manualApi>[1] = {}) {
  const api = await manualApi(place, extra)
  try {
    const { status, body } = await api.call('GET', PATH, { role: 'viewer' })
    assert.equal(status, 200, JSON.stringify(body))
    return body
  } finally {
    await api.close()
  }
}

describe('the readiness of a target', () => {
  it('says of what is not known that it is not known', async () => {
    const { drill, disk, jobs, rpoSeconds } = await readiness()
    assert.deepEqual(drill, { last: null, lastSuccessAt: null, dueAt: null })
    assert.deepEqual(disk, { requiredBytes: null, databaseAvailableBytes: null, backupsAvailableBytes: null })
    assert.deepEqual([jobs, rpoSeconds], [[], 93_600])
  })

  it('tells the last drill and the last that succeeded; a restore is none, and one that ends later is seen', async () => {
    const api = await manualApi(place)
    try {
      const drillOf = async () => (await api.call('GET', PATH)).body['drill'] as Record<string, never>
      place.request('restored', {})
      place.walk('restored', ['Preflight', 'Failed'])
      assert.equal((await drillOf())['last'], null)
      place.request('good', { mode: 'Drill' })
      place.walk('good', ['Preflight', 'Succeeded'])
      const good = await drillOf()
      assert.deepEqual([good['last']?.['request'], good['last']?.['result']], ['good', 'Succeeded'])
      const successAt = String(good['lastSuccessAt'])
      assert.equal(Date.parse(String(good['dueAt'])), Date.parse(successAt) + DRILL_EVERY_MS)
      place.request('bad', { mode: 'Drill' })
      place.walk('bad', ['Preflight', 'Failed'])
      const bad = await drillOf()
      assert.deepEqual([bad['last']?.['request'], bad['last']?.['result']], ['bad', 'Failed'])
      assert.equal(bad['lastSuccessAt'], successAt)
    } finally {
      await api.close()
    }
  })

  it('tells the room that the last look found, and of the jobs those that have a schedule now', async () => {
    const nextRunMs = Date.parse('2026-02-16T03:30:00.000Z')
    for (const job of ['prune', 'drill']) {
      place.store.upkeep.saveJob({ job, schedule: '30 3 * * * UTC', nextRunMs, lastRunMs: null, lastSuccessMs: null })
    }
    const { disk, jobs } = await readiness({
      disk: () => ({
        databaseBytes: GIB,
        availableBytes: { database: 5 * GIB, backups: null, state: GIB },
        safetyBackups: null,
      }),
      scheduledJobs: () => ['prune'],
    })
    assert.deepEqual(disk, { requiredBytes: 2 * GIB, databaseAvailableBytes: 5 * GIB, backupsAvailableBytes: null })
    assert.deepEqual(jobs, [{ name: 'prune', nextRunAt: '2026-02-16T03:30:00.000Z', lastSuccessAt: null }])
  })

  it('is told to nobody who may not see the target', async () => {
    const api = await manualApi(place)
    try {
      assert.equal((await api.call('GET', PATH, { target: 'another' })).status, 403)
      assert.equal((await api.call('GET', PATH, { role: null })).status, 401)
      assert.equal((await api.call('GET', PATH.replace('shop', 'none'))).status, 404)
    } finally {
      await api.close()
    }
  })

  it('promises what the alerts do', () => {
    const alerts = readFileSync(`${ROOT}/deploy/prometheus/modosu.alerts.yaml`, 'utf8')
    const promised = [
      `modosu_backup_newest_restorable_timestamp_seconds > ${RPO_MS / 3_600_000} * 3600`,
      `modosu_drill_last_success_timestamp_seconds > ${DRILL_EVERY_MS / 86_400_000} * 86400`,
      `modosu_cron_next_run_timestamp_seconds > ${JOB_LATE_MS / 1000}`,
    ]
    for (const text of promised) assert.ok(alerts.includes(text), text)
  })
})
