/**
 * The heartbeat for the service manager's watchdog (WatchdogSec=). It is no timer's word: each beat has gone through the work
 * queue and has read the state store. An idle queue lets it pass at once; one that works lets it pass with the next turn that
 * ends; a queue whose every turn hangs, a store that does not answer and an event loop that stands still let nothing pass, and
 * the manager restarts the daemon.
 */

import type { ServiceManager } from './notify.ts'

/** Of the watchdog's time: one lost beat is not the end. */
const BEATS_PER_PERIOD = 3

/**
 * @param beat resolves when the work is seen to go on.
 * @returns ends it.
 */
export function startHeartbeat(manager: ServiceManager, beat: () => Promise<void>): () => void {
  if (manager.watchdogMs === null) return () => undefined
  let pending = false
  const step = async (): Promise<void> => {
    if (pending) return
    pending = true
    try {
      await beat()
      manager.notify('WATCHDOG=1')
    } catch {
      // No beat: whoever cannot read the state store says so where it is used.
    } finally {
      pending = false
    }
  }
  void step()
  const timer = setInterval(() => void step(), Math.max(100, manager.watchdogMs / BEATS_PER_PERIOD))
  return () => {
    clearInterval(timer)
  }
}
