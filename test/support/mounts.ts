/** Small and read-only file systems for tests, where the machine allows it. */

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

export interface Mount {
  unmount(): void
}

/** A tmpfs of so many KiB at the path, or null where mounting is not allowed. */
export function mountTmpfs(path: string, sizeKib: number): Mount | null {
  mkdirSync(path, { recursive: true })
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k`, 'tmpfs', path], { stdio: 'ignore' })
  if (status !== 0) return null
  return {
    unmount: () => {
      spawnSync('umount', ['-l', path], { stdio: 'ignore' })
    },
  }
}
