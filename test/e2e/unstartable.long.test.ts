import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import { Scratch } from '../service/scratch.ts'
import { beside, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

/** A systemd that has one unit: it stops whenever it is asked to, and does not start where it is masked. */
const SYSTEMCTL = `
echo "$1" >> "$DIR/verbs"
masked() { test -e "$DIR/masked"; }
case "$1" in
  show) echo TriggeredBy=; if masked; then echo LoadState=masked; else echo LoadState=loaded; fi;;
  is-active) if test -e "$DIR/up"; then echo active; else echo inactive; exit 3; fi;;
  stop) rm -f "$DIR/up"; if test -e "$DIR/masked-later"; then touch "$DIR/masked"; fi;;
  start) if masked; then echo "Failed to start app.service: Unit app.service is masked." >&2; exit 1; fi; touch "$DIR/up";;
esac`

describe('an application whose unit is masked', () => {
  const scratch = new Scratch()
  const installation = new Installation({
    live: { rows: 60, wal: false },
    target: { service: { unit: 'app.service' }, rateLimit: { restores: 1000, window: '1h' } },
    environment: { PATH: `${scratch.path}:${process.env['PATH'] ?? ''}` },
  })
  const { database, backups } = installation

  before(async () => {
    scratch.script('systemctl', SYSTEMCTL)
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40, wal: false })
    writeFileSync(scratch.at('up'), '')
    await installation.start()
  })
  after(() => installation.remove())

  it('is not stopped, for it could not be started again, and the hint says what to do', async () => {
    writeFileSync(scratch.at('masked'), '')
    installation.drop('masked', { source: { latest: {} } })
    const { phase, status } = await installation.ended('masked')
    assert.deepEqual([phase, status.reason], ['Failed', 'ServiceNotStartable'], JSON.stringify(status))
    assert.match(status.message ?? '', /unit app\.service is masked/)
    assert.match(status.hint ?? '', /systemctl unmask app\.service.*servicePolicy: None/)
    assert.doesNotMatch(scratch.read('verbs'), /^(stop|start)$/m)
    assert.equal(countRows(database), 60)
    assert.deepEqual([...beside(database), ...safetyBackups(backups)], [])
  })

  it('is restored beside where the request leaves it alone, and is said to be down where it is', async () => {
    rmSync(scratch.at('up'))
    installation.drop('alone', { source: { latest: {} }, servicePolicy: 'None' })
    const { phase, status } = await installation.ended('alone')
    assert.deepEqual([phase, status.application?.state], ['Succeeded', 'ApplicationDown'], JSON.stringify(status))
  })

  it('is said to be down, with the old database, where it is masked in the middle', async () => {
    rmSync(scratch.at('masked'))
    writeFileSync(scratch.at('up'), '')
    writeFileSync(scratch.at('masked-later'), '')
    installation.drop('later', { source: { latest: {} } })
    const { phase, status } = await installation.ended('later')
    assert.deepEqual([phase, status.reason], ['RolledBack', 'ServiceStartFailed'], JSON.stringify(status))
    assert.equal(status.application?.state, 'ApplicationDown')
    assert.match(status.application.message, /masked/)
    assert.equal(status.escalation?.level, 'L3')
  })
})
