/** How an application is stopped and started, whichever way the target's configuration names. */

import type { ServiceState } from './contract.ts'

/** The rejections are those of ServiceOperations. */
export interface ApplicationControl {
  state(): Promise<ServiceState>
  triggers(signal?: AbortSignal): Promise<readonly string[]>
  stop(signal?: AbortSignal): Promise<{ readonly stopped: readonly string[] }>
  release(): Promise<void>
  releaseCommand(): string | null
  /** Why it will not come up by itself any more, with the last line that it wrote; null while it may. Never rejects. */
  givenUp(deadline: AbortSignal): Promise<string | null>
  unstartable(): Promise<string | null>
  endRemaining(pids: readonly number[]): Promise<string | null>
  start(stopped: readonly string[], signal?: AbortSignal): Promise<void>
}

/** Between two questions whether it is down or up by now. */
export const POLL_MS = 200

/** Asking how a service is takes no longer, or the answer is unknown. */
export const STATE_TIMEOUT_MS = 10_000

/** A target without a service: nothing is known, nothing is done. */
export const NO_APPLICATION: ApplicationControl = {
  state: () => Promise.resolve('unknown'),
  triggers: () => Promise.resolve([]),
  stop: () => Promise.resolve({ stopped: [] }),
  release: () => Promise.resolve(),
  releaseCommand: () => null,
  givenUp: () => Promise.resolve(null),
  unstartable: () => Promise.resolve(null),
  endRemaining: () => Promise.resolve('there is no service to ask'),
  start: () => Promise.resolve(),
}
