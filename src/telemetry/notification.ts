/** What a webhook is told of a terminal outcome. */

import { safeJson } from '../domain/unsafe-text.ts'
import { API_VERSION, type EscalationLevel } from '../domain/resource.ts'
import type { OutcomeRow } from './state-source.ts'
import type { WebhookMessage } from './webhook.ts'

/** The JSON body. Fields may be added; these keep their names and meanings. */
export interface NotificationBody {
  readonly apiVersion: string
  readonly kind: 'RestoreOutcome'
  /** As the header X-Modosu-Delivery. */
  readonly id: string
  readonly request: string
  readonly uid: string
  readonly target: string
  readonly mode: string
  readonly source: string
  /** Terminal phase. */
  readonly result: string
  readonly reason: string
  /** Escalation of the manual, 12.1; null where it asks for nobody. */
  readonly level: EscalationLevel | null
  readonly durationSeconds: number | null
  readonly downtimeSeconds: number | null
  /** Until the application was healthy again. */
  readonly applicationDowntimeSeconds: number | null
  /** `ApplicationRunning`, `ApplicationDown`, `Unknown`; null where nobody looked. */
  readonly application: string | null
  /** RFC 3339, UTC. */
  readonly at: string
  /** One line for people; chat systems print it. */
  readonly text: string
}

/** @param level what the request's status says of its escalation, null where it says nothing. */
export function notificationOf(outcome: OutcomeRow, level: EscalationLevel | null): WebhookMessage {
  const { request, uid, target, mode, source, result, reason, at } = outcome
  const id = `${uid}-${outcome.generation}`
  const body: NotificationBody = {
    apiVersion: API_VERSION,
    kind: 'RestoreOutcome',
    id,
    request,
    uid,
    target,
    mode,
    source,
    result,
    reason,
    level,
    durationSeconds: seconds(outcome.durationMs),
    downtimeSeconds: seconds(outcome.downtimeMs),
    applicationDowntimeSeconds: seconds(outcome.applicationDowntimeMs),
    application: outcome.application,
    at,
    text: `${level === null ? '' : `[${level}] `}${target}: ${mode} ${request} ${result} (${reason})${outcome.application === 'ApplicationDown' ? '; the application is DOWN' : ''}`,
  }
  return { deliveryId: id, body: safeJson(body) }
}

function seconds(durationMs: number | null): number | null {
  return durationMs === null ? null : durationMs / 1000
}
