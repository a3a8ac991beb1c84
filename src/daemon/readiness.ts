/** What must be there for requests to be served, as the checks of /readyz. */

import type { StateReader } from '../store/reader.ts'
import { directoryCheck, type HealthCheck } from '../telemetry/health.ts'
import type { Configuration } from './configuration.ts'

export function readinessChecks(
  { stateDir, spool, targets }: Configuration,
  store: Pick<StateReader, 'meta'>,
): readonly HealthCheck[] {
  return [
    directoryCheck('state', stateDir, 'write'),
    storeCheck(store),
    directoryCheck('spool', spool.path, 'read'),
    ...targets.map((target) => directoryCheck(`backups-${target.name}`, target.backups.path, 'write')),
  ]
}

/** Fails where the state store cannot be read: nothing could be recorded then, so nothing may be begun. */
function storeCheck(store: Pick<StateReader, 'meta'>): HealthCheck {
  return {
    name: 'state-store',
    check: () => {
      store.meta('readyz')
    },
  }
}
