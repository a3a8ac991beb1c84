/**
 * Notifications to the service manager (sd_notify(3)). Node has no unix datagram sockets, so `systemd-notify` speaks for
 * us, which needs NotifyAccess=all in the unit. Without NOTIFY_SOCKET nothing is sent.
 */

import { execFile } from 'node:child_process'

import type { Log } from '../domain/log.ts'

export interface ServiceManager {
  /** One or more assignments, such as `READY=1` and `STATUS=…`. Never rejects, never waits. */
  notify(...assignments: readonly string[]): void
}

/** @param variables the process's environment, of which only NOTIFY_SOCKET and PATH are used. */
export function createServiceManager(
  variables: Readonly<Record<string, string | undefined>>,
  log: Log,
): ServiceManager {
  const socket = variables['NOTIFY_SOCKET']
  if (socket === undefined || socket === '') return { notify: () => undefined }
  const env = { NOTIFY_SOCKET: socket, PATH: variables['PATH'] ?? '/usr/bin:/bin' }
  return {
    notify: (...assignments) => {
      execFile('systemd-notify', [...assignments], { env, timeout: 5000 }, (error) => {
        if (error !== null) log.warn(`systemd-notify failed: ${error.message}`)
      })
    },
  }
}
