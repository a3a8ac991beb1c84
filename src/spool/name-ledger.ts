/**
 * Which files give which names, in the order in which they began to, and since when a name is in none. Knows no files
 * and no clock: times are milliseconds of any clock that only goes forward.
 */

import type { EntryKey } from './entry-name.ts'

export class NameLedger {
  /** Never an empty list. */
  readonly #givers = new Map<string, readonly EntryKey[]>()
  readonly #namesOf = new Map<EntryKey, ReadonlySet<string>>()
  readonly #missingSince = new Map<string, number>()

  /** The files that give a name, the first giver first. */
  giversOf(name: string): readonly EntryKey[] {
    return this.#givers.get(name) ?? []
  }

  namesOf(key: EntryKey): ReadonlySet<string> {
    return this.#namesOf.get(key) ?? new Set()
  }

  /**
   * Says which names a file gives now; none when it is gone.
   *
   * @returns every name that it gave before or gives now.
   */
  set(key: EntryKey, names: ReadonlySet<string>, nowMs: number): ReadonlySet<string> {
    const before = this.namesOf(key)
    if (names.size === 0) this.#namesOf.delete(key)
    else this.#namesOf.set(key, names)
    for (const name of names) {
      if (!before.has(name)) this.#givers.set(name, [...this.giversOf(name), key])
      this.#missingSince.delete(name)
    }
    for (const name of before) {
      if (names.has(name)) continue
      const others = this.giversOf(name).filter((giver) => giver !== key)
      if (others.length > 0) this.#givers.set(name, others)
      else {
        this.#givers.delete(name)
        this.#missingSince.set(name, nowMs)
      }
    }
    return new Set([...before, ...names])
  }

  /** Names that must be in some file; those that are in none have been missing since now. */
  expect(names: ReadonlySet<string>, nowMs: number): void {
    for (const name of names) {
      if (!this.#givers.has(name) && !this.#missingSince.has(name)) this.#missingSince.set(name, nowMs)
    }
  }

  /** The names that are missing, with the time since when. */
  missing(): readonly (readonly [name: string, sinceMs: number])[] {
    return Array.from(this.#missingSince)
  }

  /** The absence of a name has been told; it is told once. */
  forget(name: string): void {
    this.#missingSince.delete(name)
  }

  /** While the directory could not be read nobody knows what was in it: every absence begins anew. */
  restartGrace(nowMs: number): void {
    for (const name of this.#missingSince.keys()) this.#missingSince.set(name, nowMs)
  }
}
