/**
 * How restores ended, counted from the append-only outcomes of the state store: the same rows give the same counts at
 * every start, so that an end reached by recovery counts once and a restart makes no counter fall.
 */

import { TERMINAL_PHASES, type TerminalPhase } from '../domain/phases.ts'
import {
  createInstruments,
  secondsOf,
  UNKNOWN_TARGET,
  type Definitions,
  type Instruments,
  type Scope,
} from './metric.ts'
import type { OutcomeRow } from './state-source.ts'

/** `none`: an invalid request that names no source, or one that does not exist. */
export const SOURCES = ['backupId', 'latest', 'file', 'sqlDump', 'safetyBackup', 'none'] as const

/** The ends of a restore that had begun; a rejected or expired request took no time of the target's. */
export const RAN_RESULTS = [
  'Succeeded',
  'Failed',
  'RolledBack',
  'RollbackFailed',
  'Cancelled',
] as const satisfies readonly TerminalPhase[]

export const OUTCOME_METRICS = {
  restores: {
    name: 'modosu_restores_total',
    type: 'counter',
    help: 'Restores that ended, each once, by kind of source and terminal phase. Succeeded: the database is the backup. Failed: the database was not touched. RolledBack: it was put back. RollbackFailed: it was not (escalation L3). target="_unknown" takes requests for a target that is not configured.',
    labels: { target: 'anyTarget', source: SOURCES, result: TERMINAL_PHASES },
    birth: 'zero',
  },
  drills: {
    name: 'modosu_drills_total',
    type: 'counter',
    help: 'Drills (mode: Drill) that ended, by terminal phase: a backup was restored to a scratch file and checked, the live database left alone. A Failed drill is a backup that would not have saved you.',
    labels: { target: 'anyTarget', result: TERMINAL_PHASES },
    birth: 'zero',
  },
  dryRuns: {
    name: 'modosu_dry_runs_total',
    type: 'counter',
    help: 'Dry runs (mode: DryRun) that ended, by terminal phase. Nothing was restored.',
    labels: { target: 'anyTarget', result: TERMINAL_PHASES },
    birth: 'zero',
  },
  extracts: {
    name: 'modosu_extracts_total',
    type: 'counter',
    help: 'Extractions of a backup into a file (mode: Extract) that ended, by terminal phase. The database is not touched.',
    labels: { target: 'anyTarget', result: TERMINAL_PHASES },
    birth: 'zero',
  },
  duration: {
    name: 'modosu_restore_duration_seconds',
    type: 'histogram',
    help: 'From the start of a restore to its terminal phase. The recovery time objective of the manual is the bucket le="900"; its guide is 10 s up to 10 MB, 60 s at 100 MB, 300 s at 1 GB.',
    labels: { target: 'target', result: RAN_RESULTS },
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600],
    birth: 'zero',
  },
  downtime: {
    name: 'modosu_restore_downtime_seconds',
    type: 'histogram',
    help: 'How long a restore kept the application from its database: from the stop of the unit (or the lock) to its start. Must not grow with the size of the database, the check after the swap aside.',
    labels: { target: 'target' },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900],
    birth: 'zero',
  },
  applicationDowntime: {
    name: 'modosu_restore_application_downtime_seconds',
    type: 'histogram',
    help: 'How long a restore kept the application from its users: from the stop of the unit to the first good answer of its health check, its boot and its migrations included. Only where the target has a health check.',
    labels: { target: 'target' },
    buckets: [0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
    birth: 'zero',
  },
  applicationUp: {
    name: 'modosu_last_restore_application_up',
    type: 'gauge',
    help: 'What was known of the application when the last restore that ran ended, whichever way. 1: it runs. 0: it is down. Absent: nobody could tell, or there was no restore.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  rollbacks: {
    name: 'modosu_rollbacks_total',
    type: 'counter',
    help: 'Automatic rollbacks after a swap that went wrong. success: the database is what it was before. failure: it is not, and a person must act now (escalation L3).',
    labels: { target: 'target', result: ['success', 'failure'] },
    birth: 'zero',
  },
  lastRestoreTime: {
    name: 'modosu_last_restore_timestamp_seconds',
    type: 'gauge',
    help: 'When the last restore that ran ended, whichever way. Absent until the first one.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  lastRestoreSuccess: {
    name: 'modosu_last_restore_success',
    type: 'gauge',
    help: '1: the last restore that ran succeeded. 0: it failed or was rolled back. Absent until the first one.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  drillLastSuccess: {
    name: 'modosu_drill_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When a drill last succeeded. Absent until the first one, which is as bad as one too long ago.',
    labels: { target: 'target' },
    birth: 'absent',
  },
} as const satisfies Definitions

export class OutcomeMetrics {
  readonly #instruments: Instruments<typeof OUTCOME_METRICS>
  readonly #targets: ReadonlySet<string>

  constructor(scope: Scope) {
    this.#instruments = createInstruments(OUTCOME_METRICS, scope)
    this.#targets = scope.targetNames
  }

  /** Takes each outcome once, oldest first. */
  count(outcome: OutcomeRow): void {
    const result = memberOf(TERMINAL_PHASES, outcome.result)
    if (result === undefined) return
    const target = this.#targets.has(outcome.target) ? outcome.target : UNKNOWN_TARGET
    switch (outcome.mode) {
      case 'Drill':
        this.#instruments.drills.inc({ target, result })
        if (result === 'Succeeded') this.#setTime('drillLastSuccess', target, outcome.at)
        return
      case 'DryRun':
        this.#instruments.dryRuns.inc({ target, result })
        return
      case 'Extract':
        this.#instruments.extracts.inc({ target, result })
        return
      default:
        this.#instruments.restores.inc({ target, source: memberOf(SOURCES, outcome.source) ?? 'none', result })
        if (target !== UNKNOWN_TARGET) this.#restore(target, result, outcome)
    }
  }

  #restore(target: string, result: TerminalPhase, outcome: OutcomeRow): void {
    const { duration, downtime, applicationDowntime, rollbacks, lastRestoreSuccess } = this.#instruments
    const ran = memberOf(RAN_RESULTS, result)
    if (ran === undefined) return
    if (outcome.durationMs !== null) duration.observe({ target, result: ran }, secondsOf(outcome.durationMs))
    if (outcome.downtimeMs !== null) downtime.observe({ target }, secondsOf(outcome.downtimeMs))
    if (outcome.applicationDowntimeMs !== null)
      applicationDowntime.observe({ target }, secondsOf(outcome.applicationDowntimeMs))
    this.#application(target, outcome.application)
    if (ran === 'RolledBack') rollbacks.inc({ target, result: 'success' })
    if (ran === 'RollbackFailed') rollbacks.inc({ target, result: 'failure' })
    if (ran === 'Cancelled') return
    lastRestoreSuccess.set({ target }, Number(ran === 'Succeeded'))
    this.#setTime('lastRestoreTime', target, outcome.at)
  }

  /** Where nobody looked, nothing was stopped: what was known before is still what is known. */
  #application(target: string, state: string | null): void {
    const { applicationUp } = this.#instruments
    if (state === null) return
    if (state === 'Unknown') applicationUp.remove({ target })
    else applicationUp.set({ target }, Number(state === 'ApplicationRunning'))
  }

  #setTime(key: 'lastRestoreTime' | 'drillLastSuccess', target: string, at: string): void {
    const timeMs = Date.parse(at)
    if (target === UNKNOWN_TARGET || Number.isNaN(timeMs)) return
    this.#instruments[key].set({ target }, timeMs / 1000)
  }
}

/** The text as a member of a closed set, or undefined where it is none. */
function memberOf<T extends string>(values: readonly T[], text: string): T | undefined {
  return values.find((value) => value === text)
}
