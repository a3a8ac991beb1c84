/**
 * Links on the way to a database. A link may be anybody's: followed by a daemon that may write everywhere, one of the
 * application's user would have any file of the machine replaced.
 */

import { lstat, readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join, sep } from 'node:path'
import { RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'

/** As many as the kernel follows (path_resolution(7)). */
const MOST_LINKS = 40

interface Link {
  readonly path: string
  readonly uid: number
}

/**
 * As realpath(3), but follows a link of somebody else's only to what belongs to the same user, who could write there
 * anyway. Of root and of the daemon itself, every link is followed.
 *
 * @throws RestoreError `PermissionDenied`; ENOENT, ENOTDIR, ELOOP as realpath does.
 */
export async function resolveLinks(path: string): Promise<string> {
  const { real, links } = await walk(path)
  const strangers = links.filter(({ uid }) => uid !== 0 && uid !== process.geteuid?.())
  if (strangers.length === 0) return real
  const owner = (await lstat(real)).uid
  const stranger = strangers.find(({ uid }) => uid !== owner)
  if (stranger === undefined) return real
  throw new RestoreError(
    `${stranger.path} is a link of user ${stranger.uid} that leads to ${real}, which belongs to user ${owner}`,
    {
      reason: 'PermissionDenied',
      hint: `if the link is right, give it to root: chown -h root ${shellWord(stranger.path)}; else configure the file itself`,
    },
  )
}

async function walk(path: string): Promise<{ real: string; links: Link[] }> {
  const left = path.split(sep).filter((part) => part !== '')
  const links: Link[] = []
  let here: string = sep
  while (left.length > 0) {
    const part = left.shift() ?? ''
    if (part === '' || part === '.') continue
    const next = part === '..' ? dirname(here) : join(here, part)
    const found = await lstat(next)
    if (!found.isSymbolicLink()) {
      here = next
      continue
    }
    links.push({ path: next, uid: found.uid })
    if (links.length > MOST_LINKS) throw Object.assign(new Error(`ELOOP: too many links, ${path}`), { code: 'ELOOP' })
    const target = await readlink(next)
    if (isAbsolute(target)) here = sep
    left.unshift(...target.split(sep))
  }
  return { real: here, links }
}
