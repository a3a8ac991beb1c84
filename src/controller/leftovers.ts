/** Files of a restore that nobody is going to finish: its notes are lost, or it has ended without putting things in order. */

import { explainLeftover, findLeftovers, type Explanation } from '../database/leftovers.ts'
import { occupiesTarget } from '../domain/phases.ts'
import type { Target } from '../domain/target.ts'
import type { StateReader } from '../store/reader.ts'

export interface AbandonedFiles extends Explanation {
  readonly target: string
  readonly request: string
  /** Whether the state store knows a restore of that name on the target that came this far. */
  readonly known: boolean
}

/** Looks at names and inodes beside the targets' databases; opens none. */
export function abandonedFiles(targets: readonly Target[], reader: Pick<StateReader, 'request'>): AbandonedFiles[] {
  return targets.flatMap((target) =>
    findLeftovers(target.database).flatMap((leftover) => {
      const request = reader.request(leftover.request)
      const ours = request?.spec.target === target.name ? request : undefined
      if (ours !== undefined && occupiesTarget(ours.phase)) return []
      // A request that waits has not touched anything: the files are of an earlier life of its name.
      const known = ours !== undefined && ours.phase !== 'Pending'
      const restored = known ? (ours.work.staged?.identity ?? null) : null
      const explanation = explainLeftover(target.database, target, leftover, { restored })
      return [{ ...explanation, target: target.name, request: leftover.request, known }]
    }),
  )
}
