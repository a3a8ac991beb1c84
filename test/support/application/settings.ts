/** What the stand-in for the application is told; read anew by each of its commands, so that a test can change its manners in between. */

import { readFileSync } from 'node:fs'

export interface ApplicationSettings {
  readonly database: string
  readonly backups: string
  /** First part of the backup files' names. */
  readonly stem: string
  readonly port: number
  readonly pidFile: string
  /** One line for each write whose commit was acknowledged: its token. */
  readonly acknowledged: string
  readonly logFile: string
  /** From the start of the process until it answers 200; the start command does not wait for it. */
  readonly bootMs: number
  readonly writers: number
  /** Between two writes of one writer. */
  readonly writeEveryMs: number
  /** Ends with status 1 in the middle of its boot, as after a migration that does not fit. */
  readonly refusesToStart: boolean
  readonly ignoresSigterm: boolean
  /** Crashes so long after it was ready; null: does not. */
  readonly crashesAfterMs: number | null
}

export function readSettings(path: string): ApplicationSettings {
  return JSON.parse(readFileSync(path, 'utf8')) as ApplicationSettings
}

/** The process that the pid file names; null where there is none any more. One that nobody has reaped yet is none. */
export function runningPid(pidFile: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'))
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0]
    return state === 'Z' || state === 'X' ? null : pid
  } catch {
    return null
  }
}
