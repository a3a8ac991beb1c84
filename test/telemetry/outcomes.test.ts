import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { parseExposition, valueOf } from './exposition.ts'
import { createRequest, openTestStore, runRestore, telemetryOf, testTarget, type TestStore } from './restores.ts'

const TARGET = { target: 'itsm-nexus' }

/** Every series that only an append-only table feeds, in a comparable form. */
function rebuiltSeries(text: string): string[] {
  const rebuilt =
    /^modosu_(restores_total|drills_total|dry_runs_total|rollbacks_total|restore_d|phase_d|last_restore|drill_last|requests|unack|rate_limit_rem)/
  return parseExposition(text)
    .filter(({ name }) => rebuilt.test(name))
    .map((series) => JSON.stringify(series))
    .sort()
}

function everyKindOfEnd(state: TestStore): void {
  runRestore(state, 'ok', { end: 'Succeeded', seconds: 8, downtimeMs: 3, level: 'L1' })
  runRestore(state, 'bad-checksum', { end: 'Failed', at: 'VerifyingChecksum', seconds: 3 })
  runRestore(state, 'undone', { end: 'RolledBack', seconds: 40, downtimeMs: 900, level: 'L2' })
  runRestore(state, 'stuck', { end: 'RollbackFailed', seconds: 1000, level: 'L3' })
  runRestore(state, 'refused', { end: 'Rejected', at: 'Pending' })
  runRestore(state, 'called-off', { end: 'Cancelled', at: 'Preflight', seconds: 1 })
  runRestore(state, 'late', { end: 'Expired', at: 'Pending' })
  runRestore(state, 'drill', { mode: 'Drill', source: { latest: {} }, end: 'Succeeded', at: 'VerifyingBackup' })
  runRestore(state, 'taken-out', { mode: 'Extract', end: 'Succeeded', at: 'VerifyingBackup' })
  runRestore(state, 'plan', { mode: 'DryRun', end: 'Succeeded', at: 'Preflight' })
}

describe('the ends of restores', () => {
  it('are counted once each, however often they are scraped', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    everyKindOfEnd(state)
    await telemetry.render()
    const text = await telemetry.render()
    for (const result of ['Succeeded', 'Failed', 'RolledBack', 'RollbackFailed', 'Rejected', 'Cancelled', 'Expired']) {
      assert.equal(valueOf(text, 'modosu_restores_total', { ...TARGET, source: 'backupId', result }), 1, result)
    }
    assert.equal(valueOf(text, 'modosu_rollbacks_total', { ...TARGET, result: 'success' }), 1)
    assert.equal(valueOf(text, 'modosu_rollbacks_total', { ...TARGET, result: 'failure' }), 1)
  })

  it('counts drills and dry runs apart, so that they make no restore look better', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    everyKindOfEnd(state)
    const text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_drills_total', { ...TARGET, result: 'Succeeded' }), 1)
    assert.equal(valueOf(text, 'modosu_dry_runs_total', { ...TARGET, result: 'Succeeded' }), 1)
    assert.equal(valueOf(text, 'modosu_extracts_total', { ...TARGET, result: 'Succeeded' }), 1)
    assert.equal(valueOf(text, 'modosu_restores_total', { ...TARGET, source: 'latest', result: 'Succeeded' }), 0)
    const drill = state.source.outcomesAfter(0).find(({ mode }) => mode === 'Drill')!
    assert.equal(valueOf(text, 'modosu_drill_last_success_timestamp_seconds', TARGET), Date.parse(drill.at) / 1000)
  })

  it('are the same after a restart, so that no counter falls or counts twice', async () => {
    const before = openTestStore()
    const telemetry = telemetryOf(before)
    everyKindOfEnd(before)
    createRequest(before.store, 'waiting')
    const text = await telemetry.render()
    before.close()
    const after = openTestStore(before.directory, before.clock)
    assert.deepEqual(rebuiltSeries(await telemetryOf(after).render()), rebuiltSeries(text))
  })

  it('count an end that recovery reaches after the start', async () => {
    const before = openTestStore()
    createRequest(before.store, 'interrupted')
    before.store.commit('interrupted', { from: 'Pending', to: 'Preflight', reason: 'Started', message: '' })
    before.close()
    const after = openTestStore(before.directory, before.clock)
    const telemetry = telemetryOf(after)
    after.store.commit('interrupted', { from: 'Preflight', to: 'Failed', reason: 'DiskFull', message: '' })
    const labels = { ...TARGET, source: 'backupId', result: 'Failed' }
    assert.equal(valueOf(await telemetry.render(), 'modosu_restores_total', labels), 1)
    assert.equal(valueOf(await telemetryOf(after).render(), 'modosu_restores_total', labels), 1)
  })

  it('put durations into the buckets of the objective', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    everyKindOfEnd(state)
    const text = await telemetry.render()
    const bucket = (result: string, le: string): number | undefined =>
      valueOf(text, 'modosu_restore_duration_seconds_bucket', { ...TARGET, result, le })
    assert.deepEqual([bucket('Succeeded', '5'), bucket('Succeeded', '10')], [0, 1])
    assert.deepEqual([bucket('RollbackFailed', '900'), bucket('RollbackFailed', '1800')], [0, 1])
    assert.equal(valueOf(text, 'modosu_restore_downtime_seconds_count', TARGET), 2)
    assert.equal(valueOf(text, 'modosu_restore_downtime_seconds_bucket', { ...TARGET, le: '0.005' }), 1)
  })

  it('tell the last restore that ran from one that never began', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    runRestore(state, 'undone', { end: 'RolledBack', seconds: 40 })
    const rolledBackAt = state.clock.timeMs / 1000
    runRestore(state, 'refused', { end: 'Rejected', at: 'Pending' })
    let text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_last_restore_success', TARGET), 0)
    assert.equal(valueOf(text, 'modosu_last_restore_timestamp_seconds', TARGET), rolledBackAt)
    runRestore(state, 'ok', { end: 'Succeeded', seconds: 8 })
    text = await telemetry.render()
    assert.equal(valueOf(text, 'modosu_last_restore_success', TARGET), 1)
  })

  it('book the time of each phase when the request ends', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    createRequest(state.store, 'waiting')
    runRestore(state, 'ok', { end: 'Succeeded', seconds: 9 })
    const text = await telemetry.render()
    const sum = (phase: string): number | undefined =>
      valueOf(text, 'modosu_phase_duration_seconds_sum', { ...TARGET, phase })
    for (const phase of ['Pending', 'Preflight', 'SafetyBackup', 'Swapping', 'Resuming']) assert.equal(sum(phase), 1)
    assert.equal(sum('RollingBack'), 0)
  })

  it('book the phases to the target that the restore ran on, although an edit had moved it there', async () => {
    const state = openTestStore()
    const targets = [testTarget('itsm-nexus'), testTarget('wiki')]
    const telemetry = telemetryOf(state, targets)
    createRequest(state.store, 'moved')
    await telemetry.render()
    const { spec } = state.store.request('moved')!
    const manifest = { metadata: { name: 'moved', labels: {}, annotations: {} }, spec: { ...spec, target: 'wiki' } }
    state.clock.timeMs += 4000
    state.store.edit('moved', { manifest, specHash: 'b', origin: { kind: 'Spool', file: 'm.yaml' }, events: [] })
    state.store.commit('moved', { from: 'Pending', to: 'Rejected', reason: 'InvalidSpec', message: '' })
    const text = await telemetry.render()
    const pending = { target: 'wiki', phase: 'Pending' }
    assert.equal(valueOf(text, 'modosu_phase_duration_seconds_sum', pending), 4)
    assert.equal(valueOf(text, 'modosu_requests', { target: 'wiki', phase: 'Rejected' }), 1)
    assert.deepEqual(rebuiltSeries(await telemetryOf(state, targets).render()), rebuiltSeries(text))
  })

  it('take no label from the author of a request', async () => {
    const state = openTestStore()
    const telemetry = telemetryOf(state)
    runRestore(state, 'name-of-request', { target: 'target-of-author', end: 'Rejected', at: 'Pending' })
    const text = await telemetry.render()
    assert.equal(
      valueOf(text, 'modosu_restores_total', { target: '_unknown', source: 'backupId', result: 'Rejected' }),
      1,
    )
    assert.equal(valueOf(text, 'modosu_requests', { target: '_unknown', phase: 'Rejected' }), 1)
    assert.doesNotMatch(text, /target-of-author|name-of-request|BKP-2026/)
  })
})
