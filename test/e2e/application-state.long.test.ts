import assert from 'node:assert/strict'
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { Application } from '../support/application.ts'
import { Installation } from '../support/installation.ts'

const LAST_RECORD = 'SELECT * FROM backup_audit_logs ORDER BY id DESC LIMIT 1'

describe('the application around a restore', { timeout: 300_000 }, () => {
  const BOOT_MS = 1500
  const installation = new Installation({ live: null })
  const refusing = join(installation.folder, 'refusing.json')
  const fails = join(installation.folder, 'fails')
  let application: Application

  before(async () => {
    application = await Application.around(installation, { bootMs: BOOT_MS }, 'UTC')
    application.backup()
    application.behave({ refusesToStart: true })
    copyFileSync(application.settingsFile, refusing)
    application.behave({ refusesToStart: false })
    const { service, healthCheck } = application.configuration()
    // What the hook says: fail, and from then on the application does not start any more.
    const hook = `[ ! -e '${fails}' ] || { cat '${fails}' | /bin/sh; exit 1; }`
    installation.configure({
      target: {
        backups: {
          path: installation.backups,
          stem: 'app',
          auditTable: 'backup_audit_logs',
          auditUser: 'backup-operator',
        },
        service: { ...service, startTimeout: '10s' },
        healthCheck,
        rateLimit: { restores: 100, window: '1h' },
        hooks: { postRestore: [{ name: 'last-word', command: ['/bin/sh', '-c', hook] }] },
      },
    })
    application.run('start')
    await application.ready()
    await installation.start()
  })
  after(async () => {
    application.remove()
    await installation.remove()
  })

  it('is told to run after a restore, and its downtime to last until it was healthy', async () => {
    installation.drop('good', { source: { latest: {} } })
    const { phase, status } = await installation.ended('good')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(status.application?.state, 'ApplicationRunning')
    const { downtimeMs = 0, applicationDowntimeMs = 0 } = status
    assert.ok(downtimeMs > 0 && applicationDowntimeMs >= downtimeMs, JSON.stringify(status))
    assert.ok(applicationDowntimeMs >= BOOT_MS, 'the boot is a part of it')
    installation.drop('plan', { source: { latest: {} }, mode: 'DryRun' })
    assert.match(
      (await installation.ended('plan')).status.plan?.at(-1) ?? '',
      /downtime of about .* s until the application is healthy/,
    )
    const [row = {}] = application.rows(LAST_RECORD)
    assert.deepEqual([row['operation'], row['status'], row['username']], ['restore', 'success', 'backup-operator'])
    assert.match(String(row['details']), /"actor":"uid \d+/)
  })

  it('is told to run after a rollback that brought it back, and the failure is in its audit table', async () => {
    writeFileSync(fails, 'exit 1')
    installation.drop('back', { source: { latest: {} }, requestedBy: 'admin' })
    const { phase, status } = await installation.ended('back')
    assert.deepEqual([phase, status.application?.state], ['RolledBack', 'ApplicationRunning'], JSON.stringify(status))
    assert.equal(status.escalation?.level, 'L2')
    const health = status.conditions.find(({ type }) => type === 'ServiceHealthy')
    assert.deepEqual([health?.status, health?.reason], ['True', 'ApplicationRunning'])
    const [row = {}] = application.rows(LAST_RECORD)
    assert.deepEqual([row['operation'], row['status'], row['username']], ['restore', 'failure', 'admin'])
    assert.match(String(row['error_message']), /rolled back: hook last-word failed/)
  })

  it('is told to be down after a rollback where it does not start any more: another level, text and hint', async () => {
    writeFileSync(fails, `cp '${refusing}' '${application.settingsFile}'`)
    installation.drop('down', { source: { latest: {} } })
    const { phase, status } = await installation.ended('down')
    assert.deepEqual([phase, status.application?.state], ['RolledBack', 'ApplicationDown'], JSON.stringify(status))
    assert.equal(status.escalation?.level, 'L3')
    assert.equal(status.conditions.find(({ type }) => type === 'ServiceHealthy')?.status, 'False')
    assert.match(status.hint ?? '', /^the application is down: .*service\.command\.start/)
    const { stderr } = installation.cli('wait', 'down', '--timeout', '5s')
    assert.match(stderr, /Application: DOWN|アプリケーション: 停止中/)
  })

  it('is left down after a restore that fails, where it was down before, and that is no higher level', async () => {
    installation.drop('was-down', { source: { latest: {} } })
    const { phase, status } = await installation.ended('was-down')
    assert.deepEqual([phase, status.application?.state], ['RolledBack', 'ApplicationDown'], JSON.stringify(status))
    assert.equal(status.application?.ranBefore, false)
    assert.match(status.application.message, /was down before the restore/)
    assert.equal(status.escalation?.level, 'L2')
    assert.equal(application.pid, null)
  })

  it('is not waited for where it does not run and the request leaves it so', async () => {
    rmSync(fails)
    installation.drop('as-it-is', { source: { latest: {} }, servicePolicy: 'None' })
    const { phase, status } = await installation.ended('as-it-is')
    assert.deepEqual([phase, status.application?.state], ['Succeeded', 'ApplicationDown'], JSON.stringify(status))
    assert.equal(status.checks.find(({ name }) => name === 'health')?.result, 'skip')
    assert.equal(status.applicationDowntimeMs, undefined)
    assert.equal(application.pid, null)
  })
})
