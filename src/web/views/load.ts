/** What a view has fetched: on its way, there, or failed. What was there stays until the new is. */

import { useEffect, useRef, useState } from 'preact/hooks'

import { asCallFailed, type CallFailed } from '../server/client.ts'

export interface Loaded<T> {
  readonly value: T | undefined
  readonly failure: CallFailed | undefined
  readonly loading: boolean
  readonly reload: () => void
}

/**
 * @param key fetched anew when it changes.
 * @param everyMs fetched anew by itself; null: only when asked.
 */
export function useLoaded<T>(
  key: string,
  fetchIt: (signal: AbortSignal) => Promise<T>,
  everyMs: number | null = null,
): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ value: undefined, failure: undefined, loading: true })
  const [round, setRound] = useState(0)
  const last = useRef(fetchIt)
  last.current = fetchIt

  useEffect(() => {
    const ends = new AbortController()
    setState((before) => ({ ...before, loading: true }))
    last.current(ends.signal).then(
      (value) => {
        if (!ends.signal.aborted) setState({ value, failure: undefined, loading: false })
      },
      (error: unknown) => {
        if (ends.signal.aborted) return
        const failure = asCallFailed(error)
        setState(({ value }) => ({ value, failure, loading: false }))
      },
    )
    return () => {
      ends.abort()
    }
  }, [key, round])

  useEffect(() => {
    if (everyMs === null) return undefined
    const timer = setInterval(() => {
      // Nobody looks at a page that is hidden.
      if (!document.hidden) setRound((before) => before + 1)
    }, everyMs)
    return () => {
      clearInterval(timer)
    }
  }, [everyMs])

  return {
    ...state,
    reload: () => {
      setRound((before) => before + 1)
    },
  }
}
