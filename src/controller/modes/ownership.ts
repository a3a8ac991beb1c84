/** Whose a copy is that takes nobody's place. */

import type { StageRequest } from '../../database/contract.ts'

/** A copy holds all that the database holds: nobody but the daemon's user may read it. */
export function ownedByUsAlone(): NonNullable<StageRequest['ownership']> {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o600 }
}
