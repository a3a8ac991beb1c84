/** A restore that takes the daemon down with it each time must not keep doing so. */

import { RestoreError } from '../../domain/errors.ts'
import type { PhaseContext } from '../context.ts'

const MOST_RESTARTS = 5

/**
 * Asked where the application can still be started again by the failure's own way out: an earlier attempt of the same
 * restore may have stopped it.
 *
 * @throws RestoreError `CrashLoop`, where the daemon was started more than five times while this restore was under way.
 */
export function requireFewRestarts({ work, request }: PhaseContext): void {
  const restarts = work.restarts ?? 0
  if (restarts <= MOST_RESTARTS) return
  throw new RestoreError(`the daemon was started ${restarts} times while this restore was under way`, {
    reason: 'CrashLoop',
    hint:
      'the database was not changed; look for the cause with journalctl -u modosu, then: modosu retry ' + request.name,
  })
}
