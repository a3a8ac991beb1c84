/** A verification that somebody asks for: its verdict is taken down, and it is recorded in the application's audit table. */

import { verifyBackup, type BackupVerifier } from '../api/backup-verification.ts'
import type { VerificationRecords } from '../controller/verification-records.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import type { Clock } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import type { StateStore } from '../store/store.ts'
import type { CatalogObserver } from './catalog-observer.ts'
import type { LiveTargets } from './live-targets.ts'

export interface VerifierParts {
  readonly targets: Pick<LiveTargets, 'byName'>
  readonly upkeep: Pick<StateStore['upkeep'], 'recordVerification'>
  readonly records: Pick<VerificationRecords, 'write'>
  readonly catalog: Pick<CatalogObserver, 'look'>
  readonly database: DatabaseOperations
  readonly clock: Clock
  readonly scratchDir: string
}

export function createVerifier(parts: VerifierParts): BackupVerifier {
  const { targets, upkeep, records, catalog, database, clock, scratchDir } = parts
  return async (name, id, by) => {
    const target = targets.byName.get(name)
    if (target === undefined) {
      throw new RestoreError(`unknown target: ${name}`, { reason: 'NotFound', hint: 'modosu get targets' })
    }
    const verification = await verifyBackup(target, id, {
      database,
      clock,
      scratchDir,
      record: (verdict) => {
        upkeep.recordVerification(verdict)
        catalog.look(verdict.target)
      },
    })
    const failed = verification.checks.find(({ result }) => result === 'fail')
    await records.write({
      target,
      uid: by.uid,
      username: by.name,
      backupId: verification.backupId,
      failure: failed === undefined ? null : `${failed.name}: ${failed.message}`,
      checks: Object.fromEntries(verification.checks.map((check) => [check.name, check.result])),
    })
    return verification
  }
}
