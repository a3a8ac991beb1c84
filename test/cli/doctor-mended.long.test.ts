import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { makeBackup } from '../support/files.ts'
import type { Installation } from '../support/installation.ts'
import { BrokenInstallation, cause, NOBODY, ROOT } from './broken-installation.ts'

const FAKETIME = existsSync('/usr/bin/faketime') ? ROOT : 'faketime is not installed'

describe('modosu doctor', { timeout: 300_000, skip: ROOT }, () => {
  let broken: BrokenInstallation
  let place: Installation
  before(async () => {
    broken = new BrokenInstallation()
    place = broken.place
    makeBackup(place.backups, 'daily', '20260215_020015', { rows: 40 })
    await broken.start()
  })
  after(() => place.remove())

  it('finds nothing, and says what it looked at', async () => {
    const { status, stdout } = await broken.doctor()
    assert.match(stdout, /^all is well: \d+ checks found nothing wrong( \(1 could not see everything\))?\n/)
    assert.equal(status, 0)
    for (const check of ['state-store', 'spool', 'integrity', 'schema', 'configuration']) {
      assert.match(stdout, new RegExp(`${check} +ok `), stdout)
    }
  })

  it('puts a masked unit before what follows from it, in both languages', async () => {
    rmSync(join(broken.bin, 'app.service.active'))
    writeFileSync(join(broken.bin, 'app.service.masked'), '')
    const { stdout, status } = await broken.doctor(['--quick'])
    const command = 'systemctl unmask app.service && systemctl start app.service'
    const [first] = stdout.split('\n')
    assert.equal(first, `likely cause: app: the unit app.service is masked: nothing can start it → ${command}`)
    assert.equal(status, 7)
    const [inJapanese] = (await broken.doctor(['--quick'], 'ja')).stdout.split('\n')
    assert.equal(
      inJapanese,
      `考えられる原因: app: ユニット app.service はマスクされているため起動できません → ${command}`,
    )
    broken.mend(await broken.diagnose('--quick'))
    await broken.mustBeWell('--quick')
  })

  it('names a database that its application may not write to any more', async () => {
    writeFileSync(join(broken.bin, 'app.service.user'), 'nobody')
    chmodSync(place.folder, 0o755)
    chownSync(join(place.folder, 'app'), NOBODY, NOBODY)
    const diagnosis = await broken.diagnose('--quick')
    assert.match(cause(diagnosis), /^broken access: the application's user nobody may not write to .*app\.db$/)
    broken.mend(diagnosis)
    await broken.mustBeWell('--quick')
    rmSync(join(broken.bin, 'app.service.user'))
  })

  it('names the process that has the application’s port', async (test) => {
    const code =
      "const s = require('node:net').createServer(); s.listen(0, '127.0.0.1', () => console.log(s.address().port))"
    const other = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] })
    test.after(() => other.kill('SIGKILL'))
    const [answer] = (await once(other.stdout, 'data')) as [Buffer]
    const ended = once(other, 'exit')
    const port = answer.toString().trim()
    const service = { unit: 'app.service' }
    place.configure({ target: { service, healthCheck: { url: `http://127.0.0.1:${port}/` } } })
    const diagnosis = await broken.diagnose('--quick')
    assert.match(cause(diagnosis), new RegExp(`^broken port: port ${port} is taken by pid ${other.pid}, which is no`))
    broken.mend(diagnosis)
    await ended
    place.configure({ target: { service } })
    await broken.mustBeWell('--quick')
  })

  it('names who keeps the database locked', async (test) => {
    const code = `const D = require('better-sqlite3'); const d = new D(process.argv[1]); d.exec('BEGIN IMMEDIATE');
      console.log('locked'); setInterval(() => d.inTransaction, 1000)`
    const holder = spawn(process.execPath, ['-e', code, place.database], { stdio: ['ignore', 'pipe', 'inherit'] })
    test.after(() => holder.kill('SIGKILL'))
    await once(holder.stdout, 'data')
    const ended = once(holder, 'exit')
    const diagnosis = await broken.diagnose('--quick')
    assert.match(cause(diagnosis), new RegExp(`^broken holders: pid ${holder.pid} keeps .*app\\.db locked`))
    broken.mend(diagnosis)
    await ended
    await broken.mustBeWell('--quick')
  })

  it('does not believe a clock that is ahead', { skip: FAKETIME }, () => {
    const diagnosis = broken.diagnoseAs(['faketime', '-f', '+30d'])
    assert.match(
      cause(diagnosis),
      /^warning clock: the system clock is not believed, .* 30 days ahead of the time that has passed$/,
    )
    assert.equal(diagnosis.status, 6)
  })

  it('names the line of a mistake in the configuration, and says that the daemon goes on', async () => {
    const good = readFileSync(place.configFile, 'utf8')
    writeFileSync(place.configFile, good.replace('resync:', 'resyncc:'))
    const diagnosis = await broken.diagnose('--quick')
    writeFileSync(place.configFile, good)
    assert.match(
      cause(diagnosis),
      /^warning configuration: the daemon goes on with its last good configuration; .*modosu\.yaml:7:3: .*resyncc/,
    )
    assert.match(diagnosis.likelyCause?.command ?? '', /^vi \+7 \S+modosu\.yaml && modosu reload/)
  })

  it('without root says what it could not see, and passes nothing unseen as good', () => {
    const { status, findings, checks } = broken.diagnoseAs([], NOBODY)
    assert.equal(status, 4)
    const unseen = new Set(findings.filter(({ severity }) => severity === 'unseen').map((each) => each.cause))
    assert.ok(unseen.has('holders') && unseen.has('state-directory') && unseen.has('running'), [...unseen].join())
    assert.ok(!checks.some(({ check, result }) => check === 'holders' && result === 'ok'))
  })

  it('tells a daemon that is down, and a spool that is gone before it', async () => {
    await place.stop()
    assert.match(
      cause(await broken.diagnose('--quick')),
      /^broken running: the daemon does not run: nobody answers on /,
    )
    rmSync(place.spool, { recursive: true })
    const diagnosis = await broken.diagnose('--quick')
    assert.match(cause(diagnosis), /^broken spool: the spool directory .* is not there$/)
    broken.mend(diagnosis)
    await broken.start()
    await broken.mustBeWell('--quick')
  })
})
