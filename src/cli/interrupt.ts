/** Signals: SIGINT and SIGTERM as an AbortSignal, SIGHUP as a call. */

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Runs the body with a signal that the first SIGINT or SIGTERM fires.
 *
 * @param again what a second one does: end the process at once, as ever, or nothing: a daemon that carries a restore to its
 *   end is not to be hurried (SIGKILL still can, and the next start recovers).
 */
export async function untilInterrupted<T>(
  body: (signal: AbortSignal) => Promise<T>,
  again: 'dies' | 'waits' = 'dies',
): Promise<T> {
  const controller = new AbortController()
  const stop = (): void => {
    if (again === 'dies') release()
    controller.abort()
  }
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, stop)
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  try {
    return await body(controller.signal)
  } finally {
    release()
  }
}

/** Has each SIGHUP do something in place of ending the process. @returns takes it back. */
export function onHangup(act: () => void): () => void {
  process.on('SIGHUP', act)
  return () => {
    process.off('SIGHUP', act)
  }
}
