/** Requests in each end that a restore can have, recorded in a state store as the controller records them. */

import { manifest, type Workplace } from '../cli/workplace.ts'
import type { Change } from '../../src/store/change.ts'
import type { RestoreManifest, RestoreStatus } from '../../src/domain/resource.ts'

type Spec = Partial<RestoreManifest['spec']>
type Status = NonNullable<Change['status']>

export interface Ending {
  readonly name: string
  readonly spec: Spec
  readonly annotations?: Readonly<Record<string, string>>
  readonly phases: readonly Change['to'][]
  readonly last: Partial<Change>
}

const TO_THE_SWAP = [
  'Preflight',
  'SafetyBackup',
  'VerifyingChecksum',
  'VerifyingBackup',
  'Quiescing',
  'Swapping',
] as const
const TO_THE_END = [...TO_THE_SWAP, 'VerifyingRestored', 'Resuming'] as const

const BACKUP: NonNullable<RestoreStatus['resolvedBackup']> = {
  backupId: 'BKP-20260215-020015-daily',
  path: '/srv/shop/backups/daily/app_daily_20260215_020015.db',
  sha256: 'b'.repeat(64),
  createdAt: '2026-02-15T02:00:15.000Z',
  sizeBytes: 3_358_720,
}
const SAFETY: NonNullable<RestoreStatus['safetyBackup']> = {
  name: 'restore_safety_20260215150532.db',
  path: '/srv/shop/backups/restore_safety_20260215150532.db',
  sha256: 'c'.repeat(64),
  raw: false,
}
const AT = '2026-02-15T15:05:39.000Z'
const RUNNING = {
  state: 'ApplicationRunning',
  message: 'shop.service is active',
  ranBefore: true,
  at: AT,
} as const
const DOWN = {
  state: 'ApplicationDown',
  message: 'shop.service is failed',
  ranBefore: true,
  hint: 'systemctl start shop.service',
  at: AT,
} as const
const EXTRACTED =
  'BKP-20260215-020015-daily was extracted to /srv/shop/extracts/extract.db (3.2 MB); it passed every check'
const STARTED: Status = { startTime: '2026-02-15T15:05:31.000Z', resolvedBackup: BACKUP }
const ENDED: Status = { ...STARTED, safetyBackup: SAFETY, completionTime: AT, durationSeconds: 8, downtimeMs: 2600 }

function ended(level: 'L1' | 'L2' | 'L3', status: Status, change: Partial<Change> = {}): Partial<Change> {
  const { message = '', reason = '' } = status
  return { ...change, reason, message, status: { ...status, escalation: { level, acknowledged: false } } }
}

export const ENDINGS: readonly Ending[] = [
  {
    name: 'success',
    spec: { requestedBy: 'ops-oncall', reason: '誤操作によるインシデント削除' },
    phases: [...TO_THE_END, 'Succeeded'],
    last: ended('L1', {
      ...ENDED,
      reason: 'RestoreCompleted',
      message: 'Restore completed successfully',
      application: RUNNING,
      dataLoss: {
        from: '2026-02-15T02:00:15.000Z',
        to: '2026-02-15T15:05:36.000Z',
        tables: [
          { table: 'incidents', current: 1203, restored: 603, changed: 4 },
          { table: 'changes', current: 12, restored: null, changed: null },
        ],
      },
    }),
  },
  {
    name: 'failed',
    spec: {},
    phases: ['Preflight', 'SafetyBackup', 'VerifyingChecksum', 'Failed'],
    last: ended(
      'L1',
      {
        ...ENDED,
        reason: 'ChecksumMismatch',
        message: 'Backup file checksum mismatch. The file may be corrupted.',
        hint: 'choose another backup: modosu get backups',
        application: RUNNING,
      },
      {
        conditions: [
          { type: 'RolledBack', status: 'True', reason: 'NoChangeNeeded', message: 'the database was not touched' },
        ],
      },
    ),
  },
  {
    name: 'rolled-back',
    spec: {},
    phases: [...TO_THE_END, 'RollingBack', 'RolledBack'],
    last: ended(
      'L2',
      {
        ...ENDED,
        reason: 'SmokeQueryFailed',
        message: 'smoke query failed: incidents: 0, at least 1 expected',
        application: RUNNING,
      },
      { conditions: [{ type: 'RolledBack', status: 'True', reason: 'RolledBack', message: 'put back' }] },
    ),
  },
  {
    name: 'rollback-failed',
    spec: {},
    phases: [...TO_THE_SWAP, 'RollingBack', 'RollbackFailed'],
    last: ended(
      'L3',
      {
        ...ENDED,
        reason: 'IoError',
        message: 'EIO: i/o error, rename',
        hint: `the application is down: ${DOWN.hint}`,
        application: DOWN,
      },
      { conditions: [{ type: 'RolledBack', status: 'False', reason: 'IoError', message: 'EIO: i/o error, rename' }] },
    ),
  },
  {
    name: 'undo',
    spec: { source: { safetyBackup: { name: SAFETY.name } }, requestedBy: 'alice' },
    annotations: { 'modosu.dev/undoes': 'success' },
    phases: [...TO_THE_END, 'Succeeded'],
    last: ended('L1', {
      ...ENDED,
      reason: 'RestoreCompleted',
      message: 'Restore completed successfully',
      application: { state: 'Unknown', message: 'no service is configured', ranBefore: null, at: AT },
      dataLoss: { from: '2026-02-15T15:05:32.000Z', to: '2026-02-15T15:05:36.000Z', tables: [] },
    }),
  },
  {
    name: 'drill',
    spec: { mode: 'Drill' },
    phases: ['Preflight', 'VerifyingChecksum', 'VerifyingBackup', 'Succeeded'],
    last: {
      reason: 'DrillCompleted',
      message: 'the backup was restored to a scratch file and checked',
      status: {
        ...STARTED,
        completionTime: AT,
        durationSeconds: 4,
        reason: 'DrillCompleted',
        message: 'the backup was restored to a scratch file and checked',
      },
    },
  },
  {
    name: 'extract',
    spec: { mode: 'Extract' },
    phases: ['Preflight', 'VerifyingChecksum', 'VerifyingBackup', 'Succeeded'],
    last: {
      reason: 'ExtractSucceeded',
      message: EXTRACTED,
      status: {
        ...STARTED,
        completionTime: AT,
        durationSeconds: 4,
        reason: 'ExtractSucceeded',
        message: EXTRACTED,
        extract: { path: '/srv/shop/extracts/extract.db', sha256: 'd'.repeat(64), sizeBytes: 3_358_720 },
      },
    },
  },
  {
    name: 'rejected',
    spec: { source: { backupId: 'BKP-20260101-020015-daily' } },
    phases: ['Rejected'],
    last: { status: { reason: 'BackupNotFound', message: 'Backup not found: BKP-20260101-020015-daily' } },
  },
  { name: 'running', spec: {}, phases: ['Preflight', 'SafetyBackup'], last: { status: STARTED } },
]

/** Stores the request and takes it to its end, each step a second after the one before. */
export function record(place: Workplace, { name, spec, annotations = {}, phases, last }: Ending): void {
  place.nowMs = Date.parse('2026-02-15T15:05:30.000Z')
  place.store.create({
    manifest: { metadata: { name, labels: {}, annotations }, spec: manifest(name, spec).spec },
    specHash: 'a'.repeat(64),
    origin: { kind: 'Spool', file: `${name}.yaml` },
    held: false,
    submitter: { name: 'uid 0 (root)', ids: ['uid:0', 'name:root'] },
    events: [{ type: 'Normal', reason: 'Received', message: `read from ${name}.yaml` }],
  })
  place.walk(name, phases, last)
}
