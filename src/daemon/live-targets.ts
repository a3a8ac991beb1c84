/**
 * The targets as they are in force. A reload changes them while restores run; a restore that has begun keeps the settings
 * that it began with, and the target takes over its new ones when the restore has ended.
 */

import { isDeepStrictEqual } from 'node:util'
import type { Target } from '../domain/target.ts'

export class LiveTargets {
  /** One map for everybody who asks by name: it changes in place. */
  readonly byName: Map<string, Target>
  readonly #isBusy: (name: string) => boolean
  readonly #listeners: ((targets: readonly Target[]) => void)[] = []
  /** What waits for the end of a restore; null: the target is to go. */
  readonly #waiting = new Map<string, Target | null>()

  /** @param isBusy whether a restore occupies the target now. */
  constructor(targets: readonly Target[], isBusy: (name: string) => boolean) {
    this.byName = new Map(targets.map((target) => [target.name, target]))
    this.#isBusy = isBusy
  }

  get list(): readonly Target[] {
    return [...this.byName.values()]
  }

  /** Told of the whole list after each change. */
  onChange(listener: (targets: readonly Target[]) => void): void {
    this.#listeners.push(listener)
  }

  /** @returns the names of the targets whose settings changed, and of those that have to wait for the end of a restore. */
  replace(targets: readonly Target[]): { readonly changed: readonly string[]; readonly waiting: readonly string[] } {
    const next = new Map(targets.map((target) => [target.name, target]))
    const names = new Set([...this.byName.keys(), ...next.keys()])
    this.#waiting.clear()
    const changed: string[] = []
    for (const name of names) {
      const wanted = next.get(name) ?? null
      if (isDeepStrictEqual(this.byName.get(name) ?? null, wanted)) continue
      if (this.#isBusy(name)) this.#waiting.set(name, wanted)
      else {
        this.#put(name, wanted)
        changed.push(name)
      }
    }
    if (changed.length > 0) this.#tell()
    return { changed, waiting: [...this.#waiting.keys()] }
  }

  /** A restore of the target has ended: what waited for that is in force now. */
  released(name: string): void {
    const wanted = this.#waiting.get(name)
    if (wanted === undefined || this.#isBusy(name)) return
    this.#waiting.delete(name)
    this.#put(name, wanted)
    this.#tell()
  }

  #put(name: string, target: Target | null): void {
    if (target === null) this.byName.delete(name)
    else this.byName.set(name, target)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.list)
  }
}
