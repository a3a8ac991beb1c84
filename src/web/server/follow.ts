/** Follows one request to its end, over lost connections, restarts of the daemon and ends of the session. */

import type { Walked } from '../../domain/steps.ts'
import { isTerminal } from '../../domain/phases.ts'
import { call, CallFailed, RESOURCES } from './client.ts'
import type { List, RestoreRequest } from './objects.ts'

export interface Followed {
  readonly request: RestoreRequest
  readonly walk: readonly Walked[]
}

export interface Follower {
  /** In the order in which the request changed. */
  changed(followed: Followed): void
  /** Whether the server is being listened to. */
  connected(isConnected: boolean): void
  /** There is no such request, or it is not this person's to see. */
  refused(error: CallFailed): void
}

const RETRY_MS = 2000

export function pathOf(name: string): string {
  return `${RESOURCES}/restorerequests/${encodeURIComponent(name)}`
}

/** @returns ends it. */
export function follow(name: string, follower: Follower): () => void {
  const ends = new AbortController()
  const { signal } = ends
  let stream: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let shown = -1

  /** The states come one after the other, and so are they shown. */
  let turn = Promise.resolve()
  const show = (request: RestoreRequest): void => {
    turn = turn
      .then(async () => {
        const walk = await call<List<Walked>>(`${pathOf(name)}/transitions`, { signal })
        const version = Number(request.metadata.resourceVersion)
        if (signal.aborted || version < shown) return
        shown = version
        follower.changed({ request, walk: walk.items })
      })
      .catch(() => undefined)
  }

  const again = (): void => {
    if (signal.aborted) return
    clearTimeout(timer)
    timer = setTimeout(() => void begin(), RETRY_MS)
  }

  /** A call first: it says what is wrong, and asks for a login where the session has ended; a stream only breaks. */
  const begin = async (): Promise<void> => {
    try {
      const request = await call<RestoreRequest>(pathOf(name), { signal })
      follower.connected(true)
      show(request)
      if (isTerminal(request.status.phase)) return
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof CallFailed && [403, 404].includes(error.status)) {
        follower.refused(error)
        return
      }
      follower.connected(false)
      again()
      return
    }
    listen()
  }

  const listen = (): void => {
    const source = new EventSource(`${pathOf(name)}/events`)
    stream = source
    source.addEventListener('open', () => {
      follower.connected(true)
    })
    source.addEventListener('request', (event) => {
      show(JSON.parse((event as MessageEvent<string>).data) as RestoreRequest)
    })
    source.addEventListener('end', () => {
      source.close()
    })
    source.addEventListener('error', () => {
      if (signal.aborted) return
      follower.connected(false)
      source.close()
      again()
    })
  }

  void begin()
  return () => {
    ends.abort()
    clearTimeout(timer)
    stream?.close()
  }
}
