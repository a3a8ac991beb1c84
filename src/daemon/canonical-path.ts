/** Paths as the file system sees them: two spellings of one place are one place. */

import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

/** The path with every link in its existing part resolved: two spellings of one place compare equal. */
export function canonical(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(canonical(parent), basename(path))
  }
}

/** Whether a path is a folder or lies in it; both canonical. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith('../'))
}

/** What a file or folder is, under whichever of its names: bind mounts and hard links have more than one. */
export function placeOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return canonical(path)
  }
}
