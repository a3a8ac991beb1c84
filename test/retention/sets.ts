/** Sets, rules and requests for the tests of the policy. */

import { brokenTimestamp, compactTimestamp } from '../../src/domain/clock.ts'
import { formatBackupId } from '../../src/domain/backup-id.ts'
import type { BackupType } from '../../src/domain/resource.ts'
import { PRUNE_KINDS, type PrunableSet, type PruneKind, type RetentionRules } from '../../src/domain/retention.ts'
import type { PolicyInput } from '../../src/retention/policy.ts'

export const DAY_MS = 86_400_000
export const NOW = Date.parse('2026-06-30T12:00:00.000Z')
export const ALL_KINDS: ReadonlySet<PruneKind> = new Set(PRUNE_KINDS)

/** As shipped, the application's own backups turned on. */
export const RULES: RetentionRules = {
  safetyBackups: { enabled: true, minAgeMs: 7 * DAY_MS, maxAgeMs: 14 * DAY_MS, keepLast: 1, minFreeBytes: null },
  displacedOriginals: { enabled: true, maxAgeMs: 14 * DAY_MS },
  brokenFiles: { enabled: true, maxAgeMs: 7 * DAY_MS },
  preSqlDumpFiles: { enabled: true, maxAgeMs: 14 * DAY_MS },
  backups: { enabled: true, dailyMs: 7 * DAY_MS, weeklyMs: 28 * DAY_MS, monthlyMs: 365 * DAY_MS },
}

let inode = 0

export function aSet(kind: PruneKind, name: string, createdAtMs: number | null, more: Partial<PrunableSet> = {}) {
  inode += 1
  const set: PrunableSet = {
    kind,
    target: 'app',
    name,
    folder: '/backups',
    files: [{ name, sizeBytes: 100, dev: '1', ino: String(inode), mtimeNs: '0' }],
    createdAtMs,
    type: null,
    whole: true,
    good: true,
    request: null,
    ...more,
  }
  return set
}

/** Whole seconds, as names have them. */
function seconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000
}

export function safety(createdAtMs: number, more: Partial<PrunableSet> = {}): PrunableSet {
  return aSet('safety', `restore_safety_${compactTimestamp(createdAtMs)}.db`, seconds(createdAtMs), more)
}

export function broken(createdAtMs: number, more: Partial<PrunableSet> = {}): PrunableSet {
  return aSet('broken', `app.db.broken.${brokenTimestamp(createdAtMs)}`, seconds(createdAtMs), more)
}

export function backup(type: BackupType, createdAtMs: number, more: Partial<PrunableSet> = {}): PrunableSet {
  const file = {
    name: `app_${type}_${brokenTimestamp(createdAtMs)}.db`,
    sizeBytes: 100,
    dev: '1',
    ino: '1',
    mtimeNs: '0',
  }
  const name = formatBackupId({ type, createdAtMs })
  return aSet('backups', name, seconds(createdAtMs), { type, folder: `/backups/${type}`, files: [file], ...more })
}

export function input(sets: readonly PrunableSet[], more: Partial<PolicyInput> = {}): PolicyInput {
  return {
    sets,
    rules: RULES,
    kinds: ALL_KINDS,
    nowMs: NOW,
    pinOf: () => null,
    isAcknowledged: () => false,
    space: [],
    ...more,
  }
}
