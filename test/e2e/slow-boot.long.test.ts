import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { Application } from '../support/application.ts'
import { Installation } from '../support/installation.ts'

describe('an application that boots for 15 s', { timeout: 600_000 }, () => {
  const installation = new Installation({ live: null })
  let application: Application
  before(async () => {
    application = await Application.around(installation, { bootMs: 15_000, writers: 3 }, 'UTC')
    application.backup()
    installation.configure({ target: application.configuration('300s') })
    application.run('start')
    await application.ready()
    await installation.start()
  })
  after(async () => {
    application.remove()
    await installation.remove()
  })

  it('is told to be away for as long as it was', async () => {
    const last = application.acknowledged().length
    installation.drop('slow', { source: { latest: {} } })
    const { phase, status } = await installation.ended('slow')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.ok((status.applicationDowntimeMs ?? 0) >= 15_000, JSON.stringify(status))
    assert.ok((status.downtimeMs ?? Infinity) <= (status.applicationDowntimeMs ?? 0) - 10_000, JSON.stringify(status))
    assert.ok(application.acknowledged().length >= last)
  })

  it('is not waited for to the end where it has given up, and the reason is told', async () => {
    await application.wrote(1)
    application.behave({ bootMs: 4_000_000 })
    installation.drop('gone', { source: { latest: {} } })
    // Its start has been seen: before that, one that is not there yet and one that is gone already look the same.
    await installation.when('gone', ({ phase, status }) => phase === 'Resuming' && status.downtimeMs !== undefined)
    application.behave({ bootMs: 500 })
    application.run('crash')
    const { phase, status } = await installation.ended('gone')
    assert.deepEqual([phase, status.reason], ['RolledBack', 'HealthCheckFailed'], JSON.stringify(status))
    assert.match(status.message ?? '', /does not run any more: its status command says that it has stopped/)
    assert.ok((status.durationSeconds ?? Infinity) < 300)
    assert.equal(status.application?.state, 'ApplicationRunning')
  })
})
