/** Flags that keep even root from replacing a file: immutable and append-only (chattr(1)). They are in no stat(2). */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const DEADLINE_MS = 5000

export type Flag = 'i' | 'a'

/** Which of the two a file or directory has. None where lsattr is missing, or the file system knows no flags. */
export async function flagOf(path: string): Promise<Flag | null> {
  try {
    const { stdout } = await run('lsattr', ['-d', '--', path], { timeout: DEADLINE_MS })
    const flags = stdout.split(' ')[0] ?? ''
    if (flags.includes('i')) return 'i'
    return flags.includes('a') ? 'a' : null
  } catch {
    return null
  }
}
