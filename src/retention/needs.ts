/** What is needed now, by the state store: asked when a plan is made, and once more in the transaction of each deletion. */

import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import type { Target } from '../domain/target.ts'
import { restoreHistory } from '../store/effective-restores.ts'
import type { StateReader } from '../store/reader.ts'
import { PinIndex } from './pins.ts'
import type { Pin } from './policy.ts'

/** @param targets those of the configuration, whichever of them is being pruned. */
export function pinsOf(reader: StateReader, targets: readonly Target[]): PinIndex {
  const sharers = new Map(targets.map(({ name, backups }) => [name, backups.sharedWith ?? []]))
  return new PinIndex(reader.requests(), {
    sharedWith: (target) => sharers.get(target) ?? [],
    predecessors: predecessorsOf(reader, targets),
  })
}

/** `modosu rollback` can take the last restore of a target back as long as this file is there. */
function predecessorsOf(reader: StateReader, targets: readonly Target[]): ReadonlyMap<string, Pin> {
  const pins = new Map<string, Pin>()
  for (const { name } of targets) {
    const last = restoreHistory(reader, name).effective.at(-1)
    const [file] = last?.kept ?? []
    if (last === undefined || file === undefined) continue
    const why = `it is what the last restore of ${name} (${last.request}) replaced: modosu rollback puts it back`
    pins.set(realPlace(file.path), { request: last.request, why })
  }
  return pins
}

function realPlace(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    return path
  }
}
