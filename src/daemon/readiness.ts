/** What must be there for requests to be served, as the checks of /readyz. */

import { abandonedFiles } from '../controller/leftovers.ts'
import { stateHold } from '../controller/state-hold.ts'
import { RestoreError } from '../domain/errors.ts'
import type { StateReader } from '../store/reader.ts'
import type { Target } from '../domain/target.ts'
import { directoryCheck, type HealthCheck } from '../telemetry/health.ts'
import { writeCheck } from './write-check.ts'
import type { Configuration } from './configuration.ts'

export function readinessChecks(
  { stateDir, spool, targets }: Configuration,
  store: Pick<StateReader, 'meta' | 'request'>,
): readonly HealthCheck[] {
  return [
    writeCheck('state', stateDir),
    storeCheck(store),
    lineageCheck(store),
    directoryCheck('spool', spool.path, 'read'),
    ...targets.map((target) => directoryCheck(`backups-${target.name}`, target.backups.path, 'write')),
    ...targets.map((target) => leftoversCheck(target, store)),
  ]
}

/** Fails where files of a restore that the state store does not know lie beside a database: a person must look. */
function leftoversCheck(target: Target, store: Pick<StateReader, 'request'>): HealthCheck {
  return {
    name: `leftovers-${target.name}`,
    check: () => {
      const [first] = abandonedFiles([target], store).filter(({ known }) => !known)
      if (first === undefined) return
      throw new RestoreError(`${first.message}; modosu describe target ${target.name}`, { reason: 'LeftoversFound' })
    },
  }
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

/** Fails while everything is held because the state store is older than the world: a person must look. */
function lineageCheck(store: Pick<StateReader, 'meta'>): HealthCheck {
  return {
    name: 'state-lineage',
    check: () => {
      const hold = stateHold(store)
      if (hold === null) return
      const message = `the state store is older than what was seen of it before: ${hold.signs.join('; ')}; modosu state`
      throw new RestoreError(message, { reason: 'StateRolledBack' })
    },
  }
}
