/** Looking again whenever the state store has changed. It is polled: SQLite tells nobody of another process's writes. */

import { setTimeout as sleep } from 'node:timers/promises'

import type { StateReader } from '../store/reader.ts'

const POLL_MS = 200

/** Says whether it has seen enough. */
export type Look = () => boolean | Promise<boolean>

/**
 * Looks at once and then after every change of the store by anybody, until the look has seen enough or the signal fires.
 *
 * What changes during a look is one more look, not several.
 */
export async function lookAtChanges(reader: StateReader, signal: AbortSignal, look: Look): Promise<void> {
  let seen: number | undefined
  while (!signal.aborted) {
    // Read before the look reads: a change in between is looked at again, never missed.
    const version = reader.dataVersion()
    if (version !== seen) {
      seen = version
      if (await look()) return
    } else {
      await pause(POLL_MS, signal)
    }
  }
}

/** Looks at once and then at the given interval. */
export async function lookEvery(everyMs: number, signal: AbortSignal, look: Look): Promise<void> {
  while (!signal.aborted) {
    if (await look()) return
    await pause(everyMs, signal)
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch {
    // The signal has fired: the loop sees it.
  }
}
