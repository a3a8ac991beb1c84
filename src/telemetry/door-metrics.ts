/** What crosses the daemon's doors: logins that failed on the way in, notifications on the way out. */

import { createInstruments, type Definitions, type Instruments, type Scope } from './metric.ts'
import { LOGIN_FAILURES, type DoorTelemetry, type LoginFailure, type NotificationTelemetry } from './telemetry.ts'

export const DOOR_METRICS = {
  loginFailures: {
    name: 'modosu_login_failures_total',
    type: 'counter',
    help: 'Logins and tokens refused since the daemon started. identity_provider: a login at the OpenID Connect issuer did not succeed. reauth: the password asked again before a restore was wrong. A burst is somebody guessing.',
    labels: { reason: LOGIN_FAILURES },
    birth: 'zero',
  },
  notifications: {
    name: 'modosu_notifications_total',
    type: 'counter',
    help: 'Webhook notifications since the daemon started. abandoned: given up for good, nobody was told that way.',
    labels: { target: 'target', result: ['delivered', 'abandoned'] },
    birth: 'zero',
  },
  attemptFailures: {
    name: 'modosu_notification_attempt_failures_total',
    type: 'counter',
    help: 'Attempts at a webhook that failed since the daemon started; each is tried again with backoff.',
    labels: { target: 'target' },
    birth: 'zero',
  },
  pending: {
    name: 'modosu_notifications_pending',
    type: 'gauge',
    help: 'Webhook notifications that wait to be delivered. They survive a restart.',
    labels: { target: 'target' },
    birth: 'zero',
  },
} as const satisfies Definitions

export class DoorMetrics implements DoorTelemetry, NotificationTelemetry {
  readonly #instruments: Instruments<typeof DOOR_METRICS>

  constructor(scope: Scope) {
    this.#instruments = createInstruments(DOOR_METRICS, scope)
  }

  loginFailed(reason: LoginFailure): void {
    this.#instruments.loginFailures.inc({ reason })
  }

  notificationDelivered(target: string): void {
    this.#instruments.notifications.inc({ target, result: 'delivered' })
  }

  notificationAttemptFailed(target: string): void {
    this.#instruments.attemptFailures.inc({ target })
  }

  notificationAbandoned(target: string): void {
    this.#instruments.notifications.inc({ target, result: 'abandoned' })
  }

  notificationsPending(target: string, count: number): void {
    this.#instruments.pending.set({ target }, count)
  }
}
