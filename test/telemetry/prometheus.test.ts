import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'

import { ALL_METRICS } from '../../src/telemetry/registry.ts'
import { startTelemetryServer } from '../../src/telemetry/server.ts'
import { collectedLog } from './collected-log.ts'
import { NO_MONITORING, RECEIVERS, startMonitoring, type Monitoring } from './monitoring.ts'
import { dashboardQueries, rulesOf } from './repository.ts'
import { openTestStore, runRestore, telemetryOf, TestClock, type TestStore } from './restores.ts'
import { eventually } from './tools.ts'

class PresentClock extends TestClock {
  override nowMs(): number {
    return Date.now()
  }
}

/** A listener of the daemon's kind over a real state store, watched. */
async function startWorld(): Promise<{ state: TestStore; monitoring: Monitoring }> {
  const state = openTestStore(undefined, new PresentClock())
  const telemetry = telemetryOf(state)
  const log = collectedLog()
  const server = await startTelemetryServer({
    host: '127.0.0.1',
    port: 0,
    metrics: telemetry,
    livez: [],
    readyz: [],
    log,
  })
  after(() => server.close())
  telemetry.backupsListed('itsm-nexus', [
    { type: 'daily', status: 'success', createdAtMs: Date.now(), restorable: true, verifyFailed: false, future: false },
  ])
  return { state, monitoring: await startMonitoring(server.address.port) }
}

// Here and not in a hook: what is opened stays open until all tests have ended.
const world = NO_MONITORING === false ? await startWorld() : undefined

describe('a Prometheus that scrapes the daemon', { skip: NO_MONITORING }, () => {
  const { state, monitoring } = world!

  it('has every metric that is born at 0, under the labels of the scrape', async () => {
    const names = await eventually(async () => {
      const found = await monitoring.query('count by (__name__, job) ({job="modosu"})')
      return found.length < 50 ? undefined : new Set(found.map(({ metric }) => metric['__name__']))
    })
    for (const { name, type, birth } of ALL_METRICS) {
      if (birth === 'zero') assert.ok(names.has(type === 'histogram' ? `${name}_count` : name), name)
    }
    assert.equal((await monitoring.query('modosu_cron_runs_total{exported_job="prune"}')).length, 3)
  })

  it('understands every query of the dashboard and of the rules', async () => {
    const rules = [...rulesOf('modosu.rules.yaml'), ...rulesOf('modosu.alerts.yaml')].map(({ expr }) => expr)
    for (const expr of [...rules, ...dashboardQueries().map((panel) => panel.expr)]) await monitoring.query(expr)
  })

  it('tells management, administrators and operators when a rollback failed, and when somebody has taken it on', async () => {
    runRestore(state, 'stuck', { end: 'RollbackFailed', seconds: 30, level: 'L3' })
    await monitoring.told(RECEIVERS.L3, 'firing ModosuRollbackFailed')
    await eventually(async () =>
      (await monitoring.query('modosu:escalation_level == 3')).length === 1 ? true : undefined,
    )
    const escalation = { level: 'L3', acknowledged: true } as const
    state.store.commit('stuck', { from: 'RollbackFailed', reason: 'Acknowledged', message: '', status: { escalation } })
    await monitoring.told(RECEIVERS.L3, 'resolved ModosuRollbackFailed')
  })
})
