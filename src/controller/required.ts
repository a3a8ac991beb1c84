/** Notes that an earlier phase must have left. A missing one is a fault of the program, not of the operator. */

import { RestoreError } from '../domain/errors.ts'
import type { RestoreWork } from '../domain/work.ts'

export function required<Key extends keyof RestoreWork>(work: RestoreWork, key: Key): NonNullable<RestoreWork[Key]> {
  const note = work[key]
  if (note === undefined) {
    throw new RestoreError(`the notes of this restore lack "${key}"`, {
      reason: 'InternalError',
      hint: 'report this with the output of modosu describe request NAME',
    })
  }
  return note
}
