import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { seriesOf, type MetricDefinition } from '../../src/telemetry/metric.ts'
import { ALL_METRICS } from '../../src/telemetry/registry.ts'
import { parseExposition } from './exposition.ts'
import { openTestStore, telemetryOf, testTarget } from './restores.ts'

const TARGETS = ['itsm-nexus', 'wiki']
const JOBS = ['prune', 'verifyBackups', 'drill']

/** The names of design section 9, in its order. */
const DESIGNED = `controller_runtime_reconcile_total controller_runtime_reconcile_errors_total
  controller_runtime_reconcile_time_seconds workqueue_depth workqueue_adds_total workqueue_queue_duration_seconds
  workqueue_work_duration_seconds workqueue_retries_total modosu_build_info modosu_requests modosu_restores_total
  modosu_restore_duration_seconds modosu_restore_downtime_seconds modosu_phase_duration_seconds
  modosu_restore_in_progress modosu_restore_start_timestamp_seconds modosu_last_restore_timestamp_seconds
  modosu_last_restore_success modosu_unacknowledged_results modosu_rollbacks_total modosu_checks_total modosu_backups
  modosu_backups_restorable modosu_backups_verify_failed modosu_backup_newest_restorable_timestamp_seconds
  modosu_backup_last_success_timestamp_seconds modosu_safety_backups modosu_safety_backup_bytes
  modosu_safety_backup_oldest_timestamp_seconds modosu_pruned_files_total modosu_pruned_bytes_total
  modosu_database_size_bytes modosu_required_free_bytes modosu_filesystem_avail_bytes modosu_rate_limited_total
  modosu_rate_limit_remaining modosu_drill_last_success_timestamp_seconds modosu_spool_files
  modosu_spool_last_scan_timestamp_seconds modosu_spool_scan_errors_total modosu_cron_runs_total
  modosu_cron_last_success_timestamp_seconds modosu_cron_next_run_timestamp_seconds
  modosu_audit_write_failures_total`.split(/\s+/)

/** Known from the start, though born of a fact: the build, the configuration, and what the state store says at any time. */
const KNOWN_AT_ONCE = new Set([
  'modosu_build_info',
  'modosu_config_last_reload_success_timestamp_seconds',
  'modosu_config_last_reload_successful',
  'modosu_rto_seconds',
  'modosu_rate_limit_remaining',
])

function seriesNameOf(definition: MetricDefinition): string {
  return definition.type === 'histogram' ? `${definition.name}_count` : definition.name
}

describe('the metrics before anything has happened', () => {
  it('are the complete list, and what was added to it', () => {
    const names = new Set(ALL_METRICS.map((definition) => definition.name))
    assert.deepEqual(
      DESIGNED.filter((name) => !names.has(name)),
      [],
    )
    const added = [...names].filter((name) => !DESIGNED.includes(name)).sort()
    assert.deepEqual(added, [
      'modosu_backup_files_passed_over',
      'modosu_backups_dated_in_future',
      'modosu_clock_believed',
      'modosu_config_last_reload_success_timestamp_seconds',
      'modosu_config_last_reload_successful',
      'modosu_config_restart_required',
      'modosu_drills_total',
      'modosu_dry_runs_total',
      'modosu_extracts_total',
      'modosu_last_restore_application_up',
      'modosu_login_failures_total',
      'modosu_notification_attempt_failures_total',
      'modosu_notifications_pending',
      'modosu_notifications_total',
      'modosu_requests_waiting',
      'modosu_restore_application_downtime_seconds',
      'modosu_restore_progress_ratio',
      'modosu_retention_short_bytes',
      'modosu_rto_seconds',
      'modosu_state_rolled_back',
      'modosu_unacknowledged_since_timestamp_seconds',
    ])
  })

  it('stand at 0 in every series that can, for every target, job and closed label value', async () => {
    const text = await telemetryOf(
      openTestStore(),
      TARGETS.map((name) => testTarget(name)),
    ).render()
    const present = new Map(
      parseExposition(text).map(({ name, labels, value }) => [`${name} ${JSON.stringify(sorted(labels))}`, value]),
    )
    for (const definition of ALL_METRICS.filter(({ birth }) => birth === 'zero')) {
      for (const labels of seriesOf(definition, { targetNames: TARGETS, jobs: JOBS })) {
        const key = `${seriesNameOf(definition)} ${JSON.stringify(sorted(labels))}`
        assert.equal(present.get(key), 0, key)
      }
    }
  })

  it('say nothing where a 0 would be false', async () => {
    const text = await telemetryOf(openTestStore()).render()
    const names = new Set(parseExposition(text).map(({ name }) => name))
    for (const { name } of ALL_METRICS.filter(({ birth }) => birth === 'absent')) {
      assert.equal(names.has(name), KNOWN_AT_ONCE.has(name), name)
    }
  })

  it('explain themselves: each help says more than the name and ends as a sentence', () => {
    for (const { name, help } of ALL_METRICS) {
      assert.match(help, /^[A-Z0-9].{30,}\.$/s, name)
      assert.doesNotMatch(help, /\n/, name)
    }
  })

  it('carry the unit in the name, a count in _total', () => {
    for (const { name, type } of ALL_METRICS) {
      assert.equal(name.endsWith('_total'), type === 'counter', name)
      if (type === 'histogram') assert.match(name, /_(seconds|bytes)$/)
    }
  })
})

function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => a.localeCompare(b)))
}
