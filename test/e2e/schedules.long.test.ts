import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { openStateReader, stateStorePath } from '../../src/store/reader.ts'
import { makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { valueOf } from '../telemetry/exposition.ts'
import { freePort } from '../support/free-port.ts'
import { eventually } from '../telemetry/tools.ts'

const OLD = 'restore_safety_20260101000000.db'
const NEWEST = 'restore_safety_20260102000000.db'

describe('the daemon by the clock', () => {
  let installation: Installation
  let base: string

  before(async () => {
    const port = await freePort()
    base = `http://127.0.0.1:${port}`
    installation = new Installation({
      configuration: {
        metrics: { listen: `127.0.0.1:${port}` },
        // So rarely that none comes due while the test runs.
        schedules: { prune: '0 0 29 2 *', verifyBackups: '0 0 29 2 *', drill: '0 0 29 2 *' },
      },
    })
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 40 })
    for (const name of [OLD, NEWEST]) writeFileSync(join(installation.backups, name), 'x')
    await installation.start()
    await installation.stop()
  })
  after(() => installation.remove())

  const metric = async (name: string, labels: Readonly<Record<string, string>>): Promise<number | undefined> =>
    valueOf(await (await fetch(`${base}/metrics`)).text(), name, labels)

  function nextRuns(): string[] {
    const lines = installation.log().split('\n')
    return lines.filter((line) => line.includes('"msg":"next run scheduled"'))
  }

  it('says at its start when each job runs next (R140)', () => {
    const jobs = nextRuns().map((line) => (JSON.parse(line) as { job: string }).job)
    assert.deepEqual(jobs, ['prune', 'verifyBackups', 'drill'])
  })

  it('catches up after downtime: prunes, verifies every backup, and rehearses a restore', async () => {
    const store = new Database(stateStorePath(installation.state))
    store.exec('UPDATE jobs SET next_run_ms = 1')
    store.close()
    await installation.start()
    const drill = await eventually(() => {
      const reader = openStateReader(installation.state)
      try {
        return Promise.resolve(reader.requests().find(({ terminalAt }) => terminalAt !== null))
      } finally {
        reader.close()
      }
    })
    assert.match(drill.name, /^drill-app-\d{14}$/)
    assert.deepEqual([drill.spec.mode, drill.phase, drill.spec.requestedBy], ['Drill', 'Succeeded', 'schedule'])
    const done = async (job: string) => (await metric('modosu_cron_runs_total', { job, result: 'success' })) === 1
    await eventually(async () => ((await done('verifyBackups')) && (await done('prune')) ? true : undefined))
    assert.deepEqual(
      [OLD, NEWEST].map((name) => existsSync(join(installation.backups, name))),
      [false, true],
    )
    assert.equal(await metric('modosu_pruned_files_total', { target: 'app', kind: 'safety' }), 1)
    const { stdout } = installation.cli('get', 'backups', '-o', 'wide')
    assert.match(stdout, /^BKP-20260215-020015-daily .* passed \d+s ago /m)
    const audit = installation.cli('get', 'audit').stdout
    for (const operation of ['prune', 'verify', 'drill']) assert.match(audit, new RegExp(` ${operation} `))
  })

  it('says the next runs again after a restore', async () => {
    const before = nextRuns().length
    installation.drop('inc-1', { source: { latest: {} } })
    assert.equal((await installation.ended('inc-1')).phase, 'Succeeded')
    await eventually(() => Promise.resolve(nextRuns().length >= before + 3 ? true : undefined))
  })
})
