/** Names a new safety backup so that nothing on disk is in its way (manual 5.3; D20). */

import { join } from 'node:path'
import { compactTimestamp } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import { isPresent } from './members.ts'

/** A side file that an earlier backup of the name left behind would be replayed into the new one. */
const IN_THE_WAY = ['', '-wal', '-shm', '-journal', '.sha256'] as const

/** Far more than fit into a second; past it something else is wrong. */
const MOST = 1000

/**
 * A free name: `restore_safety_YYYYMMDDHHMMSS.db`, or `…_2.db` and so on where that second is taken.
 *
 * The name is not reserved. Whoever creates the file does so with O_EXCL and asks again when it exists by then.
 *
 * @param timeMs milliseconds since the epoch.
 * @param taken names that somebody else is about to use.
 * @returns the bare file name.
 * @throws RestoreError `NoFreeSafetyName`, `BackupDirectoryUnreadable`
 */
export async function freeSafetyName(
  backupsPath: string,
  timeMs: number,
  taken: ReadonlySet<string> = new Set(),
): Promise<string> {
  const stem = `restore_safety_${compactTimestamp(timeMs)}`
  for (let number = 1; number <= MOST; number++) {
    const name = `${stem}${number === 1 ? '' : `_${number}`}.db`
    if (!taken.has(name) && (await isFree(join(backupsPath, name)))) return name
  }
  throw new RestoreError(`no free name for a safety backup: ${stem}.db and ${MOST - 1} more exist`, {
    reason: 'NoFreeSafetyName',
    hint: 'remove old safety backups: modosu prune --kind safety --dry-run',
  })
}

async function isFree(path: string): Promise<boolean> {
  for (const suffix of IN_THE_WAY) if (await isPresent(`${path}${suffix}`)) return false
  return true
}
