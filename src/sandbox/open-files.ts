/**
 * What a path led to when it was opened. A database lies in a directory that belongs to the application, whose user may
 * put a link in the place of any file at any moment. SQLite opens by name and follows links, so the kernel is asked
 * afterwards which file that was. Until the first statement an opened file is neither read nor written.
 */

import { fstatSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'

const DESCRIPTORS = '/proc/self/fd'

/** Descriptor to path, as the kernel names it. Empty where there is no /proc. */
export type OpenFiles = ReadonlyMap<string, string>

/** The files that this process has open now. Synchronous, so that nothing is opened between two looks but what is asked about. */
export function openFiles(): OpenFiles {
  const found = new Map<string, string>()
  for (const descriptor of descriptors()) {
    const path = nameOf(descriptor)
    if (path?.startsWith('/') === true && !path.startsWith('/proc/')) found.set(descriptor, path)
  }
  return found
}

/**
 * Proves that what was opened since is the file at the path and not what a link led to. A file that SQLite opened again
 * through a descriptor that it had kept counts too.
 *
 * @param path links resolved.
 * @throws RestoreError `PermissionDenied`.
 */
export function requireOpened(path: string, before: OpenFiles): void {
  const after = openFiles()
  if (after.size === 0) {
    requireRegular(path)
    return
  }
  const opened = [...after].filter(([descriptor, name]) => before.get(descriptor) !== name).map(([, name]) => name)
  if (opened.includes(path)) return
  if (opened.length === 0 && [...after.values()].includes(path)) return
  throw ledElsewhere(path, opened[0])
}

/**
 * Proves the same of a file that we made, by its inode: whatever its name is by now.
 *
 * @returns null where all is well, else the error and the path of an empty file that the opening itself may have made.
 */
export function strangeOpening(
  path: string,
  ours: { readonly dev: bigint; readonly ino: bigint },
  before: OpenFiles,
): { readonly error: RestoreError; readonly strange: string } | null {
  for (const [descriptor, name] of openFiles()) {
    if (before.get(descriptor) === name || isReadOnly(descriptor)) continue
    const { dev, ino } = fstatSync(Number(descriptor), { bigint: true })
    if (dev !== ours.dev || ino !== ours.ino) return { error: ledElsewhere(path, name), strange: name }
  }
  return null
}

/** Such as a module that another thread of ours is loading: nothing can be written through it. In doubt, no. */
function isReadOnly(descriptor: string): boolean {
  try {
    const [, flags] = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1')) ?? []
    return flags !== undefined && (Number.parseInt(flags, 8) & 3) === 0
  } catch {
    return false
  }
}

function ledElsewhere(path: string, found: string | undefined): RestoreError {
  const where = found === undefined ? 'nowhere' : `to ${found}`
  return new RestoreError(`${path} led ${where} when it was opened: somebody has replaced it`, {
    reason: 'PermissionDenied',
    disposition: 'retry',
    hint: `find out who writes to its directory; nothing was read from or written to that file: ls -l ${shellWord(path)}`,
  })
}

/** Without /proc, the second best. */
function requireRegular(path: string): void {
  if (!lstatSync(path).isFile()) throw ledElsewhere(path, undefined)
}

function descriptors(): string[] {
  try {
    return readdirSync(DESCRIPTORS)
  } catch {
    return []
  }
}

function nameOf(descriptor: string): string | null {
  try {
    return readlinkSync(`${DESCRIPTORS}/${descriptor}`)
  } catch {
    return null
  }
}
