import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { contentHash } from '../support/beside.ts'
import { Application } from '../support/application.ts'
import { Installation } from '../support/installation.ts'

const shell = (script: string): string[] => ['/bin/sh', '-c', script]

const STOPS = [
  ['there is no such command', 'absent', ['/nonexistent/stop']],
  ['the command fails', 'exits', shell('echo "not permitted" >&2; exit 4')],
  ['the command does not end', 'hangs', shell('sleep 60')],
  ['the command signals nobody', 'pkill', shell('pkill -f no-such-application-anywhere-on-this-machine-$$-x')],
] as const

for (const [why, name, stop] of STOPS) {
  describe(`a stop that fails because ${why}`, { timeout: 300_000 }, () => {
    const installation = new Installation({ live: null })
    let application: Application
    before(async () => {
      application = await Application.around(installation, {}, 'UTC')
      application.backup()
      const { service, healthCheck } = application.configuration()
      const command = { stop, start: service.command.start }
      installation.configure({ target: { service: { command, stopTimeout: '2s' }, healthCheck } })
      await installation.start()
    })
    after(async () => {
      application.remove()
      await installation.remove()
    })

    it('is a warning where nothing runs', async () => {
      installation.drop(`${name}-down`, { source: { latest: {} } })
      const { phase, status } = await installation.ended(`${name}-down`)
      assert.equal(phase, 'Succeeded', JSON.stringify(status))
      assert.ok(await application.isHealthy())
    })

    it('ends the restore before the swap where the application runs on, which is named', async () => {
      const { pid } = application
      installation.drop(`${name}-in-use`, { source: { latest: {} } })
      const { phase, status } = await installation.ended(`${name}-in-use`)
      assert.deepEqual([phase, status.reason], ['Failed', 'DatabaseInUse'], JSON.stringify(status))
      assert.match(status.message ?? '', new RegExp(`pid ${pid ?? 0} `))
      assert.match(status.hint ?? '', /stop command failed/)
      assert.equal(application.pid, pid)
      await application.wrote(1)
    })
  })
}

describe('a stop that fails while the status command says that the application runs', { timeout: 300_000 }, () => {
  const installation = new Installation({ live: null })
  after(() => installation.remove())

  it('ends the restore before the swap, though nobody is seen to have the database open', async () => {
    const application = await Application.around(installation, {}, 'UTC')
    application.backup()
    const command = { stop: shell('exit 4'), start: shell('exit 0'), status: shell('exit 0') }
    installation.configure({ target: { service: { command, stopTimeout: '2s' } } })
    await installation.start()
    const before = contentHash(installation.database)
    installation.drop('says-running', { source: { latest: {} } })
    const { phase, status } = await installation.ended('says-running')
    assert.deepEqual([phase, status.reason], ['Failed', 'ServiceStopFailed'], JSON.stringify(status))
    assert.equal(contentHash(installation.database), before)
  })
})

describe('an application that takes its time to end after the signal', { timeout: 300_000 }, () => {
  const installation = new Installation({ live: null })
  after(() => installation.remove())

  it('is waited for as long as its stop may take, where no status command can be asked', async () => {
    const application = await Application.around(installation, {}, 'UTC')
    application.backup()
    const { service, healthCheck } = application.configuration()
    const stop = shell(`(sleep 8; kill $(cat '${application.pidFile}')) >/dev/null 2>&1 &`)
    const command = { stop, start: service.command.start }
    installation.configure({ target: { service: { command, stopTimeout: '120s' }, healthCheck } })
    application.run('start')
    await application.ready()
    await installation.start()
    installation.drop('slow', { source: { latest: {} } })
    const { phase, status } = await installation.ended('slow')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    application.remove()
  })
})
