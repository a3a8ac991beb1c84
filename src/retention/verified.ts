/** What scheduled verification last said of the sets that lie there now. */

import type { BackupSet } from '../catalog/contract.ts'
import { setIdentity } from '../catalog/set-identity.ts'
import type { StateReader } from '../store/reader.ts'
import type { VerificationRecord } from '../store/upkeep.ts'

type Members = Pick<BackupSet, 'id' | 'db' | 'wal'>

/** Which bytes a verification spoke of. */
export function identityOfSet({ db, wal }: Members): Promise<string> {
  return setIdentity([db, wal])
}

/** By backup id; a set whose files have changed since counts as never verified. */
export async function verifiedSets(
  reader: Pick<StateReader, 'upkeep'>,
  target: string,
  sets: readonly Members[],
): Promise<ReadonlyMap<string, VerificationRecord>> {
  const records = new Map(reader.upkeep.verifications(target).map((record) => [record.backupId, record]))
  const valid = new Map<string, VerificationRecord>()
  for (const set of sets) {
    const record = records.get(set.id)
    if (record !== undefined && record.identity === (await identityOfSet(set))) valid.set(set.id, record)
  }
  return valid
}
