/** Looks whether what a plan keeps is still there, at the moment at which something else is deleted in its favour. */

import { lstatSync } from 'node:fs'

import type { PrunableSet, PrunePlan } from '../domain/retention.ts'

/** The name of a set that the plan keeps in place of this one and that is no longer there, or null. */
export function lostKeeper(set: PrunableSet, { decisions }: PrunePlan): string | null {
  if (set.kind !== 'safety' && set.kind !== 'backups') return null
  for (const { set: kept, act, deletableAfterMs, pinnedBy } of decisions) {
    if (act !== 'keep' || (deletableAfterMs !== null && pinnedBy === null) || !kept.whole) continue
    if (kept.target !== set.target || kept.kind !== set.kind) continue
    const [main] = kept.files
    if (main !== undefined && lstatSync(`${kept.folder}/${main.name}`, { throwIfNoEntry: false }) === undefined) {
      return kept.name
    }
  }
  return null
}
