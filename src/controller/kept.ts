/** From the name of a kept file to the set that is restored: a safety backup, or a replaced database that was put aside. */

import type { BackupSet } from '../catalog/contract.ts'
import { isSafetyName, resolvePutAside, resolveSafetyBackup } from '../catalog/safety-backups.ts'
import type { Target } from '../domain/target.ts'
import type { StateReader } from '../store/reader.ts'
import { recordedOriginal, requireAsPutAside } from './undo.ts'

export interface KeptSet {
  readonly set: BackupSet
  /** The checksum that was recorded when the file was proven; null where none was. */
  readonly stated: string | null
}

/**
 * @throws RestoreError `BackupNotFound`, `BackupDirectoryUnreadable`; `PredecessorChanged` for a file that was put aside and
 *   written since.
 */
export async function resolveKept(reader: StateReader, target: Target, name: string): Promise<KeptSet> {
  const aside = isSafetyName(name) ? undefined : recordedOriginal(reader, target, name)
  if (aside !== undefined) {
    await requireAsPutAside(target, aside)
    return { set: await resolvePutAside(target, aside), stated: null }
  }
  const set = await resolveSafetyBackup(target, name)
  const stated = reader.safetyBackups(target.name).find((safety) => safety.name === name)?.sha256 ?? null
  return { set, stated }
}
