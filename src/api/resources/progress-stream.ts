/** One request as server-sent events (HTML, 9.2): each state once, from where the client was, until the request has ended. */

import { isTerminal } from '../../domain/phases.ts'
import { toVersionedResource, type RequestResource } from '../../domain/resource-view.ts'
import { safeJson } from '../../domain/unsafe-text.ts'
import type { StateReader } from '../../store/reader.ts'
import type { RequestFeed } from '../request-feed.ts'

const BATCH = 100
/** A proxy ends what is silent for a minute. */
const KEEP_ALIVE_MS = 15_000
/** How soon a client comes back after its connection was lost. */
const RETRY_MS = 2000

export interface ProgressOptions {
  readonly reader: Pick<StateReader, 'request' | 'changes'>
  readonly feed: RequestFeed
  readonly name: string
  /** `Last-Event-ID`: the version that the client has seen last; null: none, or one that is not known. */
  readonly from: number | null
  readonly signal: AbortSignal
}

/** Whether the client has seen the end: then there is nothing to come back for, and the answer is 204. */
export function hasSeenTheEnd(reader: Pick<StateReader, 'request'>, name: string, from: number | null): boolean {
  const request = reader.request(name)
  return request !== undefined && isTerminal(request.phase) && from !== null && from >= request.resourceVersion
}

export async function* progressOf({ reader, feed, name, from, signal }: ProgressOptions): AsyncGenerator<string, void> {
  const sleep = { news: false, wake: (): void => undefined }
  const isQuiet = (): boolean => !sleep.news
  const stir = (): void => {
    sleep.news = true
    sleep.wake()
  }
  const unsubscribe = feed.subscribe((request) => {
    if (request.name === name) stir()
  })
  signal.addEventListener('abort', stir, { once: true })
  try {
    yield `retry: ${RETRY_MS}\n\n`
    let at = from
    while (!signal.aborted) {
      sleep.news = false
      const objects = at === null || !reader.changes.knows(at) ? present(reader, name, at) : since(reader, name, at)
      for (const object of objects) {
        at = Number(object.metadata.resourceVersion)
        yield message('request', String(at), object)
        if (!isTerminal(object.status.phase)) continue
        yield message('end', String(at), { phase: object.status.phase })
        return
      }
      if (objects.length === 0 && isQuiet()) {
        const quiet = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(resolve, KEEP_ALIVE_MS, true)
          sleep.wake = () => {
            clearTimeout(timer)
            resolve(false)
          }
        })
        if (quiet) yield ': waiting\n\n'
      }
    }
  } finally {
    unsubscribe()
  }
}

/** Where what lies between is not known any more, the state that is reached stands for it. */
function present(reader: ProgressOptions['reader'], name: string, seen: number | null): readonly RequestResource[] {
  const request = reader.request(name)
  return request === undefined || request.resourceVersion === seen ? [] : [toVersionedResource(request)]
}

function since(reader: ProgressOptions['reader'], name: string, at: number): readonly RequestResource[] {
  return reader.changes.ofRequest(name, at, BATCH).map(({ object }) => object)
}

function message(event: string, id: string, data: object): string {
  return `event: ${event}\nid: ${id}\ndata: ${safeJson(data)}\n\n`
}
