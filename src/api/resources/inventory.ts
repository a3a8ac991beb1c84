/**
 * What there is besides requests, as it was seen last, and each change since, under numbers of this daemon's life alone.
 * These objects lie on disk, where nobody tells of a change: each look is compared with the one before, so that a list and
 * the watch after it fit together. A look that fails leaves what was seen.
 */

import { createHash, randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Target } from '../../domain/target.ts'

export interface Looked {
  /** Where each part is the same as at the look before, so are the objects: they are not made. Absent: nobody can tell. */
  readonly stamp?: readonly unknown[]
  /** By the name that each has within its target. */
  readonly objects: () => Promise<readonly { readonly key: string; readonly object: object }[]>
}

/** @param isPatient nobody waits for the answer: it need not cost much. */
export type Look = (target: Target, isPatient: boolean) => Promise<Looked>

export interface SeenObject {
  readonly key: string
  readonly target: string
  /** JSON, with its version in it. */
  readonly text: string
}

export interface InventoryChange {
  readonly number: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly target: string
  readonly text: string
  /** As it was before; null: it was not there. */
  readonly before: string | null
}

interface Seen extends SeenObject {
  /** Of the object without its version, to compare with. */
  readonly hash: string
}

/** What changed most lately; who is further behind lists anew. The texts are those of the objects that are there, so it costs little. */
const KEPT = 10_000
/** Ten thousand objects in one turn would hold up everything else. */
const BATCH = 100

export class Inventory {
  /** A number of another life, or of a daemon whose clock was set back, is none of this one. */
  readonly #life = randomBytes(6).toString('hex')
  readonly #look: Look
  readonly #targets: () => readonly Target[]
  readonly #seen = new Map<string, ReadonlyMap<string, Seen>>()
  readonly #stamps = new Map<string, Looked['stamp']>()
  readonly #listeners = new Set<() => void>()
  #changes: InventoryChange[] = []
  #number = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(targets: () => readonly Target[], look: Look) {
    this.#targets = targets
    this.#look = look
  }

  get version(): string {
    return this.versionOf(this.#number)
  }

  versionOf(number: number): string {
    return `${this.#life}-${number}`
  }

  /** @returns null where not everything after that version is known here. */
  numberOf(version: string): number | null {
    const [life, digits = ''] = version.split('-')
    if (life !== this.#life || !/^\d{1,15}$/.test(digits)) return null
    return this.knows(Number(digits)) ? Number(digits) : null
  }

  knows(number: number): boolean {
    const oldest = this.#changes[0]?.number ?? this.#number + 1
    return number <= this.#number && number >= oldest - 1
  }

  /** Oldest first. */
  after(number: number, limit: number): readonly InventoryChange[] {
    const oldest = this.#changes[0]?.number ?? 0
    const start = Math.max(0, number + 1 - oldest)
    return this.#changes.slice(start, start + limit)
  }

  /** What was seen last of a target, or of all of them, in the order of the look. */
  seen(target: string | null): readonly SeenObject[] {
    const names = target === null ? this.#targets().map(({ name }) => name) : [target]
    return names.flatMap((name) => [...(this.#seen.get(name)?.values() ?? [])])
  }

  /** @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /**
   * Looks at a target, and takes down what is other than before. One look after the other: the version afterwards is the
   * version of what was seen.
   *
   * @throws what the look rejects with.
   */
  refresh(target: Target, isPatient = false): Promise<void> {
    const done = this.#turn.then(() => this.#refresh(target, isPatient))
    this.#turn = done.catch(() => undefined)
    return done
  }

  /** Looks at every target; one that cannot be looked at stays as it was. Never rejects. */
  async refreshAll(isPatient: boolean): Promise<void> {
    for (const target of this.#targets()) await this.refresh(target, isPatient).catch(() => undefined)
  }

  async #refresh(target: Target, isPatient: boolean): Promise<void> {
    const { stamp, objects } = await this.#look(target, isPatient)
    this.#forgetOldTargets()
    const last = this.#stamps.get(target.name)
    if (stamp !== undefined && stamp.every((part, index) => part === last?.[index])) return
    const before = this.#seen.get(target.name) ?? new Map<string, Seen>()
    const after = new Map<string, Seen>()
    // Nobody else takes a number meanwhile: one look comes after the other.
    const changes: InventoryChange[] = []
    const next = (): number => this.#number + changes.length + 1
    for (const [index, { key, object }] of (await objects()).entries()) {
      if (index % BATCH === BATCH - 1) await nextTurn()
      const hash = hashOf(object)
      const known = before.get(key)
      if (known?.hash === hash) {
        after.set(key, known)
        continue
      }
      const text = withVersion(object, this.versionOf(next()))
      after.set(key, { key, target: target.name, hash, text })
      const type = known === undefined ? 'ADDED' : 'MODIFIED'
      changes.push({ number: next(), type, target: target.name, text, before: known?.text ?? null })
    }
    for (const seen of before.values()) if (!after.has(seen.key)) changes.push(this.#gone(seen, next()))
    // In one turn: who looks between two of these would see half a change.
    this.#seen.set(target.name, after)
    this.#stamps.set(target.name, stamp)
    this.#record(changes)
  }

  #forgetOldTargets(): void {
    const names = new Set(this.#targets().map(({ name }) => name))
    for (const [name, objects] of this.#seen) {
      if (names.has(name)) continue
      this.#seen.delete(name)
      this.#stamps.delete(name)
      this.#record([...objects.values()].map((seen, index) => this.#gone(seen, this.#number + 1 + index)))
    }
  }

  #gone({ target, text }: Seen, number: number): InventoryChange {
    const last = JSON.parse(text) as object
    return { number, type: 'DELETED', target, text: withVersion(last, this.versionOf(number)), before: text }
  }

  #record(changes: readonly InventoryChange[]): void {
    if (changes.length === 0) return
    this.#number += changes.length
    this.#changes = this.#changes.concat(changes)
    // Not at each one: what is cut off is copied.
    if (this.#changes.length >= 2 * KEPT) this.#changes = this.#changes.slice(-KEPT)
    for (const listener of [...this.#listeners]) listener()
  }
}

function hashOf(object: object): string {
  return createHash('sha256').update(JSON.stringify(object)).digest('base64')
}

function withVersion(object: object, resourceVersion: string): string {
  const { metadata } = object as { readonly metadata?: object }
  return JSON.stringify({ ...object, metadata: { ...metadata, resourceVersion } })
}
