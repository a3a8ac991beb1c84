import assert from 'node:assert/strict'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import { makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { parseExposition, valueOf } from './exposition.ts'
import { ROOT } from './repository.ts'
import { freePort } from '../support/free-port.ts'
import { eventually, missing, run } from './tools.ts'

const SUCCEEDED = { target: 'app', source: 'backupId', result: 'Succeeded' }

describe('the daemon, watched from outside', () => {
  const port = freePort()
  let installation: Installation
  let base: string

  const scrape = async (): Promise<string> => (await fetch(`${base}/metrics`)).text()

  before(async () => {
    base = `http://127.0.0.1:${await port}`
    installation = new Installation({
      live: { rows: 100, uncheckpointed: true },
      configuration: { metrics: { listen: `127.0.0.1:${await port}` } },
    })
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 50 })
    await installation.start()
  })
  after(() => installation.remove())

  it('is ready, and its metrics are there before anything happens', async () => {
    const ready = await fetch(`${base}/readyz?verbose`)
    const verdicts = await ready.text()
    assert.equal(ready.status, 200, verdicts)
    assert.ok(verdicts.includes('[+]state-store ok'), verdicts)
    assert.equal(valueOf(await scrape(), 'modosu_restores_total', SUCCEEDED), 0)
  })

  it('knows the backups, and those that came since when a restore has ended', async () => {
    const restorable = async () => valueOf(await scrape(), 'modosu_backups_restorable', { target: 'app' })
    await eventually(async () => ((await restorable()) === 1 ? true : undefined))
    makeBackup(installation.backups, 'daily', '20260216_020015', { rows: 60 })
    installation.drop('look', { source: { latest: {} }, mode: 'DryRun' })
    assert.equal((await installation.ended('look')).phase, 'Succeeded')
    await eventually(async () => ((await restorable()) === 2 ? true : undefined))
    assert.equal(valueOf(await scrape(), 'modosu_unacknowledged_results', { target: 'app', level: 'L1' }), 0)
  })

  it('shows a restore from its start to its end', async () => {
    installation.drop('first', { source: { backupId: 'BKP-20260215-020015-daily' } })
    const request = await installation.ended('first')
    const text = await scrape()
    assert.equal(valueOf(text, 'modosu_restores_total', SUCCEEDED), 1)
    assert.equal(valueOf(text, 'modosu_last_restore_success', { target: 'app' }), 1)
    assert.equal(valueOf(text, 'modosu_unacknowledged_results', { target: 'app', level: 'L1' }), 1)
    const seconds = valueOf(text, 'modosu_restore_duration_seconds_sum', { target: 'app', result: 'Succeeded' })
    assert.equal(seconds, request.status.durationSeconds)
    const phases = parseExposition(text).filter(
      ({ name, labels, value }) =>
        name === 'modosu_phase_duration_seconds_count' && labels['target'] === 'app' && value > 0,
    )
    assert.ok(phases.some(({ labels }) => labels['phase'] === 'Swapping'))
    const adds = valueOf(text, 'workqueue_adds_total', { name: 'restorerequest' })!
    assert.ok(adds > 0)
  })

  it('counts a restore once that a SIGKILL interrupted and recovery ended', async () => {
    await installation.stop()
    const daemon = await installation.start(['env', 'MODOSU_FAILPOINT=Swapping.renamed=SIGKILL'])
    const died = once(daemon, 'exit')
    installation.drop('second', { source: { backupId: 'BKP-20260215-020015-daily' } })
    assert.equal((await died)[1], 'SIGKILL')
    await installation.start()
    assert.equal((await installation.ended('second')).phase, 'Succeeded')
    assert.equal(valueOf(await scrape(), 'modosu_restores_total', SUCCEEDED), 2)
    await installation.stop()
    await installation.start()
    assert.equal(valueOf(await scrape(), 'modosu_restores_total', SUCCEEDED), 2)
  })

  it('offers figures with which promtool is content', { skip: missing('promtool') }, async () => {
    assert.deepEqual(await run('promtool', ['check', 'metrics'], ROOT, await scrape()), { code: 0, output: '' })
  })

  it('is alive and not ready while its spool is away', async () => {
    renameSync(installation.spool, `${installation.spool}-away`)
    const ready = await fetch(`${base}/readyz`)
    assert.deepEqual([ready.status, (await ready.text()).includes('[-]spool failed: ENOENT')], [503, true])
    assert.equal((await fetch(`${base}/livez`)).status, 200)
    renameSync(`${installation.spool}-away`, installation.spool)
    await eventually(async () => ((await fetch(`${base}/readyz`)).status === 200 ? true : undefined))
  })

  it('logs one JSON object per line, with the uid of the restore it is about', () => {
    const lines = installation
      .log()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    for (const line of lines) for (const key of ['time', 'level', 'msg']) assert.equal(typeof line[key], 'string', key)
    const uid = installation.request('second')?.uid
    const about = lines.filter(({ request, level }) => request === 'second' && level === 'info')
    assert.ok(about.length > 5)
    assert.deepEqual(new Set(about.map((line) => line['uid'])), new Set([uid]))
  })
})
