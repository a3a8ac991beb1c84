/**
 * Whose a safety backup is. Its name says nothing: targets may share a directory, and a name may be given twice in the course
 * of time. The state store's records say it, by path.
 */

import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What the state store recorded when the safety backup was made. */
export interface SafetyRecord {
  readonly path: string
  readonly target: string
}

/**
 * `own`: recorded for the target. `other`: recorded for another one that uses the same directory. `unrecorded`: nobody
 * recorded it, in a directory that only this target uses. `unknown`: it may be of this target or of another one, because
 * nobody recorded it in a shared directory, or because it was recorded for a target that the configuration has no more.
 */
export type Whose = 'own' | 'other' | 'unrecorded' | 'unknown'

export interface OwnedTarget {
  readonly name: string
  readonly backups: { readonly path: string; readonly sharedWith?: readonly string[] }
}

export interface Ownership<R extends SafetyRecord> {
  readonly whose: Whose
  readonly record: R | null
}

/** Answers for the files of one target's backup directory; made anew for each look, since records come and go. */
export class SafetyOwners<R extends SafetyRecord> {
  readonly #target: OwnedTarget
  readonly #records: ReadonlyMap<string, R>

  /** @param records of every target. */
  constructor(target: OwnedTarget, records: readonly R[]) {
    this.#target = target
    const folders = new Map<string, string>()
    this.#records = new Map(records.map((record) => [placeOf(record.path, folders), record]))
  }

  /** @param path in the target's backup directory. */
  of(path: string): Ownership<R> {
    const record = this.#records.get(placeOf(path, new Map())) ?? null
    const sharers = this.#target.backups.sharedWith ?? []
    if (record === null) return { whose: sharers.length > 0 ? 'unknown' : 'unrecorded', record }
    if (record.target === this.#target.name) return { whose: 'own', record }
    return { whose: sharers.includes(record.target) ? 'other' : 'unknown', record }
  }
}

/** The path with the links of its folder resolved; as it is written where the folder is not there. */
function placeOf(path: string, folders: Map<string, string>): string {
  const folder = dirname(path)
  let real = folders.get(folder)
  if (real === undefined) {
    try {
      real = realpathSync(folder)
    } catch {
      real = folder
    }
    folders.set(folder, real)
  }
  return join(real, basename(path))
}
