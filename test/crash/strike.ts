/** One strike: which call of which thread of which operation is hit, and with what. */

import { join } from 'node:path'

import type { Changing } from './strace.ts'

export const ERRORS = ['EIO', 'ENOSPC', 'EDQUOT', 'EACCES'] as const
export type Effect = 'kill' | (typeof ERRORS)[number]

export interface Strike {
  /** `daemon`, or the operation of a child process (`safetyCopy`, `stage`, …). */
  readonly operation: string
  /** From 1, of that operation in one restore. */
  readonly occurrence: number
  readonly thread: 'main' | 'pool'
  readonly call: Changing
  /** Relative to the installation; `{request}` and `{safety}` stand for names that differ from run to run. */
  readonly path: string
  /** From 1, of the calls of that name by that thread that name that path. */
  readonly nth: number
  readonly effect: Effect
  /** Every call from the nth on fails, as on a disk that stays full. Errors only. */
  readonly lasting?: boolean
  /** The daemon is killed at the instant when its child was. */
  readonly together?: boolean
}

interface Names {
  readonly request: string
  readonly folder: string
  readonly out: string
}

export function wordsOf(strike: Strike, { request, folder, out }: Names): string[] {
  const { call, path, nth, effect, lasting } = strike
  const what = effect === 'kill' ? 'signal=KILL' : `error=${effect}`
  const when = `${nth}${lasting === true ? '+' : ''}`
  const place = join(folder, path.replaceAll('{request}', request))
  const filter = ['-q', '-y', '-s', '40', '-P', place, '-e', `trace=${call}`]
  return [...filter, '-e', `inject=${call}:${what}:when=${when}`, '-o', out]
}

export function describeStrike(strike: Strike): string {
  const { operation, occurrence, thread, call, path, nth, effect, lasting, together } = strike
  const who = operation === 'daemon' ? 'daemon' : `${operation}#${occurrence}`
  const more = `${lasting === true ? ' and after' : ''}${together === true ? ', the daemon with it' : ''}`
  return `${effect} at ${who}/${thread} ${call}(${path}) #${nth}${more}`
}
