/** The scheduled rehearsal (R163): an ordinary request of mode Drill for each target, with the same checks, record and audit as any other. */

import type { Commands } from '../controller/commands-contract.ts'
import { compactTimestamp, type Clock } from '../domain/clock.ts'
import type { RestoreManifest } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import type { StateReader } from '../store/reader.ts'

/** Kubernetes: a DNS label has at most 63 characters (RFC 1123). */
const LONGEST_NAME = 63
const ACTOR = { name: 'schedule', via: 'schedule' } as const

export interface DrillOptions {
  readonly targets: readonly Target[]
  readonly commands: Pick<Commands, 'submit'>
  readonly reader: Pick<StateReader, 'unfinished'>
  readonly clock: Clock
}

/** Submits the drills; how they end is told as of every request. A target whose drill still waits gets no second one. */
export function submitDrills({ targets, commands, reader, clock }: DrillOptions): void {
  const waiting = new Set(
    reader
      .unfinished()
      .filter(({ spec }) => spec.mode === 'Drill')
      .map(({ spec }) => spec.target),
  )
  for (const { name } of targets) {
    if (!waiting.has(name)) commands.submit(drillOf(name, clock.nowMs()), ACTOR)
  }
}

function drillOf(target: string, nowMs: number): RestoreManifest {
  const suffix = `-${compactTimestamp(nowMs)}`
  const stem = `drill-${target}`.slice(0, LONGEST_NAME - suffix.length).replace(/-+$/, '')
  return {
    metadata: { name: `${stem}${suffix}`, labels: { 'modosu.dev/scenario': 'drill' }, annotations: {} },
    spec: {
      target,
      source: { latest: {} },
      confirm: true,
      backupCurrent: true,
      mode: 'Drill',
      strategy: 'Replace',
      tables: [],
      servicePolicy: 'None',
      suspend: false,
      activeDeadlineSeconds: 86_400,
      ttlSecondsAfterFinished: 2_592_000,
      requestedBy: 'schedule',
      reason: 'scheduled rehearsal',
      approval: { required: 0 },
    },
  }
}
