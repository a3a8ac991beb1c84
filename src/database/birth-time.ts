/**
 * When a file came into being. Where the kernel may not be asked (statx(2) behind an old seccomp filter), Node.js gives the
 * time of the inode's last change instead, without a word: that one moves, and proves nothing about a file.
 */

import { lstatSync, type BigIntStats } from 'node:fs'

/** Old files, of which at least one has changed since it was made. */
const WITNESSES = [process.execPath, '/', '/etc', '/var', '/tmp']

/** Once known, known for the whole process. */
let kernelTells: boolean | undefined

/** In nanoseconds; null where it is not known. */
export function birthOf({ birthtimeNs, ctimeNs }: BigIntStats): bigint | null {
  if (birthtimeNs !== ctimeNs) kernelTells = true
  if (birthtimeNs === 0n) return null
  kernelTells ??= WITNESSES.some(differs)
  return kernelTells ? birthtimeNs : null
}

/** None at all is the kernel's own answer as well. */
function differs(path: string): boolean {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return found !== undefined && found.birthtimeNs !== found.ctimeNs
}
