/** What the running daemon says of itself: the failing checks of its /readyz. */

import type { ListenAddress } from '../../daemon/configuration.ts'

const ANSWER_MS = 5000

/** @returns the lines of the checks that fail; empty where all pass, or it does not answer there, which other checks tell. */
export async function lookAtReadiness({ host, port }: ListenAddress): Promise<readonly string[]> {
  const named = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const authority = named.includes(':') ? `[${named}]` : named
  try {
    const answer = await fetch(`http://${authority}:${port}/readyz?verbose`, { signal: AbortSignal.timeout(ANSWER_MS) })
    if (answer.status === 200) return []
    const text = await answer.text()
    return text.split('\n').flatMap((line) => /^\[-\](.*)$/.exec(line)?.[1] ?? [])
  } catch {
    return []
  }
}
