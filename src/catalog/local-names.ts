/** Finds out that the names of a target's backups are in local time though its configuration takes them for UTC. */

import { parseBackupId } from '../domain/backup-id.ts'
import type { BackupSet } from './contract.ts'

/** Every zone is whole quarters of an hour from UTC. */
const QUARTER_MS = 900_000
/** A row of the application's catalog is made so soon before or after the file. */
const CLOSE_MS = 120_000

/**
 * @returns a warning, or null where nothing speaks for it. Only a set whose catalog row tells another time than its name does
 *   can say so: a file's own time is that of whoever copied it last.
 */
export function localNamesWarning(target: string, sets: readonly BackupSet[]): string | null {
  for (const { id, createdAtMs } of sets) {
    const namedMs = parseBackupId(id)?.createdAtMs
    if (namedMs === undefined) continue
    const quarters = Math.round((namedMs - createdAtMs) / QUARTER_MS)
    if (quarters === 0 || Math.abs(namedMs - createdAtMs - quarters * QUARTER_MS) > CLOSE_MS) continue
    const hours = `${quarters > 0 ? '+' : ''}${quarters / 4} h`
    return `the names of the backups of ${target} look like local time (${id} is ${hours} from its catalog row): set backups.timezone, such as Asia/Tokyo`
  }
  return null
}
