/** From the name of a kept file to the set that is restored: a safety backup, or a replaced database that was put aside. */

import { join } from 'node:path'

import type { BackupSet } from '../catalog/contract.ts'
import { isSafetyName, resolvePutAside, resolveSafetyBackup } from '../catalog/safety-backups.ts'
import { SafetyOwners } from '../catalog/safety-owner.ts'
import { RestoreError } from '../domain/errors.ts'
import type { Target } from '../domain/target.ts'
import type { StateReader } from '../store/reader.ts'
import { recordedFile, requireAsPutAside } from './undo.ts'

export interface KeptSet {
  readonly set: BackupSet
  /** The checksum that was recorded when the file was proven; null where none was. */
  readonly stated: string | null
  /** What a person must know of it before it is restored, or null. */
  readonly warning: string | null
}

/**
 * @throws RestoreError `BackupNotFound`, `BackupDirectoryUnreadable`; `WrongTarget` for the safety backup of another target;
 *   `PredecessorChanged` for a file that was put aside and written since.
 */
export async function resolveKept(reader: StateReader, target: Target, name: string): Promise<KeptSet> {
  const kept = recordedFile(reader, target, name)
  if (kept !== undefined && !isSafetyName(name)) {
    await requireAsPutAside(target, kept)
    return { set: await resolvePutAside(target, kept), stated: null, warning: null }
  }
  const set = await resolveSafetyBackup(target, name)
  const { whose, record } = new SafetyOwners(target, reader.safetyBackups()).of(join(target.backups.path, name))
  switch (whose) {
    case 'own':
      return { set, stated: record?.sha256 ?? null, warning: null }
    case 'other':
      throw ofAnother(target, name, record)
    // Its record goes with its deletion; what a restore said of it stays, and a file that came back under the name is held to it.
    case 'unrecorded':
      return { set, stated: kept?.sha256 ?? null, warning: null }
    case 'unknown':
      return { set, stated: kept?.sha256 ?? null, warning: unknownOwner(target, name) }
  }
}

function ofAnother(target: Target, name: string, record: { target: string; request: string } | null): RestoreError {
  const owner = record === null ? 'another target' : `the target ${record.target} (restore ${record.request})`
  return new RestoreError(`${name} is a safety backup of ${owner}, not of ${target.name}`, {
    reason: 'WrongTarget',
    hint: `those of this target: modosu get safety --target ${target.name}`,
  })
}

function unknownOwner({ name: target, backups: { path, sharedWith = [] } }: Target, name: string): string {
  const others = sharedWith.length === 0 ? '' : `, and ${sharedWith.join(', ')} keep theirs in ${path} too`
  return `${name}: the state store does not know it as a safety backup of ${target}${others}; nobody can say whose it is`
}
