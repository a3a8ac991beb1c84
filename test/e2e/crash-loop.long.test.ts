import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'

import { beside } from '../support/beside.ts'
import { countRows, makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

describe('a restore that takes the daemon down with it each time', { timeout: 300_000 }, () => {
  const installation = new Installation({ live: { rows: 90, uncheckpointed: true } })
  const { database, backups, folder } = installation
  const running = join(folder, 'running')
  const shell = (script: string) => ['/bin/sh', '-c', script]
  after(() => installation.remove())

  async function diesAt(point: string) {
    // It may be gone before it was ready.
    const daemon = await installation.start([], { MODOSU_FAILPOINT: `${point}=SIGKILL` }).catch(() => undefined)
    if (daemon !== undefined && daemon.signalCode === null) await once(daemon, 'exit')
  }

  it('is given up before the swap, with the application running as before', async () => {
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
    writeFileSync(running, '')
    const command = {
      stop: shell(`rm -f '${running}'`),
      start: shell(`: > '${running}'`),
      status: shell(`[ -e '${running}' ] || exit 3`),
    }
    installation.configure({ target: { service: { command } } })
    await installation.start()
    await installation.stop()
    installation.drop('loop', { source: { latest: {} } })
    await diesAt('Quiescing.stopped')
    assert.ok(!existsSync(running), 'the restore had stopped the application')
    // What was staged is not believed any more: the restore begins again, with the application stopped.
    const staged = readdirSync(dirname(database)).find((name) => name.endsWith('.new')) ?? ''
    utimesSync(join(dirname(database), staged), new Date(), new Date())
    for (let death = 0; death < 5; death += 1) await diesAt('SafetyBackup.begin')
    assert.ok(!existsSync(running))
    await installation.start()
    const { phase, status } = await installation.ended('loop')
    assert.deepEqual([phase, status.reason], ['Failed', 'CrashLoop'], JSON.stringify(status))
    assert.match(status.message ?? '', /started 6 times/)
    assert.ok(existsSync(running), 'the application runs again')
    assert.equal(countRows(database), 90)
    rmSync(`${database}-shm`, { force: true })
    assert.deepEqual(
      beside(database).filter((name) => name !== 'app.db-wal'),
      [],
    )
    assert.equal(installation.cli('retry', 'loop').status, 0)
    assert.equal((await installation.ended('loop-retry-1')).phase, 'Succeeded')
    assert.equal(countRows(database), 40)
  })
})
