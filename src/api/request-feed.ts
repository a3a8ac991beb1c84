/** Tells those who wait for a request of each of its commits. Nobody is told of what was before: look at the store first. */

import type { StoredRequest } from '../store/rows.ts'

export type FeedListener = (request: StoredRequest) => void

export class RequestFeed {
  readonly #listeners = new Set<FeedListener>()

  /** To be called after each commit of the state store. */
  committed(request: StoredRequest): void {
    for (const listener of [...this.#listeners]) listener(request)
  }

  /** @returns ends it. */
  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }
}

/**
 * Waits until the request is as it is waited for.
 *
 * @param look at the store, now and after each commit of this request; undefined: it is not so yet.
 * @throws what the signal was raised with.
 */
export async function until<T>(
  feed: RequestFeed,
  name: string,
  look: () => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted()
  const found = look()
  if (found !== undefined) return found
  return new Promise((resolve, reject) => {
    const end = (): void => {
      unsubscribe()
      signal.removeEventListener('abort', abort)
    }
    const abort = (): void => {
      end()
      reject(signal.reason as Error)
    }
    const unsubscribe = feed.subscribe((request) => {
      if (request.name !== name) return
      const seen = look()
      if (seen === undefined) return
      end()
      resolve(seen)
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}
