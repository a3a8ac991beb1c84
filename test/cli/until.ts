/** Waits for something that another process brings about. */

import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 30_000

/** @throws where it does not become true within half a minute: the test fails, it does not hang. */
export async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`not within ${PATIENCE_MS / 1000} s: ${isSo.toString()}`)
    await sleep(20)
  }
}
