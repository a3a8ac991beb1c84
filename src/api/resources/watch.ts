/** Watching requests: each change once and in order, from where the client was, over restarts of the daemon too. */

import { API_VERSION, REQUEST_KIND } from '../../domain/resource.ts'
import { toVersionedResource, type RequestResource } from '../../domain/resource-view.ts'
import type { Selector } from '../../manifest/selectors.ts'
import type { ChangeRecord } from '../../store/change-log.ts'
import type { StateReader } from '../../store/reader.ts'
import { mayAct, type Caller } from '../caller.ts'
import { toErrorAnswer } from '../http-status.ts'
import type { RequestFeed } from '../request-feed.ts'
import { statusObject } from '../status-object.ts'
import { expired } from './selection.ts'

export interface WatchOptions {
  readonly reader: Pick<StateReader, 'requestsAfter' | 'changes'>
  readonly feed: RequestFeed
  readonly caller: Caller
  readonly isMeant: Selector
  /** The version that the client has seen last; null: everything that is there comes first. */
  readonly from: number | null
  /** Tells now and then how far the client is, so that it need not begin anew after a quiet time. */
  readonly bookmarks: boolean
  readonly timeoutMs: number
  /** Ends it: the client has gone, or the daemon stops. */
  readonly signal: AbortSignal
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: object
}

/** Read in one turn of the event loop. */
export const BATCH = 100
export const BOOKMARK_MS = 60_000

/** @throws RestoreError `ResourceExpired` before anything is sent, where the client has to list anew. */
export function watchRequests(options: WatchOptions): AsyncGenerator<WatchEvent, void> {
  const { from, reader } = options
  if (from !== null && !reader.changes.knows(from)) throw expired(`resourceVersion ${from}`)
  return follow(options)
}

async function* follow(options: WatchOptions): AsyncGenerator<WatchEvent, void> {
  const { reader, bookmarks, timeoutMs, signal } = options
  const sleeper = new Sleeper((stir) => options.feed.subscribe(stir), signal)
  const endMs = performance.now() + timeoutMs
  let bookmarkMs = performance.now() + BOOKMARK_MS
  try {
    let at = options.from ?? reader.changes.version()
    if (options.from === null) {
      yield* present(options)
      if (bookmarks) yield bookmark(at)
    }
    while (!signal.aborted && performance.now() < endMs) {
      // A client that reads slowly may fall behind what is kept: then there is a gap, and it must know.
      if (!reader.changes.knows(at)) {
        yield { type: 'ERROR', object: statusObject(toErrorAnswer(expired(`resourceVersion ${at}`))) }
        return
      }
      const batch = reader.changes.after(at, BATCH)
      for (const change of batch) {
        const event = eventOf(options, change)
        if (event !== null) yield event
        at = change.version
      }
      if (batch.length > 0) continue
      if (bookmarks && performance.now() >= bookmarkMs) {
        yield bookmark(at)
        bookmarkMs = performance.now() + BOOKMARK_MS
      }
      await sleeper.sleep(Math.min(endMs, bookmarkMs) - performance.now())
    }
    if (bookmarks) yield bookmark(at)
  } finally {
    sleeper.close()
  }
}

function* present({ reader, caller, isMeant }: WatchOptions): Generator<WatchEvent> {
  for (let last = 0; ;) {
    const batch = reader.requestsAfter(last, BATCH)
    for (const request of batch) {
      last = request.seq
      if (request.forgottenAt !== null) continue
      const object = toVersionedResource(request)
      if (mayAct(caller, 'viewer', request.spec.target) && isMeant(object)) yield { type: 'ADDED', object }
    }
    if (batch.length < BATCH) return
  }
}

/** An object that is not meant any more is gone for this client, and one that has come to be meant is new to it. */
function eventOf(
  { reader, caller, isMeant }: WatchOptions,
  { type, request, target, version, object }: ChangeRecord,
): WatchEvent | null {
  if (!mayAct(caller, 'viewer', target)) return null
  if (type === 'DELETED') return isMeant(object) ? { type, object } : null
  // One that has left the lists may still change, as when it is acknowledged.
  if (object.status.forgottenAt !== undefined) return null
  const meant = isMeant(object)
  if (type === 'ADDED') return meant ? { type, object } : null
  const before = reader.changes.before(request, version)
  // What it was before is not kept any more: a client takes the end of what it never saw for nothing.
  const wasMeant = before === undefined || isMeant(before.object)
  if (meant) return { type: wasMeant ? 'MODIFIED' : 'ADDED', object }
  return wasMeant ? { type: 'DELETED', object } : null
}

function bookmark(version: number): WatchEvent {
  const metadata: Partial<RequestResource['metadata']> = { resourceVersion: String(version) }
  return { type: 'BOOKMARK', object: { apiVersion: API_VERSION, kind: REQUEST_KIND, metadata } }
}

/** Sleeps until something was committed since the last sleep, the time is over, or the end. */
export class Sleeper {
  readonly #signal: AbortSignal
  readonly #unsubscribe: () => void
  #news = true
  #wake: () => void = () => undefined

  constructor(subscribe: (stir: () => void) => () => void, signal: AbortSignal) {
    this.#signal = signal
    const stir = (): void => {
      this.#news = true
      this.#wake()
    }
    this.#unsubscribe = subscribe(stir)
    signal.addEventListener('abort', stir, { once: true })
  }

  async sleep(forMs: number): Promise<void> {
    if (!this.#news && !this.#signal.aborted && forMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, forMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.#news = false
  }

  close(): void {
    this.#unsubscribe()
  }
}
