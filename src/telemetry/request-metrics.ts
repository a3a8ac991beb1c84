/** The requests as they stand now: phases, the restore that runs, and results that nobody has looked at yet. */

import { ACTIVE_PHASES, isTerminal, occupiesTarget, TERMINAL_PHASES, type Phase } from '../domain/phases.ts'
import type { EscalationLevel } from '../domain/resource.ts'
import { createInstruments, UNKNOWN_TARGET, type Definitions, type Instruments, type Scope } from './metric.ts'
import type { RequestView } from './state-source.ts'

export const LEVELS = ['L1', 'L2', 'L3'] as const satisfies readonly EscalationLevel[]

/** What a request waits for (src/controller): as long as it says so, it has not ended and does nothing. */
export const WAIT_REASONS = [
  'ApprovalRequired',
  'ChecklistRequired',
  'DuplicateName',
  'FileChanging',
  'InvalidSpec',
  'LockUnavailable',
  'NoHistory',
  'Queued',
  'RateLimited',
  'SpoolUnreadable',
  'StateRolledBack',
  'Suspended',
  'TargetLocked',
  'TargetUnavailable',
  'UnknownTarget',
  'WaitingForWindow',
] as const

const PHASES = [...ACTIVE_PHASES, ...TERMINAL_PHASES]

export const REQUEST_METRICS = {
  requests: {
    name: 'modosu_requests',
    type: 'gauge',
    help: 'Requests in the state store, by phase. target="_unknown" takes requests for a target that is not configured.',
    labels: { target: 'anyTarget', phase: PHASES },
    birth: 'zero',
  },
  waiting: {
    name: 'modosu_requests_waiting',
    type: 'gauge',
    help: 'Requests that have not ended and wait, by what they wait for (modosu explain REASON). target="_unknown" takes requests for a target that is not configured.',
    labels: { target: 'anyTarget', reason: WAIT_REASONS },
    birth: 'zero',
  },
  inProgress: {
    name: 'modosu_restore_in_progress',
    type: 'gauge',
    help: '1 while a restore occupies the target (a drill or a dry run does not count), else 0.',
    labels: { target: 'target' },
    birth: 'zero',
  },
  start: {
    name: 'modosu_restore_start_timestamp_seconds',
    type: 'gauge',
    help: 'When the restore that runs now started. Absent while none runs; time() minus this is how long it has run.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  progress: {
    name: 'modosu_restore_progress_ratio',
    type: 'gauge',
    help: 'Bytes done of the step that the restore is at, 0 to 1. Absent while none runs or its step has no size.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  unacknowledged: {
    name: 'modosu_unacknowledged_results',
    type: 'gauge',
    help: 'Results that wait for a person, by escalation level of the manual (12.1). modosu ack NAME takes one off.',
    labels: { target: 'target', level: LEVELS },
    birth: 'zero',
  },
  unacknowledgedSince: {
    name: 'modosu_unacknowledged_since_timestamp_seconds',
    type: 'gauge',
    help: 'When the oldest result that waits for a person ended, by escalation level. Absent while none waits. An L1 is for the next level after 30 minutes (manual 12.1).',
    labels: { target: 'target', level: LEVELS },
    birth: 'absent',
  },
} as const satisfies Definitions

export class RequestMetrics {
  readonly #instruments: Instruments<typeof REQUEST_METRICS>
  readonly #targets: ReadonlySet<string>
  readonly #requests = new Map<string, RequestView>()

  constructor(scope: Scope) {
    this.#instruments = createInstruments(REQUEST_METRICS, scope)
    this.#targets = scope.targetNames
  }

  /** A request as it was stored last; the first look at the state store comes this way too. */
  saw({ name, phase, spec, status, forgottenAt }: RequestView): void {
    if (forgottenAt !== null) {
      this.#requests.delete(name)
      return
    }
    const { startTime, progress, escalation, reason, completionTime } = status
    this.#requests.set(name, {
      name,
      phase,
      forgottenAt,
      spec: { target: spec.target, mode: spec.mode },
      status: {
        ...(startTime === undefined ? {} : { startTime }),
        ...(progress === undefined ? {} : { progress }),
        ...(escalation === undefined ? {} : { escalation }),
        ...(reason === undefined ? {} : { reason }),
        ...(completionTime === undefined ? {} : { completionTime }),
      },
    })
  }

  refresh(): void {
    const phases = new Tally()
    const unseen = new Tally()
    const waiting = new Tally()
    const running = new Map<string, RequestView>()
    const since = new Map<string, number>()
    for (const request of this.#requests.values()) {
      const { target } = request.spec
      const known = this.#targets.has(target)
      const { escalation, reason, completionTime } = request.status
      phases.add(known ? target : UNKNOWN_TARGET, request.phase)
      if (reason !== undefined && !isTerminal(request.phase as Phase))
        waiting.add(known ? target : UNKNOWN_TARGET, reason)
      if (!known) continue
      if (escalation?.acknowledged === false) {
        const key = `${target}\0${escalation.level}`
        unseen.add(target, escalation.level)
        since.set(key, Math.min(since.get(key) ?? Infinity, Date.parse(completionTime ?? '')))
      }
      if (request.spec.mode === 'Restore' && occupiesTarget(request.phase as Phase)) running.set(target, request)
    }
    this.#show(phases, waiting, unseen)
    this.#showSince(since)
    for (const target of this.#targets) this.#running(target, running.get(target))
  }

  #show(phases: Tally, waiting: Tally, unseen: Tally): void {
    const { requests, waiting: waits, unacknowledged } = this.#instruments
    for (const target of [...this.#targets, UNKNOWN_TARGET]) {
      for (const phase of PHASES) requests.set({ target, phase }, phases.of(target, phase))
      for (const reason of WAIT_REASONS) waits.set({ target, reason }, waiting.of(target, reason))
    }
    for (const target of this.#targets) {
      for (const level of LEVELS) unacknowledged.set({ target, level }, unseen.of(target, level))
    }
  }

  /** What bears no time is left out. @param since milliseconds, by target and level. */
  #showSince(since: ReadonlyMap<string, number>): void {
    const { unacknowledgedSince } = this.#instruments
    for (const target of this.#targets) {
      for (const level of LEVELS) {
        const sinceMs = since.get(`${target}\0${level}`) ?? Number.NaN
        if (Number.isNaN(sinceMs)) unacknowledgedSince.remove({ target, level })
        else unacknowledgedSince.set({ target, level }, sinceMs / 1000)
      }
    }
  }

  #running(target: string, request: RequestView | undefined): void {
    const { inProgress, start, progress } = this.#instruments
    inProgress.set({ target }, Number(request !== undefined))
    const startMs = Date.parse(request?.status.startTime ?? '')
    if (Number.isNaN(startMs)) start.remove({ target })
    else start.set({ target }, startMs / 1000)
    const { bytesDone = 0, bytesTotal = 0 } = request?.status.progress ?? {}
    if (bytesTotal > 0) progress.set({ target }, Math.min(1, bytesDone / bytesTotal))
    else progress.remove({ target })
  }
}

/** Counts by two labels. prom-client hashes the labels anew with each increment, which a long history feels. */
class Tally {
  readonly #counts = new Map<string, Map<string, number>>()

  add(first: string, second: string): void {
    let counts = this.#counts.get(first)
    if (counts === undefined) {
      counts = new Map()
      this.#counts.set(first, counts)
    }
    counts.set(second, (counts.get(second) ?? 0) + 1)
  }

  of(first: string, second: string): number {
    return this.#counts.get(first)?.get(second) ?? 0
  }
}
