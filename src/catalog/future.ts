/**
 * Sets that are dated in the future: some clock was wrong when they were named, and nobody can say how old they are. Nothing
 * chooses one by its age; whoever names one gets it.
 */

import { isFuture, toRfc3339 } from '../domain/clock.ts'
import type { BackupProblem, BackupSet } from './contract.ts'

/** @returns null where the set's date can be true. */
export function futureProblem(
  { id, createdAtMs }: Pick<BackupSet, 'id' | 'createdAtMs'>,
  nowMs: number,
): BackupProblem | null {
  if (!isFuture(createdAtMs, nowMs)) return null
  return {
    reason: 'FutureTimestamp',
    message: `${id} is dated in the future: ${toRfc3339(createdAtMs)}`,
    hint: 'names in local time: set backups.timezone of the target; else a clock was wrong then: name this backup by its id to restore it',
  }
}

/** Newest first, as far as that is known: those of the future come last. */
export function newestFirst<S extends Pick<BackupSet, 'createdAtMs'>>(sets: readonly S[], nowMs: number): S[] {
  const future = (set: S): number => Number(isFuture(set.createdAtMs, nowMs))
  return [...sets].sort((a, b) => future(a) - future(b) || b.createdAtMs - a.createdAtMs)
}
