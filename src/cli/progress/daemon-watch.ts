/** Says it, once, when the daemon is gone while somebody waits for what only the daemon can bring about. */

import type { CliContext } from '../context.ts'

const LOOK_EVERY_MS = 5000
/** A look must not outlive the wait that it serves by much. */
const PATIENCE_MS = 3000

/** @returns ends the watch. */
export function watchDaemon(context: CliContext): () => void {
  const client = context.client({ timeoutMs: PATIENCE_MS })
  let told = false
  const timer = setInterval(() => {
    void client.alive().then((alive) => {
      if (!alive && !told) {
        context.output.warning(context.sayings.daemonGone)
      }
      told = !alive
    })
  }, LOOK_EVERY_MS)
  return () => {
    clearInterval(timer)
  }
}
