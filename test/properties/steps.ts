/** What may happen to a controller, as fast-check makes it up. */

import fc from 'fast-check'

import type { RestoreManifest } from '../../src/domain/resource.ts'
import { BACKUPS, FAULTS, idOf, TARGETS, type BackupName, type Fault, type TargetName } from './world.ts'

const NAMES = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'] as const

/** Where the process may be killed: the begin and the end of every phase, and the points inside those that change something. */
const POINTS = [
  ...['Preflight', 'SafetyBackup', 'VerifyingChecksum', 'VerifyingBackup', 'Quiescing', 'Swapping', 'VerifyingRestored']
    .concat(['Resuming', 'RollingBack'])
    .flatMap((phase) => [`${phase}.begin`, `${phase}.end`]),
  ...['Swapping.linked', 'Swapping.noted', 'Swapping.ready', 'Swapping.renamed', 'Quiescing.stopped'],
  ...['Resuming.started', 'Resuming.healthy', 'Resuming.settled', 'RollingBack.aside', 'RollingBack.back'],
]

export interface Wish {
  readonly name: (typeof NAMES)[number]
  readonly target: TargetName
  readonly source: BackupName | 'missing' | 'latest'
  readonly mode: 'Restore' | 'DryRun' | 'Drill'
  readonly confirm: boolean
  readonly backupCurrent: boolean
  readonly suspend: boolean
  readonly approvals: number
  readonly window: 'none' | 'later' | 'over'
}

export type Step =
  | { readonly kind: 'apply' | 'submit'; readonly wish: Wish }
  | { readonly kind: 'delete' | 'cancel' | 'approve' | 'suspend' | 'resume' | 'retry' | 'ack'; readonly name: string }
  | { readonly kind: 'rollback' | 'commit'; readonly target: TargetName }
  | { readonly kind: 'fault'; readonly target: TargetName; readonly fault: Fault; readonly on: boolean }
  | { readonly kind: 'crash'; readonly point: string }
  | { readonly kind: 'kill'; readonly afterMs: number }
  | { readonly kind: 'jump'; readonly byMs: number }
  | { readonly kind: 'settle' }

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 6 }, { arbitrary: fc.constantFrom(...others), weight: 1 })
const sources = Object.keys(BACKUPS) as BackupName[]
const wish: fc.Arbitrary<Wish> = fc.record({
  name: fc.constantFrom(...NAMES),
  target: fc.constantFrom(...TARGETS),
  source: fc.oneof(
    { arbitrary: fc.constantFrom<Wish['source']>('a', 'b'), weight: 4 },
    { arbitrary: fc.constantFrom<Wish['source']>(...sources, 'missing', 'latest'), weight: 3 },
  ),
  mode: mostly<Wish['mode']>('Restore', 'DryRun', 'Drill'),
  confirm: mostly(true, false),
  backupCurrent: mostly(true, false),
  suspend: mostly(false, true),
  approvals: mostly(0, 1),
  window: mostly<Wish['window']>('none', 'later', 'over'),
})
const target = fc.constantFrom(...TARGETS)
const name = fc.constantFrom(...NAMES)
const kinds = fc.constantFrom('delete', 'cancel', 'approve', 'suspend', 'resume', 'retry', 'ack')

export const STEP: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constantFrom('apply', 'submit'), wish }), weight: 8 },
  { arbitrary: fc.record({ kind: kinds, name }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constantFrom('rollback', 'commit'), target }), weight: 2 },
  {
    arbitrary: fc.record({
      kind: fc.constant('fault'),
      target,
      fault: fc.constantFrom(...FAULTS),
      on: fc.boolean(),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('crash'), point: fc.constantFrom(...POINTS) }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('kill'),
      afterMs: fc.integer({ min: 0, max: 400 }),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('jump'),
      byMs: fc.constantFrom(-86_400_000, -60_000, 3_600_001, 86_400_000),
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: fc.constant('settle') }), weight: 3 },
)

export function manifestOf(asked: Wish, nowMs: number): RestoreManifest {
  const window = {
    none: {},
    later: { notBefore: new Date(nowMs + 3_600_000).toISOString() },
    over: { notAfter: new Date(nowMs - 1000).toISOString() },
  }[asked.window]
  return {
    metadata: { name: asked.name, labels: {}, annotations: {} },
    spec: {
      target: asked.target,
      source: asked.source === 'latest' ? { latest: {} } : { backupId: idOf(asked.source) },
      confirm: asked.confirm,
      backupCurrent: asked.backupCurrent,
      mode: asked.mode,
      strategy: 'Replace',
      tables: [],
      servicePolicy: 'StopStart',
      suspend: asked.suspend,
      activeDeadlineSeconds: 900,
      ttlSecondsAfterFinished: 2_592_000,
      approval: { required: asked.approvals },
      requestedBy: 'asker',
      ...window,
    },
  }
}
