import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import type { NotificationBody } from '../../src/telemetry/notification.ts'
import { makeBackup, makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { NO_MONITORING, RECEIVERS, startMonitoring, type Monitoring } from './monitoring.ts'
import { startReceiver, type Receiver } from './receiver.ts'
import { freePort } from '../support/free-port.ts'
import { eventually } from './tools.ts'

const GOOD = 'BKP-20260215-020015-daily'
const TOO_SMALL = 'BKP-20260214-020014-daily'

interface World {
  readonly installation: Installation
  readonly webhook: Receiver
  readonly monitoring: Monitoring
}

/** A daemon whose target has a smoke query that one backup fails, and a hook that can replace the restored database. */
async function startWorld(): Promise<World> {
  const webhook = await startReceiver()
  const port = await freePort()
  const installation = new Installation({ live: { rows: 100, uncheckpointed: true } })
  after(() => installation.remove())
  const other = join(installation.folder, 'other.db')
  makeDatabase(other, { rows: 70 })
  const script = join(installation.folder, 'after-restore.sh')
  const replace = `mv '${other}' "$MODOSU_DATABASE"; echo 'replaced it' >&2; exit 1`
  writeFileSync(script, `case "$MODOSU_REQUEST" in replaced) ${replace};; esac\n`)
  installation.configure({
    target: {
      rateLimit: { restores: 100, window: '1h' },
      smokeQueries: [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 10 }],
      hooks: { postRestore: [{ name: 'after-restore', command: ['/bin/sh', script] }] },
      notifications: [{ url: webhook.url }],
    },
    configuration: { metrics: { listen: `127.0.0.1:${port}` } },
  })
  makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 50 })
  makeBackup(installation.backups, 'daily', '20260214_020014', { rows: 5 })
  await installation.start()
  return { installation, webhook, monitoring: await startMonitoring(port) }
}

function bodyOf({ deliveries }: Receiver, index: number): NotificationBody {
  return JSON.parse(deliveries[index]?.body ?? '') as NotificationBody
}

// Here and not in a hook: what is opened stays open until all tests have ended.
const world = NO_MONITORING === false ? await startWorld() : undefined

describe('a restore that ends, as its alerts tell it', { skip: NO_MONITORING }, () => {
  const { installation, webhook, monitoring } = world!

  const fires = (alert: string) => async (): Promise<true | undefined> =>
    (await monitoring.firing('app')).has(alert) ? true : undefined
  const isSilent = (alert: string) => async (): Promise<true | undefined> =>
    (await monitoring.firing('app')).has(alert) ? undefined : true

  /** Runs a restore to its end, of which the webhook is told. */
  async function restore(name: string, backupId: string, expected: { phase: string; level: 'L1' | 'L2' | 'L3' }) {
    const told = webhook.deliveries.length
    installation.drop(name, { source: { backupId } })
    const { phase, status } = await installation.ended(name)
    assert.deepEqual([phase, status.escalation?.level], [expected.phase, expected.level], JSON.stringify(status))
    await webhook.received(told + 1)
    const { request, result, level } = bodyOf(webhook, told)
    assert.deepEqual([request, result, level], [name, expected.phase, expected.level])
    return status
  }

  /** The alert fires and reaches the receivers, and resolves when somebody has taken the result on. */
  async function tellAndResolve(name: string, alert: string, receivers: readonly string[]): Promise<void> {
    await eventually(fires(alert))
    await monitoring.told(receivers, `firing ${alert}`)
    const acknowledged = installation.cli('ack', name)
    assert.equal(acknowledged.status, 0, acknowledged.stderr)
    await eventually(isSilent(alert))
    await monitoring.told(receivers, `resolved ${alert}`)
  }

  it('knows the backups before the first restore: they are old, and they are there', async () => {
    await eventually(fires('ModosuRPOExceeded'))
    const [restorable] = await monitoring.query('modosu_backups_restorable{target="app"}')
    assert.equal(restorable?.value[1], '2')
    const silent = ['ModosuNoRestorableBackup', 'ModosuBackupsUnknown', 'ModosuRestoreNeedsReview']
    const firing = await monitoring.firing('app')
    assert.deepEqual(
      silent.filter((alert) => firing.has(alert)),
      [],
    )
  })

  it('asks operators to look at a restore that succeeded', async () => {
    await restore('good', GOOD, { phase: 'Succeeded', level: 'L1' })
    await tellAndResolve('good', 'ModosuRestoreNeedsReview', RECEIVERS.L1)
  })

  it('asks nobody to look at a dry run', async () => {
    installation.drop('rehearsed', { source: { backupId: GOOD }, mode: 'DryRun' })
    const { phase, status } = await installation.ended('rehearsed')
    assert.deepEqual([phase, status.escalation], ['Succeeded', undefined])
    await webhook.received(2)
    assert.equal(bodyOf(webhook, 1).level, null)
    assert.equal((await monitoring.query('sum(modosu_unacknowledged_results) > 0')).length, 0)
  })

  it('tells administrators of a restore that was rolled back', async () => {
    const { reason } = await restore('rolled-back', TOO_SMALL, { phase: 'RolledBack', level: 'L2' })
    assert.equal(reason, 'SmokeQueryFailed')
    await tellAndResolve('rolled-back', 'ModosuRestoreRolledBack', RECEIVERS.L2)
  })

  it('tells management of a restore that could not be rolled back, because somebody had replaced the database', async () => {
    const { reason } = await restore('replaced', GOOD, { phase: 'RollbackFailed', level: 'L3' })
    assert.equal(reason, 'TargetReplaced')
    await tellAndResolve('replaced', 'ModosuRollbackFailed', RECEIVERS.L3)
  })
})
