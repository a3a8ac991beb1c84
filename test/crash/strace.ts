/** strace as the sweep uses it: to record what a restore does to its files, and to strike one call of one thread. */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Calls that change what a disk holds. */
export const CHANGING = [
  ...['openat', 'write', 'pwrite64', 'fsync', 'fdatasync', 'rename', 'link', 'unlink', 'ftruncate'],
  ...['copy_file_range', 'sendfile', 'ioctl', 'fchown', 'fchmod', 'mkdir', 'fallocate'],
] as const
export type Changing = (typeof CHANGING)[number]

/** Why strace cannot be used here, or null where it can. */
export function straceProblem(): string | null {
  const { status, error } = spawnSync('strace', ['-o', '/dev/null', 'true'])
  if (error !== undefined) return 'strace is not installed'
  return status === 0 ? null : 'strace may not trace here'
}

export interface TracedCall {
  readonly tid: number
  /** Seconds since the epoch. */
  readonly at: number
  readonly name: string
  /** The arguments as strace shows them, paths of descriptors included. */
  readonly text: string
  readonly result: string
}

const LINE = /^(\d+)\s+(\d+\.\d+) (.*)$/
const CALL = /^(\w+)\((.*)\)\s+= (.*)$/

/** Reads a log of `strace -f -ttt`; calls that were interrupted by another thread's lines are put together again. */
export function readTrace(file: string): TracedCall[] {
  const calls: TracedCall[] = []
  const begun = new Map<number, { at: number; text: string }>()
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const [, pid = '', time = '', rest = ''] = LINE.exec(line) ?? []
    if (pid === '') continue
    const tid = Number(pid)
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(tid, { at: Number(time), text: rest.slice(0, -'<unfinished ...>'.length) })
      continue
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
    const before = resumed === null ? undefined : begun.get(tid)
    const whole = resumed === null ? rest : `${before?.text ?? ''}${resumed[1] ?? ''}`
    const [, name, text = '', result = ''] = CALL.exec(whole) ?? []
    if (name !== undefined) calls.push({ tid, at: before?.at ?? Number(time), name, text, result })
  }
  return calls
}

/** Paths named in a call's arguments: strings and descriptors; of what is written, only where to. */
export function pathsIn({ name, text }: TracedCall): string[] {
  const arguments_ = name === 'write' || name === 'pwrite64' ? (text.split(',')[0] ?? '') : text
  return [...arguments_.matchAll(/"(\/[^"]*)"|<(\/[^>]*)>/g)].map(([, quoted, open]) => quoted ?? open ?? '')
}

/** Whether a call can change anything: an `openat` for reading cannot. */
export function changes({ name, text, result }: TracedCall): boolean {
  if (name === 'openat') return /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(text)
  if (name === 'ioctl') return text.includes('FICLONE')
  return !(name === 'mkdir' && result.includes('EEXIST'))
}
