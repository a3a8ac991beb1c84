/**
 * The catalogue of reasons: every CamelCase reason that a condition, an event or an error of this program can carry, with
 * the exit code that it means to a script and with cause, check and remedy in both languages (manual 8.1).
 */

import type { Condition } from './conditions.ts'
import type { Phase } from './phases.ts'
import type { RestoreRequest } from './resource.ts'
import { BACKUP_REASONS } from './reasons/backup.ts'
import { CHECK_REASONS } from './reasons/check.ts'
import { DATABASE_REASONS } from './reasons/database.ts'
import { DOOR_REASONS } from './reasons/door.ts'
import type { ExitCode, ReasonEntry } from './reasons/entry.ts'
import { PROGRAM_REASONS } from './reasons/program.ts'
import { PROGRESS_REASONS } from './reasons/progress.ts'
import { REQUEST_REASONS } from './reasons/request.ts'
import { RETENTION_REASONS } from './reasons/retention.ts'
import { ROLLBACK_REASONS } from './reasons/rollback.ts'
import { SERVICE_REASONS } from './reasons/service.ts'
import { WAITING_REASONS } from './reasons/waiting.ts'
import { WORDS } from './reasons/words.ts'

export const REASONS: Readonly<Record<string, ReasonEntry>> = {
  ...REQUEST_REASONS,
  ...WAITING_REASONS,
  ...BACKUP_REASONS,
  ...CHECK_REASONS,
  ...DATABASE_REASONS,
  ...SERVICE_REASONS,
  ...ROLLBACK_REASONS,
  ...RETENTION_REASONS,
  ...PROGRESS_REASONS,
  ...PROGRAM_REASONS,
  ...DOOR_REASONS,
}

/** What is known of a reason, or of any other word that a status or a table shows; however its letters are cased. */
export function findReason(text: string): { readonly reason: string; readonly entry: ReasonEntry } | undefined {
  const wanted = text.toLowerCase()
  const found = [...Object.entries(REASONS), ...Object.entries(WORDS)].find(
    ([reason]) => reason.toLowerCase() === wanted,
  )
  return found === undefined ? undefined : { reason: found[0], entry: found[1] }
}

/** The exit code of a command that an error ended. A reason that nobody catalogued is unexpected: 1. */
export function exitCodeOfReason(reason: string): ExitCode {
  const code = REASONS[reason]?.exitCode ?? 1
  return code === 0 ? 1 : code
}

/**
 * The exit code of `wait` and `restore` for a request that has ended: 0 for Succeeded and for nothing else (R164).
 *
 * @param conditions tell whether a Failed request had begun to change anything.
 */
export function exitCodeFor(phase: Phase, reason: string, conditions: readonly Condition[] = []): ExitCode {
  switch (phase) {
    case 'Succeeded':
      return 0
    case 'RolledBack':
      return 10
    case 'RollbackFailed':
      return 11
    case 'Cancelled':
    case 'Expired':
      return 12
    case 'Rejected':
      return reason === 'BackupNotFound' ? 5 : 7
    case 'Failed':
      return exitCodeOfFailure(reason, conditions)
    case 'Pending':
    case 'Preflight':
    case 'SafetyBackup':
    case 'VerifyingChecksum':
    case 'VerifyingBackup':
    case 'Quiescing':
    case 'Swapping':
    case 'VerifyingRestored':
    case 'Resuming':
    case 'RollingBack':
      return 3
  }
}

const BUSY: readonly string[] = ['Queued', 'RateLimited', 'TargetLocked', 'TargetUnavailable']

/** The exit code of `wait` and `restore` that gave up: 6 where the request could not even begin, 3 where it goes on. */
export function exitCodeOfTimeout({ phase, status }: Pick<RestoreRequest, 'phase' | 'status'>): ExitCode {
  return phase === 'Pending' && BUSY.includes(status.reason ?? '') ? 6 : 3
}

/** What matters first: a database that was changed and not put back. */
function exitCodeOfFailure(reason: string, conditions: readonly Condition[]): ExitCode {
  const is = (type: Condition['type'], status: Condition['status']): boolean =>
    conditions.some((condition) => condition.type === type && condition.status === status)
  if (is('RolledBack', 'False')) return 11
  if (reason === 'DatabaseInUse') return 6
  return is('SafetyBackupTaken', 'True') ? 10 : 7
}
