import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { directoryCheck, eventLoopCheck, type HealthCheck } from '../../src/telemetry/health.ts'
import { startTelemetryServer, type TelemetryServer } from '../../src/telemetry/server.ts'
import { valueOf } from './exposition.ts'
import { collectedLog, type CollectedLog } from './collected-log.ts'
import { openTestStore, runRestore, scratchDirectory, telemetryOf } from './restores.ts'

async function serve(
  changes: Partial<Parameters<typeof startTelemetryServer>[0]> = {},
): Promise<{ base: string; server: TelemetryServer; log: CollectedLog }> {
  const log = collectedLog()
  const server = await startTelemetryServer({
    host: '127.0.0.1',
    port: 0,
    metrics: { contentType: 'text/plain', render: () => Promise.resolve('up 1\n') },
    livez: [eventLoopCheck(1000)],
    readyz: [],
    log,
    ...changes,
  })
  after(() => server.close())
  return { base: `http://127.0.0.1:${server.address.port}`, server, log }
}

describe('GET /metrics', () => {
  it('answers a scrape with what the state store holds', async () => {
    const state = openTestStore()
    const { base } = await serve({ metrics: telemetryOf(state) })
    runRestore(state, 'ok', { end: 'Succeeded', seconds: 8 })
    const response = await fetch(`${base}/metrics`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    const labels = { target: 'itsm-nexus', source: 'backupId', result: 'Succeeded' }
    assert.equal(valueOf(await response.text(), 'modosu_restores_total', labels), 1)
  })

  it('fails a scrape, and says so, rather than show old figures when the state store cannot be read', async () => {
    const state = openTestStore()
    const { base, log } = await serve({ metrics: telemetryOf(state) })
    state.close()
    const response = await fetch(`${base}/metrics`)
    assert.equal(response.status, 500)
    assert.match(await response.text(), /not open/)
    assert.equal(log.lines[0]?.level, 'error')
  })
})

describe('GET /livez and /readyz', () => {
  it('say ok, and every check when asked for', async () => {
    const { base } = await serve({ readyz: [{ name: 'state-store', check: () => undefined }, eventLoopCheck(1000)] })
    const brief = await fetch(`${base}/readyz`)
    assert.deepEqual([brief.status, await brief.text()], [200, 'ok'])
    const verbose = await fetch(`${base}/readyz?verbose`)
    assert.equal(await verbose.text(), '[+]state-store ok\n[+]event-loop ok\nreadyz check passed\n')
    const livez = await fetch(`${base}/livez?verbose`)
    assert.equal(await livez.text(), '[+]event-loop ok\nlivez check passed\n')
  })

  it('name what failed and why, and are well again when it is', async () => {
    const spool = join(scratchDirectory(), 'spool')
    const { base } = await serve({ readyz: [directoryCheck('spool', spool, 'read')] })
    const failed = await fetch(`${base}/readyz`)
    assert.equal(failed.status, 503)
    assert.match(await failed.text(), /^\[-\]spool failed: ENOENT: .*spool'\nreadyz check failed\n$/)
    mkdirSync(spool)
    assert.equal((await fetch(`${base}/readyz`)).status, 200)
    rmSync(spool, { recursive: true })
  })

  it('fail a check that does not answer, without starting it again for each probe', async () => {
    let started = 0
    let release: () => void = () => undefined
    const hanging: HealthCheck = {
      name: 'targets',
      check: () => {
        started += 1
        return new Promise((resolve) => {
          release = resolve
        })
      },
    }
    const { base } = await serve({ readyz: [hanging] })
    const answers = await Promise.all([fetch(`${base}/readyz`), fetch(`${base}/readyz`)])
    for (const answer of answers) assert.match(await answer.text(), /^\[-\]targets failed: no answer within 2000 ms\n/)
    assert.equal(started, 1)
    release()
  })
})

describe('the listener for watchers', () => {
  it('offers nothing else, and nothing that changes anything', async () => {
    const { base } = await serve()
    const missing = await fetch(`${base}/api`)
    assert.equal(missing.status, 404)
    assert.match(await missing.text(), /\/metrics, \/livez, \/readyz/)
    const post = await fetch(`${base}/metrics`, { method: 'POST', body: 'x' })
    assert.deepEqual([post.status, post.headers.get('allow')], [405, 'GET, HEAD'])
    const head = await fetch(`${base}/metrics`, { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '5', ''])
  })

  it('says what to do when its address is taken', async () => {
    const { server } = await serve()
    await assert.rejects(serve({ port: server.address.port }), {
      name: 'RestoreError',
      reason: 'ListenFailed',
      hint: 'set another metrics.listen, or stop what listens there',
    })
  })

  it('closes although a client keeps its connection', async () => {
    const { server } = await serve()
    const idle = connect(server.address.port, '127.0.0.1')
    idle.on('error', () => undefined)
    await new Promise((resolve) => idle.once('connect', resolve))
    await server.close()
    await new Promise((resolve) => idle.once('close', resolve))
  })
})
