import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { after, describe, it } from 'node:test'

import { beside, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { freePort } from '../support/free-port.ts'

describe('a daemon whose state store was lost right after the swap of a restore', () => {
  const installation = new Installation({ live: { rows: 90 } })
  const { database, backups, state } = installation
  after(() => installation.remove())

  it('says which file is which, does not run the request again over it, and knows the way back', async () => {
    const port = await freePort()
    installation.configure({ configuration: { metrics: { listen: `127.0.0.1:${port}` } } })
    const url = `http://127.0.0.1:${port}/readyz?verbose`
    // Once more where the kept connection was closed by the other side at that moment.
    const readyz = async () => (await fetch(url).catch(() => fetch(url))).text()
    const described = () => installation.cli('describe', 'target', 'app').stdout
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
    process.env['MODOSU_FAILPOINT'] = 'Swapping.renamed=SIGKILL'
    const daemon = await installation.start()
    delete process.env['MODOSU_FAILPOINT']
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    installation.drop('inc-1', { source: { latest: {} } })
    await ended
    rmSync(state, { recursive: true })
    await installation.start()

    assert.equal(countRows(database), 40)
    const left = /restore inc-1 left files beside .*the database is the restored one.*is the whole one from before/
    assert.match(described(), left)
    assert.match(installation.log(), new RegExp(`"level":"error".*"hint":"mv -n .*${left.source}`))
    assert.match(await readyz(), /\[-\]leftovers-app failed: restore inc-1 left files.*; modosu describe target app/)

    await installation.when('inc-1', ({ status }) => status.reason === 'NoHistory')
    assert.equal(installation.cli('approve', 'inc-1').status, 0)
    const refused = await installation.ended('inc-1')
    assert.deepEqual(
      [refused.phase, refused.status.reason],
      ['Failed', 'LeftoversFound'],
      JSON.stringify(refused.status),
    )
    assert.match(refused.status.hint ?? '', /mv -n .*restore_safety_\d{14}(_\d+)?\.db/)
    assert.equal(countRows(database), 40)

    const commands = Array.from(described().matchAll(/^ +\$ (.*)$/gm), ([, command]) => command ?? '')
    const back = /^modosu (rollback .*?) +#/.exec(commands.at(-1) ?? '')?.[1] ?? ''
    for (const command of commands.slice(0, -1)) execFileSync('sh', ['-c', command])
    assert.deepEqual(beside(database), ['app.db.modosu-lock'])
    assert.match(await readyz(), /\[\+\]leftovers-app ok/)
    const { status, stderr } = installation.cli(...back.split(' '), '--yes')
    assert.equal(status, 0, stderr)
    assert.equal(countRows(database), 90)
    assert.deepEqual(beside(database), [])
    const kept = safetyBackups(backups).map((path) => countRows(path))
    assert.ok(kept.includes(40), `what a rollback replaces is kept: ${kept.join()}`)
  })
})
