import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { countRows, makeBackup, makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const PORT = 19_469 + (process.pid % 1000)

describe('a configuration that changes while the daemon runs', { timeout: 180_000 }, () => {
  const listen = { metrics: { listen: `127.0.0.1:${PORT}` } }
  const installation = new Installation({ configuration: listen })
  const other = join(installation.folder, 'other')
  const second = {
    name: 'other',
    database: join(other, 'other.db'),
    backups: { path: join(other, 'backups'), stem: 'app' },
  }
  let pid = 0

  before(async () => {
    mkdirSync(join(other, 'backups'), { recursive: true })
    makeDatabase(second.database, { rows: 10 })
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 40 })
    pid = (await installation.start()).pid ?? 0
  })
  after(() => installation.remove())

  async function metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${PORT}/metrics`)).text()
  }

  async function said(words: RegExp, from = 0): Promise<string> {
    const end = Date.now() + 60_000
    for (;;) {
      const line = installation
        .log()
        .slice(from)
        .split('\n')
        .find((each) => words.test(each))
      if (line !== undefined) return line
      if (Date.now() > end) throw new Error(`nobody said ${words.source}\n${installation.log().slice(from)}`)
      await delay(50)
    }
  }

  async function hangUp(outcome: RegExp): Promise<string> {
    const from = installation.log().length
    process.kill(pid, 'SIGHUP')
    return said(outcome, from)
  }

  it('is read anew on SIGHUP: a target comes, with its series, and a restore of it is possible', async () => {
    assert.match(await metrics(), /modosu_config_last_reload_successful 1/)
    assert.doesNotMatch(await metrics(), /target="other"/)
    installation.configure({ configuration: listen, targets: [second] })
    assert.match(await hangUp(/configuration reloaded/), /"targets":\["other"\]/)
    const text = await metrics()
    assert.match(text, /modosu_restore_in_progress\{target="other"\} 0/)
    makeBackup(join(other, 'backups'), 'daily', '20260215_020015', { rows: 4 })
    installation.drop('other-1', { target: 'other', source: { latest: {} } })
    assert.equal((await installation.ended('other-1')).phase, 'Succeeded')
    assert.equal(countRows(second.database), 4)
  })

  it('keeps the old settings when the file has a mistake, says where, and says so to Prometheus', async () => {
    const good = readFileSync(installation.configFile, 'utf8')
    appendFileSync(installation.configFile, 'conccurency: 3\n')
    const lines = good.split('\n').length
    const line = await hangUp(/configuration not reloaded/)
    assert.match(line, new RegExp(`modosu.yaml:${lines}:1: .*conccurency`))
    assert.match(line, /did you mean .*concurrency/)
    const text = await metrics()
    assert.match(text, /modosu_config_last_reload_successful 0/)
    assert.match(text, /modosu_config_last_reload_success_timestamp_seconds \d/)
    const refused = installation.cli('reload')
    assert.equal(refused.status, 2)
    assert.match(refused.stderr, /did you mean .*concurrency/)
    writeFileSync(installation.configFile, good)
    const reloaded = installation.cli('reload')
    assert.deepEqual([reloaded.status, reloaded.stdout], [0, 'reloaded\n'])
    assert.match(await metrics(), /modosu_config_last_reload_successful 1/)
  })

  it('says which keys take a restart, and keeps them', async () => {
    installation.configure({
      configuration: { ...listen, stateDir: join(installation.folder, 'elsewhere'), logging: { level: 'debug' } },
      targets: [second],
    })
    const reloaded = installation.cli('reload')
    assert.equal(reloaded.status, 1, 'the socket lies in the state directory, which the file now names otherwise')
    const line = await hangUp(/configuration reloaded/)
    assert.match(line, /"kept":\["stateDir","api.socket"\]/)
    assert.match(await metrics(), /modosu_config_restart_required 1/)
    installation.configure({ configuration: listen, targets: [second] })
    await hangUp(/configuration reloaded/)
    assert.match(await metrics(), /modosu_config_restart_required 0/)
  })

  it('changes what the spool is read by, without a request running twice', async () => {
    const uid = installation.request('other-1')?.uid
    installation.configure({ configuration: { ...listen, node: { name: 'web-9' } }, targets: [second] })
    await hangUp(/configuration reloaded/)
    installation.drop('placed', { nodeName: 'web-9', mode: 'DryRun', source: { latest: {} } })
    assert.equal((await installation.ended('placed')).phase, 'Succeeded')
    assert.equal(installation.request('other-1')?.uid, uid)
    assert.equal(installation.cli('get', 'requests', '-o', 'name').stdout.trim().split('\n').length, 2)
  })

  it('leaves a target with a running restore its old settings until that has ended', async () => {
    const gate = join(installation.folder, 'go-on')
    const waits = ['/bin/sh', '-c', `until test -e ${gate}; do sleep 0.05; done`]
    const old = { hooks: { preRestore: [{ command: waits }] } }
    const impossible = { smokeQueries: [{ name: 'many', sql: 'SELECT COUNT(*) FROM incidents', min: 1_000_000 }] }
    installation.configure({ configuration: listen, targets: [second], target: old })
    await hangUp(/configuration reloaded/)
    installation.drop('slow', { source: { latest: {} } })
    await installation.when('slow', ({ phase }) => phase === 'Quiescing')
    installation.configure({ configuration: listen, target: impossible })
    assert.match(await hangUp(/configuration reloaded/), /"targets":\["other"\],"waiting":\["app"\]/)
    writeFileSync(gate, '')
    // By the old settings, which ask for nothing.
    assert.equal((await installation.ended('slow')).phase, 'Succeeded')
    installation.drop('next', { source: { latest: {} } })
    const next = await installation.ended('next')
    assert.deepEqual([next.phase, next.status.reason], ['RolledBack', 'SmokeQueryFailed'])
    installation.drop('gone', { target: 'other', source: { latest: {} } })
    assert.equal((await installation.ended('gone')).status.reason, 'UnknownTarget')
    assert.doesNotMatch(await metrics(), /target="other"/)
  })
})
