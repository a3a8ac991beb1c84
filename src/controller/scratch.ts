/** The daemon's folder for copies that nobody keeps. */

import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/** Makes the folder where it is missing. @returns its path, links resolved: SQLite is told the name that the kernel gives back. */
export async function scratchFolder(stateDir: string): Promise<string> {
  const scratch = join(stateDir, 'scratch')
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  return realpath(scratch)
}
