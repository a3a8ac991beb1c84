/** What a webhook is told of a terminal outcome. */

import { dutyOf } from '../domain/papers/escalation.ts'
import { safeJson } from '../domain/unsafe-text.ts'
import { API_VERSION, type EscalationLevel } from '../domain/resource.ts'
import type { OutcomeRow } from './state-source.ts'
import type { WebhookMessage } from './webhook.ts'

/** The JSON body. Fields may be added; these keep their names and meanings. */
export interface NotificationBody {
  readonly apiVersion: string
  /** `RestoreEscalation`: the outcome was told before, and nobody has acknowledged it within its time frame. */
  readonly kind: 'RestoreOutcome' | 'RestoreEscalation'
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
  /** Who is called, and how soon (manual 12.1); null where nobody is. */
  readonly responder: string | null
  readonly timeFrame: string | null
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
  return messageOf(outcome, level, 'RestoreOutcome')
}

/** An L1 that nobody has acknowledged in its time is for the people of the next level (manual 12.1). */
export function escalationOf(outcome: OutcomeRow): WebhookMessage {
  return messageOf(outcome, 'L2', 'RestoreEscalation')
}

function messageOf(outcome: OutcomeRow, level: EscalationLevel | null, kind: NotificationBody['kind']): WebhookMessage {
  const { request, uid, target, mode, source, result, reason, at } = outcome
  const told = `${uid}-${outcome.generation}`
  const id = kind === 'RestoreOutcome' ? told : `${told}-escalation`
  const duty = level === null ? null : dutyOf(level, 'ja')
  const late = kind === 'RestoreEscalation' ? '; nobody has acknowledged it within 30 minutes' : ''
  const body: NotificationBody = {
    apiVersion: API_VERSION,
    kind,
    id,
    request,
    uid,
    target,
    mode,
    source,
    result,
    reason,
    level,
    responder: duty?.responder ?? null,
    timeFrame: duty?.timeFrame ?? null,
    durationSeconds: seconds(outcome.durationMs),
    downtimeSeconds: seconds(outcome.downtimeMs),
    applicationDowntimeSeconds: seconds(outcome.applicationDowntimeMs),
    application: outcome.application,
    at,
    text: `${level === null ? '' : `[${level}] `}${target}: ${mode} ${request} ${result} (${reason})${outcome.application === 'ApplicationDown' ? '; the application is DOWN' : ''}${late}`,
  }
  return { deliveryId: id, body: safeJson(body) }
}

function seconds(durationMs: number | null): number | null {
  return durationMs === null ? null : durationMs / 1000
}
