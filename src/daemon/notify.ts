/**
 * Notifications to the service manager (sd_notify(3)). Node has no unix datagram sockets: `notify-socket`
 * (deploy/systemd) hands one over as MODOSU_NOTIFY_FD, to which the daemon writes for itself, as NotifyAccess=main asks for.
 * Without it `systemd-notify` speaks for us, which needs NotifyAccess=all. Without NOTIFY_SOCKET nothing is sent.
 */

import { execFile } from 'node:child_process'
import { writeSync } from 'node:fs'

import { codeOf, messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'

export interface ServiceManager {
  /** One or more assignments, such as `READY=1` and `STATUS=…`. Never throws, never waits. */
  notify(...assignments: readonly string[]): void
  /** The heartbeat's longest pause in milliseconds (WatchdogSec=); null: nobody asks for one. */
  readonly watchdogMs: number | null
}

type Variables = Readonly<Record<string, string | undefined>>

/** The manager is behind with reading; what is said must not get lost, and must not keep anybody waiting. */
const RETRY_MS = 100
const MOST_RETRIES = 50

/** @param variables the process's environment, of which only those of sd_notify(3), MODOSU_NOTIFY_FD and PATH are used. */
export function createServiceManager(variables: Variables, log: Log): ServiceManager {
  const socket = variables['NOTIFY_SOCKET']
  if (socket === undefined || socket === '') return { notify: () => undefined, watchdogMs: null }
  const fd = Number(variables['MODOSU_NOTIFY_FD'] ?? '')
  const send = fd > 2 ? throughSocket(fd, log) : throughCommand(socket, variables['PATH'], log)
  return {
    notify: (...assignments) => {
      send(assignments.map((assignment) => assignment.replaceAll(/\s+/g, ' ')))
    },
    watchdogMs: watchdogMs(variables),
  }
}

/** sd_watchdog_enabled(3): for this process, or for whoever reads it. */
function watchdogMs(variables: Variables): number | null {
  const forPid = variables['WATCHDOG_PID']
  if (forPid !== undefined && forPid !== '' && Number(forPid) !== process.pid) return null
  const usec = Number(variables['WATCHDOG_USEC'] ?? '')
  return Number.isFinite(usec) && usec > 0 ? usec / 1000 : null
}

type Send = (assignments: readonly string[]) => void

/** In order: what has to wait for the manager holds back what is said after it. */
function throughSocket(fd: number, log: Log): Send {
  const waiting: string[] = []
  let retries = 0
  const flush = (): void => {
    for (;;) {
      const [next] = waiting
      if (next === undefined) return
      try {
        writeSync(fd, next)
      } catch (error) {
        if (codeOf(error) === 'EAGAIN' && retries < MOST_RETRIES) {
          retries += 1
          setTimeout(flush, RETRY_MS).unref()
          return
        }
        log.warn(`the service manager cannot be told: ${messageOf(error)}`)
      }
      retries = 0
      waiting.shift()
    }
  }
  return (assignments) => {
    waiting.push(assignments.join('\n'))
    if (waiting.length === 1) flush()
  }
}

function throughCommand(socket: string, path: string | undefined, log: Log): Send {
  const env = { NOTIFY_SOCKET: socket, PATH: path ?? '/usr/bin:/bin' }
  return (assignments) => {
    execFile('systemd-notify', [...assignments], { env, timeout: 5000 }, (error) => {
      if (error !== null) log.warn(`systemd-notify failed: ${error.message}`)
    })
  }
}
