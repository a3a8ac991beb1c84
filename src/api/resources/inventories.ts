/** How backups, safety backups and targets are looked at, for the lists and the watches of all doors. */

import type { BackupSet } from '../../catalog/contract.ts'
import { futureProblem } from '../../catalog/future.ts'
import { identityOfSet } from '../../controller/verdicts.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Decision } from '../../domain/retention.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import { PATIENT_MS, type BackupIndex } from '../backup-index.ts'
import { Inventory, type Looked } from './inventory.ts'
import { backupObject, ownSafetyBackups, safetyBackupObject, targetObject, targetStateOf } from './objects.ts'

export type InventoryKind = 'Backup' | 'SafetyBackup' | 'Target'

export type Inventories = Readonly<Record<InventoryKind, Inventory>>

export interface InventorySources {
  readonly reader: StateReader
  readonly targets: () => readonly Target[]
  readonly backups: Pick<BackupIndex, 'list'>
  readonly clock: Clock
  /** What retention says of each safety backup, by name. Absent: nobody is asked. */
  readonly keepsSafety?: (target: Target) => Promise<ReadonlyMap<string, Decision>>
}

export function createInventories(sources: InventorySources): Inventories {
  const { targets } = sources
  return {
    Backup: new Inventory(targets, (target, isPatient) => lookAtBackups(sources, target, isPatient)),
    SafetyBackup: new Inventory(targets, (target) =>
      Promise.resolve({ objects: () => safetyObjects(sources, target) }),
    ),
    Target: new Inventory(targets, (target) =>
      Promise.resolve({
        objects: () => Promise.resolve([{ key: target.name, object: presentTarget(sources, target) }]),
      }),
    ),
  }
}

/** As long as the listing and the verdicts are the same, nothing is made anew: a listing is, once anything has changed. */
async function lookAtBackups(sources: InventorySources, target: Target, isPatient: boolean): Promise<Looked> {
  const { sets } = await sources.backups.list(target, isPatient ? PATIENT_MS : undefined)
  const verdicts = sources.reader.upkeep.verifications(target.name)
  const newest = verdicts.reduce((last, { at }) => (at > last ? at : last), '')
  const make = backupMaker(sources, target)
  return {
    stamp: [target, sets, verdicts.length, newest],
    objects: async () => {
      const objects = []
      for (const set of sets) objects.push({ key: set.id, object: await make(set) })
      return objects
    },
  }
}

/** The verdicts are read once; whether one speaks of the bytes that lie there now is asked for each set. */
export function backupMaker(
  { reader, clock }: Pick<InventorySources, 'reader' | 'clock'>,
  target: Target,
): (set: BackupSet) => Promise<object> {
  const verdicts = new Map(reader.upkeep.verifications(target.name).map((record) => [record.backupId, record]))
  return async (set) => {
    const verdict = verdicts.get(set.id)
    const counts = verdict !== undefined && verdict.identity === (await identityOfSet(set))
    return backupObject(target, set, counts ? verdict : undefined, futureProblem(set, clock.nowMs()))
  }
}

export async function safetyObjects(
  { reader, keepsSafety }: Pick<InventorySources, 'reader' | 'keepsSafety'>,
  target: Target,
): Promise<readonly { readonly key: string; readonly object: object }[]> {
  const own = await ownSafetyBackups(target, reader.safetyBackups())
  const decisions = own.length === 0 ? undefined : await keepsSafety?.(target)
  return own.map((each) => ({
    key: each.file.name,
    object: safetyBackupObject(target, each, decisions?.get(each.file.name)),
  }))
}

export function presentTarget({ reader, clock }: Pick<InventorySources, 'reader' | 'clock'>, target: Target): object {
  return targetObject(target, targetStateOf(reader, target, clock.nowMs()))
}
