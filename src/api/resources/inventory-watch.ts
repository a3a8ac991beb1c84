/** Watching backups, safety backups or targets: each change that a look has found, once and in order, from where the client was. */

import { API_VERSION } from '../../domain/resource.ts'
import type { Selector } from '../../manifest/selectors.ts'
import { mayAct, type Caller } from '../caller.ts'
import { toErrorAnswer } from '../http-status.ts'
import { statusObject } from '../status-object.ts'
import type { Inventory, InventoryChange, SeenObject } from './inventory.ts'
import { expired } from './selection.ts'
import { BATCH, BOOKMARK_MS, Sleeper, type WatchEvent } from './watch.ts'

/** How often somebody who watches has the disk looked at. */
export const LOOK_MS = 2000

export interface InventoryWatch {
  readonly inventory: Inventory
  readonly kind: string
  /** null: of every target that the client may see, one that comes later too. */
  readonly target: string | null
  readonly caller: Caller
  readonly isMeant: Selector
  /** The version that the client has seen last; null: everything that is there comes first. */
  readonly from: string | null
  readonly bookmarks: boolean
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** @throws RestoreError `ResourceExpired` before anything is sent, where the client has to list anew. */
export function watchInventory(options: InventoryWatch): AsyncGenerator<WatchEvent, void> {
  const { from, inventory } = options
  const at = from === null ? null : inventory.numberOf(from)
  if (from !== null && at === null) throw expired(`resourceVersion ${from}`)
  return follow(options, at)
}

async function* follow(options: InventoryWatch, from: number | null): AsyncGenerator<WatchEvent, void> {
  const { inventory, bookmarks, timeoutMs, signal } = options
  const sleeper = new Sleeper((stir) => inventory.subscribe(stir), signal)
  const endMs = performance.now() + timeoutMs
  let bookmarkMs = performance.now() + BOOKMARK_MS
  const looking = lookNowAndThen(inventory, signal)
  try {
    let at = from
    if (at === null) {
      await inventory.refreshAll(false)
      // Both in one turn: nothing changes between the objects and their version.
      const present = inventory.seen(options.target)
      at = inventory.numberOf(inventory.version) ?? 0
      yield* presentOf(options, present)
      if (bookmarks) yield bookmark(options, at)
    }
    while (!signal.aborted && performance.now() < endMs) {
      // A client that reads slowly may fall behind what is kept: then there is a gap, and it must know.
      if (!inventory.knows(at)) {
        const gap = expired(`resourceVersion ${inventory.versionOf(at)}`)
        yield { type: 'ERROR', object: statusObject(toErrorAnswer(gap)) }
        return
      }
      const batch = inventory.after(at, BATCH)
      for (const change of batch) {
        const event = eventOf(options, change)
        if (event !== null) yield event
        at = change.number
      }
      if (batch.length > 0) continue
      if (bookmarks && performance.now() >= bookmarkMs) {
        yield bookmark(options, at)
        bookmarkMs = performance.now() + BOOKMARK_MS
      }
      await sleeper.sleep(Math.min(endMs, bookmarkMs) - performance.now())
    }
    if (bookmarks) yield bookmark(options, at)
  } finally {
    looking.end()
    sleeper.close()
  }
}

/** One look after the other, however many watch. */
const lookers = new WeakMap<Inventory, { count: number; timer: NodeJS.Timeout }>()

function lookNowAndThen(inventory: Inventory, signal: AbortSignal): { end(): void } {
  const shared = lookers.get(inventory) ?? { count: 0, timer: startLooking(inventory) }
  lookers.set(inventory, shared)
  shared.count += 1
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    shared.count -= 1
    if (shared.count > 0) return
    clearInterval(shared.timer)
    lookers.delete(inventory)
  }
  signal.addEventListener('abort', end, { once: true })
  return { end }
}

function startLooking(inventory: Inventory): NodeJS.Timeout {
  let looks = false
  return setInterval(() => {
    if (looks) return
    looks = true
    void inventory.refreshAll(true).finally(() => {
      looks = false
    })
  }, LOOK_MS).unref()
}

type Shown = object & { readonly metadata: object }

function* presentOf({ caller, isMeant }: InventoryWatch, present: readonly SeenObject[]): Generator<WatchEvent> {
  for (const { target, text } of present) {
    const object = JSON.parse(text) as Shown
    if (mayAct(caller, 'viewer', target) && isMeant(object)) yield { type: 'ADDED', object }
  }
}

/** An object that is not meant any more is gone for this client, and one that has come to be meant is new to it. */
function eventOf({ caller, isMeant, target }: InventoryWatch, change: InventoryChange): WatchEvent | null {
  if ((target ?? change.target) !== change.target || !mayAct(caller, 'viewer', change.target)) return null
  const object = JSON.parse(change.text) as Shown
  const meant = change.type !== 'DELETED' && isMeant(object)
  const wasMeant = change.before !== null && isMeant(JSON.parse(change.before) as Shown)
  if (meant) return { type: wasMeant ? 'MODIFIED' : 'ADDED', object }
  return wasMeant ? { type: 'DELETED', object } : null
}

function bookmark({ inventory, kind }: InventoryWatch, at: number): WatchEvent {
  const metadata = { resourceVersion: inventory.versionOf(at) }
  return { type: 'BOOKMARK', object: { apiVersion: API_VERSION, kind, metadata } }
}
