/** Who may interrupt a phase, and when: a cancel and the deadline before the swap, the daemon's own stop before the application is touched. */

import { mustRunToEnd, TRANSITIONS, type ActivePhase } from '../domain/phases.ts'
import type { StoredRequest } from '../store/rows.ts'

export type Interruption = 'cancel' | 'deadline' | 'shutdown'

interface Running {
  readonly phase: ActivePhase
  readonly controller: AbortController
  readonly timer: NodeJS.Timeout | undefined
}

/** setTimeout fires at once beyond this; a longer deadline is as good as none. */
const LONGEST_TIMER_MS = 2_147_483_647

export class Interrupts {
  readonly #running = new Map<string, Running>()

  /** The signal for one phase of a request; `close` it when the phase has ended. */
  open(request: StoredRequest, nowMs: number): AbortSignal {
    const phase = request.phase as ActivePhase
    const controller = new AbortController()
    const leftMs = deadlineLeftMs(request, nowMs)
    const timer =
      leftMs === null
        ? undefined
        : setTimeout(
            () => {
              controller.abort('deadline' satisfies Interruption)
            },
            Math.min(leftMs, LONGEST_TIMER_MS),
          )
    this.#running.set(request.name, { phase, controller, timer })
    return controller.signal
  }

  close(name: string): void {
    clearTimeout(this.#running.get(name)?.timer)
    this.#running.delete(name)
  }

  /** Interrupts the running phase where the table lets it be cancelled; otherwise does nothing. */
  cancel(name: string): void {
    const running = this.#running.get(name)
    if (running !== undefined && TRANSITIONS[running.phase].onCancel !== null) {
      running.controller.abort('cancel' satisfies Interruption)
    }
  }

  shutdown(): void {
    for (const { phase, controller } of this.#running.values()) {
      if (!mustRunToEnd(phase)) controller.abort('shutdown' satisfies Interruption)
    }
  }
}

/** null where the deadline no longer counts: once the application is stopped, the restore is carried to its end. */
function deadlineLeftMs(request: StoredRequest, nowMs: number): number | null {
  const { startTime } = request.status
  if (startTime === undefined || mustRunToEnd(request.phase)) return null
  const deadlineMs = request.spec.activeDeadlineSeconds * 1000
  // a start that is later than now was stamped by a wrong clock: the deadline counts from now
  return Math.max(1, Math.min(deadlineMs, Date.parse(startTime) + deadlineMs - nowMs))
}
