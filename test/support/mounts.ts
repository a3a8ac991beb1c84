/** Small, read-only and bound file systems for tests, where the machine allows it. */

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

export interface Mount {
  unmount(): void
}

function mount(path: string, ...words: readonly string[]): Mount | null {
  if (spawnSync('mount', [...words, path], { stdio: 'ignore' }).status !== 0) return null
  return {
    unmount: () => {
      spawnSync('umount', ['-l', path], { stdio: 'ignore' })
    },
  }
}

/** A tmpfs of so many KiB at the path, or null where mounting is not allowed. */
export function mountTmpfs(path: string, sizeKib: number, more = 'rw'): Mount | null {
  mkdirSync(path, { recursive: true })
  return mount(path, '-t', 'tmpfs', '-o', `size=${sizeKib}k,${more}`, 'tmpfs')
}

/** A file or folder at another place too, or null where mounting is not allowed. */
export function bindMount(from: string, to: string, { readonly = false } = {}): Mount | null {
  const bound = mount(to, '--bind', from)
  if (bound === null || !readonly) return bound
  if (spawnSync('mount', ['-o', 'remount,ro,bind', to], { stdio: 'ignore' }).status === 0) return bound
  bound.unmount()
  return null
}

/**
 * An image file as a file system at the path, each time through a loop device of its own; null where there is none or no
 * right to it.
 */
export function mountImage(image: string, path: string): Mount | null {
  mkdirSync(path, { recursive: true })
  const { status, stdout } = spawnSync('losetup', ['--find', '--show', image], { encoding: 'utf8' })
  if (status !== 0) return null
  const device = stdout.trim()
  const detach = () => {
    spawnSync('losetup', ['--detach', device], { stdio: 'ignore' })
  }
  const mounted = mount(path, device)
  if (mounted === null) {
    detach()
    return null
  }
  return {
    unmount: () => {
      mounted.unmount()
      detach()
    },
  }
}
