/** Asks a program of the system something, within a time. A program that hangs, in a disk that is gone say, is left behind. */

import { execFile } from 'node:child_process'

/** What a program that only looks may take. */
export const ASK_MS = 5000
const MOST_BYTES = 256 * 1024

export interface Answer {
  /** null: it could not be run, or did not end in time. */
  readonly status: number | null
  readonly late: boolean
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program without a shell. Never rejects. A process in an uninterruptible wait does not even die of SIGKILL: it is not
 * waited for, and does not keep this process from ending.
 *
 * @param environment the whole environment of the program; its PATH says where it is looked for.
 */
export function ask(
  [program = '', ...words]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  limitMs = ASK_MS,
): Promise<Answer> {
  return new Promise((resolve) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment, LC_ALL: 'C' }
    const child = execFile(program, words, { env, cwd: '/', maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
      clearTimeout(timer)
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({ status, late: false, stdout, stderr })
    })
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.unref()
      resolve({ status: null, late: true, stdout: '', stderr: '' })
    }, limitMs)
  })
}
