/** What becomes of a set whose `-wal` was compared with its main file: let through, let through with a word, or refused. */

import { RestoreError } from '../domain/errors.ts'
import type { WalFit } from './contract.ts'

interface WalOfSet {
  readonly wal: string | null
  readonly expectedDb: string | null
  readonly expectedWal: string | null
}

/**
 * A recorded checksum of both files says that they were made together, so it outweighs what merely speaks against it.
 *
 * @returns what is to be said; null where there is nothing.
 * @throws RestoreError `WalMismatch`.
 */
export function judgeWalOfSet(set: WalOfSet, fit: WalFit | null): string | null {
  const { wal, expectedDb, expectedWal } = set
  if (fit === null || wal === null) return null
  const attested = expectedDb !== null && expectedWal !== null
  switch (fit.verdict) {
    case 'nothing':
      return null
    case 'continues':
      return attested
        ? null
        : `no checksum is recorded for ${wal}: that it was made together with the database is likely, not proven`
    case 'partial':
      if (attested) return null
      throw mismatch(wal, fit.why, ATTEST)
    case 'doubtful':
      if (attested)
        return `${wal} may not belong to its database: ${fit.why}; the checksum file lists both, so it is used`
      throw mismatch(wal, fit.why, ATTEST)
    case 'impossible':
      throw mismatch(wal, fit.why, 'move it away if the database is complete without it, or choose another backup')
  }
}

const ATTEST =
  'choose another backup; if you know that both files were copied at one moment, write their checksums beside them: ' +
  'sha256sum NAME.db NAME.db-wal > NAME.sha256'

function mismatch(wal: string, why: string, hint: string): RestoreError {
  return new RestoreError(`the -wal is not of this backup: ${wal}: ${why}`, { reason: 'WalMismatch', hint })
}
