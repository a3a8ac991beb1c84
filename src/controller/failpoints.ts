/**
 * Named points at which a test ends the daemon, where the machine has no other way to do it at one exact line. Nothing
 * happens unless the one who starts the daemon asks for it in the environment (MODOSU_FAILPOINT=NAME=SIGNAL).
 */

export type Reach = (point: string) => void

const SIGNALS = ['SIGKILL', 'SIGTERM'] as const

/**
 * @param setting such as `Swapping.renamed=SIGKILL`; undefined or empty: no point does anything.
 * @returns told of every point that is reached; the named one ends the process the first time.
 */
export function createFailpoints(setting: string | undefined): Reach {
  const [name, signal] = (setting ?? '').split('=')
  const known = SIGNALS.find((candidate) => candidate === signal)
  if (name === undefined || name === '' || known === undefined) return () => undefined
  let fired = false
  return (point) => {
    if (fired || point !== name) return
    fired = true
    process.kill(process.pid, known)
    // SIGKILL arrives before another line of ours runs only if we wait for it.
    if (known === 'SIGKILL') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
}
