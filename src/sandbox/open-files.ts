/**
 * What a path led to when it was opened. A database lies in a directory that belongs to the application, whose user may
 * put a link in the place of any file at any moment. SQLite opens by name and follows links, so the kernel is asked
 * afterwards which file that was. Until the first statement an opened file is neither read nor written.
 */

import { fstatSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'

const DESCRIPTORS = '/proc/self/fd'

interface OpenFile {
  /** As the kernel names it now: a rename by anybody changes it. */
  readonly name: string
  readonly dev: bigint
  readonly ino: bigint
}

/** By descriptor. Empty where there is no /proc. */
export type OpenFiles = ReadonlyMap<string, OpenFile>

/** The files that this process has open now. Synchronous, so that nothing is opened between two looks but what is asked about. */
export function openFiles(): OpenFiles {
  const found = new Map<string, OpenFile>()
  for (const descriptor of descriptors()) {
    const file = openFile(descriptor)
    if (file !== null) found.set(descriptor, file)
  }
  return found
}

/**
 * What was opened since, told by inode: a descriptor that was open before shows another name once somebody renames its file,
 * and would pass for the one that is asked about.
 */
function openedSince(before: OpenFiles, after: OpenFiles): ReadonlyMap<string, OpenFile> {
  return new Map(
    [...after].filter(([descriptor, { dev, ino }]) => {
      const known = before.get(descriptor)
      return known?.dev !== dev || known.ino !== ino
    }),
  )
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
  const opened = [...openedSince(before, after).values()].map(({ name }) => name)
  if (opened.includes(path)) return
  if (opened.length === 0 && [...after.values()].some(({ name }) => name === path)) return
  throw ledElsewhere(path, opened[0])
}

/**
 * Proves the same of a file that we made, by its inode: whatever its name is by now.
 *
 * @throws RestoreError `PermissionDenied`.
 */
export function requireOurs(
  path: string,
  ours: { readonly dev: bigint; readonly ino: bigint },
  before: OpenFiles,
): void {
  for (const [descriptor, { name, dev, ino }] of openedSince(before, openFiles())) {
    if (isReadOnly(descriptor)) continue
    if (dev !== ours.dev || ino !== ours.ino) throw ledElsewhere(path, name)
  }
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

/** null for what is no file with a path, and for what was closed meanwhile. */
function openFile(descriptor: string): OpenFile | null {
  try {
    const name = readlinkSync(`${DESCRIPTORS}/${descriptor}`)
    if (!name.startsWith('/') || name.startsWith('/proc/')) return null
    const { dev, ino } = fstatSync(Number(descriptor), { bigint: true })
    return { name, dev, ino }
  } catch {
    return null
  }
}
