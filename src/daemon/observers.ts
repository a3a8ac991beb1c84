/** Between what the layers tell and what telemetry counts: each message goes to where it is kept. */

import type { ControllerObserver } from '../controller/controller.ts'
import type { Change } from '../store/change.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

export function observeController(telemetry: Telemetry): ControllerObserver {
  return {
    added: () => {
      telemetry.queueAdded()
    },
    depth: (waiting) => {
      telemetry.queueDepth(waiting)
    },
    started: (waitedMs) => {
      telemetry.queueTaken(waitedMs)
    },
    finished: (tookMs) => {
      telemetry.queueDone(tookMs)
    },
    retried: () => {
      telemetry.queueRetried()
    },
    reconciled: (result, tookMs) => {
      telemetry.reconciled(result, tookMs)
    },
  }
}

/** What a commit means beyond the request itself. */
export function observeCommit(telemetry: Telemetry, request: StoredRequest, change: Change): void {
  telemetry.requestCommitted(request, change)
  if (change.reason === 'RateLimited') telemetry.rateLimited(request.spec.target)
  for (const event of change.events ?? []) {
    if (event.reason === 'AuditMirrorFailed' || event.reason === 'AuditMirrorIncomplete') {
      telemetry.auditWriteFailed(request.spec.target)
    }
  }
}
