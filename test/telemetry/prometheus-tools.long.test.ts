import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { ROOT, rulesOf } from './repository.ts'
import { openTestStore, runRestore, telemetryOf } from './restores.ts'
import { missing, run } from './tools.ts'

const PROMETHEUS = join(ROOT, 'deploy', 'prometheus')
const alerts = rulesOf('modosu.alerts.yaml').filter(({ alert }) => alert !== undefined)

describe("Prometheus' own tools", () => {
  it('have nothing to say about a scrape', { skip: missing('promtool') }, async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    runRestore(state, 'ok', { end: 'Succeeded', seconds: 8, downtimeMs: 3 })
    telemetry.spoolScanned({ accepted: 1, rejected: 0, elsewhere: 0, ignored: 0 }, state.clock.timeMs)
    telemetry.cronScheduled('prune', state.clock.timeMs, state.clock.timeMs)
    telemetry.backupsListed('itsm-nexus', [])
    assert.deepEqual(await run('promtool', ['check', 'metrics'], ROOT, await telemetry.render()), {
      code: 0,
      output: '',
    })
  })

  it('accept the rules and the scrape configuration', { skip: missing('promtool') }, async () => {
    const { code, output } = await run('promtool', ['check', 'config', 'prometheus.yaml'], PROMETHEUS)
    assert.equal(code, 0, output)
    assert.match(output, new RegExp(`SUCCESS: ${alerts.length} rules found`))
  })

  it(
    'see every alert fire and resolve, and every recording as it should be',
    { skip: missing('promtool') },
    async () => {
      const files = ['modosu.alerts.test.yaml', 'modosu.rules.test.yaml']
      const { code, output } = await run('promtool', ['test', 'rules', ...files], PROMETHEUS)
      assert.equal(code, 0, output)
    },
  )

  it('route each level to its people', { skip: missing('amtool') }, async () => {
    const checked = await run('amtool', ['check-config', 'alertmanager.yaml'], PROMETHEUS)
    assert.equal(checked.code, 0, checked.output)
    const receivers = async (...labels: string[]): Promise<string | undefined> => {
      const args = ['config', 'routes', 'test', '--config.file=alertmanager.yaml', ...labels]
      const { output } = await run('amtool', args, PROMETHEUS)
      return output.split('\n').find((line) => line.includes('operators'))
    }
    assert.equal(await receivers('level=L1', 'severity=warning'), 'operators')
    assert.equal(await receivers('level=L2', 'severity=warning'), 'administrators,operators')
    assert.equal(await receivers('level=L2', 'severity=critical'), 'administrators,operators')
    assert.equal(await receivers('level=L3', 'severity=critical'), 'management-and-vendor,administrators,operators')
  })
})
