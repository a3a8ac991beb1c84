import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { DiskSampler } from '../../src/telemetry/disk-sampler.ts'
import { WAIT_REASONS } from '../../src/telemetry/request-metrics.ts'
import type { BackupObservation } from '../../src/telemetry/telemetry.ts'
import { parseExposition, valueOf } from './exposition.ts'
import { readText, ROOT } from './repository.ts'
import { createRequest, openTestStore, runRestore, targetOnDisk, telemetryOf } from './restores.ts'

const TARGET = { target: 'itsm-nexus' }

function backup(changes: Partial<BackupObservation>): BackupObservation {
  const createdAtMs = Date.parse('2026-02-15T02:00:15Z')
  return {
    type: 'daily',
    status: 'success',
    createdAtMs,
    restorable: true,
    verifyFailed: false,
    future: false,
    ...changes,
  }
}

describe('the requests as they stand', () => {
  it('show the restore that runs, since when, and how far its step is', async () => {
    const { store, ...state } = openTestStore()
    const telemetry = telemetryOf({ store, ...state })
    createRequest(store, 'now')
    const startTime = '2026-02-15T02:00:01.000Z'
    store.commit('now', { from: 'Pending', to: 'Preflight', reason: 'Started', message: '', status: { startTime } })
    store.commit('now', { from: 'Preflight', to: 'SafetyBackup', reason: 'Passed', message: '' })
    const progress = { step: 1, bytesDone: 25, bytesTotal: 100 } as const
    store.commit('now', { from: 'SafetyBackup', reason: 'Copying', message: '', status: { progress } })
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_restore_in_progress', TARGET), 1)
    assert.equal(valueOf(text, 'modosu_restore_start_timestamp_seconds', TARGET), Date.parse(startTime) / 1000)
    assert.equal(valueOf(text, 'modosu_restore_progress_ratio', TARGET), 0.25)
    assert.equal(valueOf(text, 'modosu_requests', { ...TARGET, phase: 'SafetyBackup' }), 1)
    store.commit('now', { from: 'SafetyBackup', to: 'Failed', reason: 'DiskFull', message: '' })
    const after = await telemetry.render()
    assert.equal(valueOf(after, 'modosu_restore_in_progress', TARGET), 0)
    assert.equal(valueOf(after, 'modosu_restore_start_timestamp_seconds', TARGET), undefined)
    assert.equal(valueOf(after, 'modosu_restore_progress_ratio', TARGET), undefined)
  })

  it('show what a request waits for, and no longer once it has gone on', async () => {
    const { store, ...state } = openTestStore()
    const telemetry = telemetryOf({ store, ...state })
    createRequest(store, 'held-up')
    createRequest(store, 'stray', { target: 'nowhere' })
    const waiting = { reason: 'TargetLocked', message: 'another process is restoring it' }
    store.commit('held-up', { from: 'Pending', ...waiting, status: waiting })
    store.commit('stray', {
      from: 'Pending',
      reason: 'UnknownTarget',
      message: '',
      status: { reason: 'UnknownTarget' },
    })
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_requests_waiting', { ...TARGET, reason: 'TargetLocked' }), 1)
    assert.equal(valueOf(text, 'modosu_requests_waiting', { ...TARGET, reason: 'Queued' }), 0)
    assert.equal(valueOf(text, 'modosu_requests_waiting', { target: '_unknown', reason: 'UnknownTarget' }), 1)
    store.commit('held-up', { from: 'Pending', to: 'Preflight', reason: 'Started', message: '', clear: ['reason'] })
    store.commit('stray', { from: 'Pending', to: 'Rejected', reason: 'UnknownTarget', message: '' })
    const after = await telemetry.render()
    assert.equal(valueOf(after, 'modosu_requests_waiting', { ...TARGET, reason: 'TargetLocked' }), 0)
    assert.equal(valueOf(after, 'modosu_requests_waiting', { target: '_unknown', reason: 'UnknownTarget' }), 0)
  })

  it('know everything that the controller has a request wait for', () => {
    const folder = join(ROOT, 'src', 'controller')
    const text = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readText('src', 'controller', name))
      .join('\n')
    const waits = [...text.matchAll(/waitFor\(\s*'(\w+)'|kind: 'wait',\s*reason: '(\w+)'/g)].map(([, a, b]) => a ?? b)
    assert.ok(waits.length > 8, 'the pattern finds them')
    const known: readonly (string | undefined)[] = WAIT_REASONS
    assert.deepEqual(
      waits.filter((reason) => !known.includes(reason)),
      [],
    )
  })

  it('do not take a drill for a restore', async () => {
    const { store, ...state } = openTestStore()
    const telemetry = telemetryOf({ store, ...state })
    createRequest(store, 'drill', { mode: 'Drill' })
    store.commit('drill', { from: 'Pending', to: 'Preflight', reason: 'Started', message: '' })
    assert.equal(valueOf(await telemetry.render(), 'modosu_restore_in_progress', TARGET), 0)
  })

  it('keep a result until somebody acknowledges it', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    runRestore(state, 'undone', { end: 'RolledBack', level: 'L2' })
    const labels = { ...TARGET, level: 'L2' }
    assert.equal(valueOf(await telemetry.render(), 'modosu_unacknowledged_results', labels), 1)
    assert.equal(valueOf(await telemetryOf(state).render(), 'modosu_unacknowledged_results', labels), 1)
    state.store.commit('undone', {
      from: 'RolledBack',
      reason: 'Acknowledged',
      message: '',
      status: { escalation: { level: 'L2', acknowledged: true } },
    })
    assert.equal(valueOf(await telemetry.render(), 'modosu_unacknowledged_results', labels), 0)
  })

  it('forget a request that the state store has forgotten, not its outcome', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    runRestore(state, 'old', { end: 'Succeeded' })
    state.store.commit('old', { from: 'Succeeded', reason: 'forget', message: '', forgotten: true })
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_requests', { ...TARGET, phase: 'Succeeded' }), 0)
    assert.equal(valueOf(text, 'modosu_restores_total', { ...TARGET, source: 'backupId', result: 'Succeeded' }), 1)
    const afterRestart = await telemetryOf(state).render()
    assert.equal(valueOf(afterRestart, 'modosu_requests', { ...TARGET, phase: 'Succeeded' }), 0)
  })

  it('count the rate limit down and up again as the window slides', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    runRestore(state, 'one', { end: 'Succeeded' })
    const remaining = async (): Promise<number | undefined> =>
      valueOf(await telemetry.render(), 'modosu_rate_limit_remaining', TARGET)
    assert.equal(await remaining(), 2)
    const [interruptedAtMs = 0] = state.store.interruptions('itsm-nexus', 0, Infinity)
    state.clock.timeMs = interruptedAtMs + 3_600_000 - 1
    assert.equal(await remaining(), 2)
    state.clock.timeMs += 1
    assert.equal(await remaining(), 3)
  })

  it('count the checks of a step when the step is committed', async () => {
    const { store, ...state } = openTestStore()
    const telemetry = telemetryOf({ store, ...state })
    createRequest(store, 'now')
    const checks = [{ name: 'checksum', result: 'fail', message: '', at: '2026-02-15T02:00:01Z' }] as const
    store.commit('now', { from: 'Pending', reason: 'Checked', message: '', checks })
    telemetry.checkFinished('itsm-nexus', 'integrity', 'pass')
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_checks_total', { ...TARGET, check: 'checksum', result: 'fail' }), 1)
    assert.equal(valueOf(text, 'modosu_checks_total', { ...TARGET, check: 'integrity', result: 'pass' }), 1)
  })
})

describe('the backups', () => {
  it('are what the last listing found', async () => {
    const telemetry = telemetryOf(openTestStore())
    telemetry.backupsListed('itsm-nexus', [
      backup({}),
      backup({ createdAtMs: 5_000_000, restorable: false, verifyFailed: true }),
      backup({ type: 'weekly', createdAtMs: 7_000_000 }),
      backup({ type: 'monthly', status: 'failure', createdAtMs: Date.now(), restorable: false }),
    ])
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_backups', { ...TARGET, type: 'daily', status: 'success' }), 2)
    assert.equal(valueOf(text, 'modosu_backups', { ...TARGET, type: 'manual', status: 'deleted' }), 0)
    assert.equal(valueOf(text, 'modosu_backups_restorable', TARGET), 2)
    assert.equal(valueOf(text, 'modosu_backups_verify_failed', TARGET), 1)
    const newest = Date.parse('2026-02-15T02:00:15Z') / 1000
    assert.equal(valueOf(text, 'modosu_backup_newest_restorable_timestamp_seconds', TARGET), newest)
    const lastSuccess = 'modosu_backup_last_success_timestamp_seconds'
    assert.equal(valueOf(text, lastSuccess, { ...TARGET, type: 'weekly' }), 7000)
    assert.equal(valueOf(text, lastSuccess, { ...TARGET, type: 'monthly' }), undefined)
  })

  it('are 0 when the last one is gone, and say no time any more', async () => {
    const telemetry = telemetryOf(openTestStore())
    telemetry.backupsListed('itsm-nexus', [backup({})])
    telemetry.backupsListed('itsm-nexus', [])
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_backups_restorable', TARGET), 0)
    assert.equal(valueOf(text, 'modosu_backup_newest_restorable_timestamp_seconds', TARGET), undefined)
  })
})

describe('the disk', () => {
  it('shows the database with its -wal, twice that as the space needed, and what is free', async () => {
    const state = openTestStore()
    const target = targetOnDisk(state.directory, 'itsm-nexus')
    writeFileSync(target.database, Buffer.alloc(4096))
    writeFileSync(`${target.database}-wal`, Buffer.alloc(100_000))
    const disk = new DiskSampler([target], state.directory, state.source, state.clock)
    const telemetry = telemetryOf(state, [target], disk)
    await disk.look()
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_database_size_bytes', TARGET), 104_096)
    assert.equal(valueOf(text, 'modosu_required_free_bytes', TARGET), 208_192)
    const { blocks, bsize } = await statfs(state.directory)
    for (const role of ['database', 'backups', 'state']) {
      const available = valueOf(text, 'modosu_filesystem_avail_bytes', { ...TARGET, role })!
      assert.ok(available > 0 && available <= blocks * bsize, role)
    }
  })

  it('shows the safety backups that are still there', async () => {
    const state = openTestStore()
    const target = targetOnDisk(state.directory, 'itsm-nexus')
    createRequest(state.store, 'now')
    for (const [name, size] of [
      ['restore_safety_20260215150530.db', 300],
      ['restore_safety_20260215150531.db', 200],
    ] as const) {
      const path = join(target.backups.path, name)
      writeFileSync(path, Buffer.alloc(size))
      const safetyBackup = { path, name, sha256: 'ab', raw: false }
      state.store.commit('now', { from: 'Pending', reason: 'Noted', message: '', safetyBackup })
      state.clock.timeMs += 60_000
    }
    const disk = new DiskSampler([target], state.directory, state.source, state.clock)
    const telemetry = telemetryOf(state, [target], disk)
    await disk.look()
    let text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_safety_backups', TARGET), 2)
    assert.equal(valueOf(text, 'modosu_safety_backup_bytes', TARGET), 500)
    const oldest = valueOf(text, 'modosu_safety_backup_oldest_timestamp_seconds', TARGET)
    assert.equal(oldest, (state.clock.timeMs - 120_000) / 1000)
    rmSync(join(target.backups.path, 'restore_safety_20260215150530.db'))
    await disk.look()
    text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_safety_backups', TARGET), 1)
    assert.equal(valueOf(text, 'modosu_safety_backup_oldest_timestamp_seconds', TARGET), oldest + 60)
  })

  it('says nothing rather than something old', async () => {
    const state = openTestStore()
    const target = targetOnDisk(state.directory, 'itsm-nexus')
    writeFileSync(target.database, 'x')
    const disk = new DiskSampler([target], state.directory, state.source, state.clock)
    const telemetry = telemetryOf(state, [target], disk)
    await disk.look()
    assert.equal(valueOf(await telemetry.render(), 'modosu_database_size_bytes', TARGET), 1)
    state.clock.timeMs += 121_000
    const names = new Set(parseExposition(await telemetry.render()).map(({ name }) => name))
    assert.ok(!names.has('modosu_database_size_bytes') && !names.has('modosu_filesystem_avail_bytes'))
  })

  it('says nothing of a database that is not there, and still what is free beside it', async () => {
    const state = openTestStore()
    const target = targetOnDisk(state.directory, 'itsm-nexus')
    mkdirSync(target.backups.path, { recursive: true })
    const disk = new DiskSampler([target], state.directory, state.source, state.clock)
    const telemetry = telemetryOf(state, [target], disk)
    await disk.look()
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_database_size_bytes', TARGET), undefined)
    assert.equal(valueOf(text, 'modosu_safety_backups', TARGET), 0)
    assert.ok(valueOf(text, 'modosu_filesystem_avail_bytes', { ...TARGET, role: 'database' })! > 0)
  })
})

describe('what the other layers tell', () => {
  it('reaches the metrics, in seconds', async () => {
    const telemetry = telemetryOf(openTestStore())
    telemetry.queueAdded()
    telemetry.queueDepth(4)
    telemetry.queueTaken(1500)
    telemetry.queueDone(250)
    telemetry.queueRetried()
    telemetry.reconciled('error', 250)
    telemetry.spoolScanned({ accepted: 3, rejected: 1, elsewhere: 0, ignored: 2 }, 1_771_120_800_500)
    telemetry.spoolScanFailed()
    telemetry.cronScheduled('prune', 1_771_126_200_000, 1_771_039_800_000)
    telemetry.cronFinished('drill', 'failure', 1)
    telemetry.pruned('itsm-nexus', 'safety', 2, 4096)
    telemetry.rateLimited('itsm-nexus')
    telemetry.auditWriteFailed('itsm-nexus')
    telemetry.loginFailed('bad_credentials')
    telemetry.notificationsPending('itsm-nexus', 2)
    const text = await telemetry.render()
    const expected: readonly (readonly [string, Record<string, string>, number])[] = [
      ['workqueue_adds_total', { name: 'restorerequest' }, 1],
      ['workqueue_depth', { name: 'restorerequest' }, 4],
      ['workqueue_queue_duration_seconds_sum', { name: 'restorerequest' }, 1.5],
      ['workqueue_work_duration_seconds_sum', { name: 'restorerequest' }, 0.25],
      ['workqueue_retries_total', { name: 'restorerequest' }, 1],
      ['controller_runtime_reconcile_total', { controller: 'restorerequest', result: 'error' }, 1],
      ['controller_runtime_reconcile_errors_total', { controller: 'restorerequest' }, 1],
      ['modosu_spool_files', { state: 'rejected' }, 1],
      ['modosu_spool_last_scan_timestamp_seconds', {}, 1_771_120_800.5],
      ['modosu_spool_scan_errors_total', {}, 1],
      ['modosu_cron_next_run_timestamp_seconds', { job: 'prune' }, 1_771_126_200],
      ['modosu_cron_last_success_timestamp_seconds', { job: 'prune' }, 1_771_039_800],
      ['modosu_cron_runs_total', { job: 'drill', result: 'failure' }, 1],
      ['modosu_pruned_files_total', { ...TARGET, kind: 'safety' }, 2],
      ['modosu_pruned_bytes_total', { ...TARGET, kind: 'safety' }, 4096],
      ['modosu_rate_limited_total', TARGET, 1],
      ['modosu_audit_write_failures_total', TARGET, 1],
      ['modosu_login_failures_total', { reason: 'bad_credentials' }, 1],
      ['modosu_notifications_pending', TARGET, 2],
    ]
    for (const [name, labels, value] of expected) assert.equal(valueOf(text, name, labels), value, name)
  })

  it('never throws back: a restore must not end because a figure cannot be kept', () => {
    const telemetry = telemetryOf(openTestStore())
    telemetry.queueTaken(Number.NaN)
    telemetry.reconciled('success', Number.NEGATIVE_INFINITY)
    telemetry.pruned('itsm-nexus', 'safety', -1, Number.NaN)
    telemetry.rateLimited('no-such-target')
    telemetry.auditWriteFailed('no-such-target')
    telemetry.checkFinished('no-such-target', 'checksum', 'fail')
    telemetry.backupsListed('no-such-target', [])
    telemetry.cronFinished('no-such-job', 'success', 1)
  })
})
