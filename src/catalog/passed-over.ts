/**
 * What lies in a backup directory, looks like a backup to a person and is not listed as one: each with its reason, for a file
 * that is passed over in silence is missed on the day it is needed.
 */

import { lstat, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { PASSED_OVER_REASONS, type PassedOverReason } from '../domain/passed-over.ts'
import { BACKUP_TYPES } from '../domain/resource.ts'
import { shellWord } from '../domain/shell-word.ts'
import type { CatalogListing, PassedOver } from './contract.ts'
import { printableName, splitMemberName } from './file-name.ts'
import type { CatalogTarget } from './members.ts'

/** A database or a dump of one, packed or put aside; side files and lists of checksums go with their database. */
const LIKE_A_BACKUP = /\.(db|db3|s3db|sqlite|sqlite3|sql)(\.(bak|old|orig|gz|zst|xz|bz2|lz4|zip|7z|gpg|age|enc))*$/i
/** Safety backups and what is kept of wrecks have listings of their own. */
const OF_OURS = /^\.?restore_safety_|\.broken\.|\.modosu-/
const SHOWN = 5

/** A file of a type's folder that is no member of a set there. */
export function passedOverFile(target: CatalogTarget, path: string): PassedOver[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!LIKE_A_BACKUP.test(name) || name.startsWith('.')) return []
  const kind = splitMemberName(name)?.kind
  return [entry(target, path, kind === 'db' || kind === 'sqlGz' ? 'name' : 'suffix')]
}

/** A type's folder that is none, or leads out of the backup directory. */
export async function passedOverFolder(target: CatalogTarget, folder: string): Promise<PassedOver[]> {
  const isLink = (await lstat(folder).catch(() => null))?.isSymbolicLink() === true
  return [entry(target, folder, isLink ? 'link' : 'folder')]
}

/**
 * What lies in the backup directory beside the folders of the types. A folder that cannot be read is passed over: it may be
 * anything's, as `lost+found`.
 *
 * @param members paths of files that a set has: one that the catalog registers may lie here (manual Q7).
 */
export async function besideTheFolders(target: CatalogTarget, members: ReadonlySet<string>): Promise<PassedOver[]> {
  const root = target.backups.path
  const found: PassedOver[] = []
  for (const item of await readdir(root, { withFileTypes: true }).catch(() => [])) {
    const path = join(root, item.name)
    const isType = BACKUP_TYPES.some((type) => type === item.name)
    if (isType || item.name.startsWith('.') || OF_OURS.test(item.name) || path === target.database || members.has(path))
      continue
    if (item.isDirectory()) {
      const files = (await readdir(path).catch(() => [])).filter(
        (name) => LIKE_A_BACKUP.test(name) && !members.has(join(path, name)),
      )
      if (files.length > 0) found.push({ ...entry(target, path, 'folder'), files: files.length })
    } else if (LIKE_A_BACKUP.test(item.name)) {
      found.push(entry(target, path, item.isSymbolicLink() ? 'link' : 'flat'))
    }
  }
  return found
}

function entry(target: CatalogTarget, path: string, reason: PassedOverReason): PassedOver {
  return { path: printableName(relative(target.backups.path, path)), reason, files: 1 }
}

export interface PassedOverNotice {
  readonly reason: 'BackupPassedOver'
  readonly message: string
  readonly hint: string
}

/** What is to be said of a listing's passed-over files: one notice for each reason, with the next step. */
export function passedOverNotices(
  { backups: { path, stem } }: CatalogTarget,
  { target, passedOver }: Pick<CatalogListing, 'target' | 'passedOver'>,
): PassedOverNotice[] {
  return PASSED_OVER_REASONS.flatMap((reason): PassedOverNotice[] => {
    const those = passedOver.filter((each) => each.reason === reason)
    const [first] = those
    if (first === undefined) return []
    const count = those.reduce((sum, { files }) => sum + files, 0)
    const message = `${count === 1 ? '1 file' : `${count} files`} of ${target} not listed as backups: ${names(those)}`
    return [
      {
        reason: 'BackupPassedOver',
        message: `${message}: ${WHY[reason]} (${path})`,
        hint: hintFor(reason, first, stem, target),
      },
    ]
  })
}

export function countPassedOver({
  passedOver,
}: Pick<CatalogListing, 'passedOver'>): Partial<Record<PassedOverReason, number>> {
  const counts: Partial<Record<PassedOverReason, number>> = {}
  for (const { reason, files } of passedOver) counts[reason] = (counts[reason] ?? 0) + files
  return counts
}

const WHY: Readonly<Record<PassedOverReason, string>> = {
  flat: 'backups lie in daily, weekly, monthly or manual, not directly in the backup directory',
  folder: 'backups lie in daily, weekly, monthly or manual, in no other folder of the backup directory',
  link: 'links are not followed',
  name: 'the name is not that of a backup of this target',
  suffix: 'the name of a backup ends in .db',
}

function hintFor(reason: PassedOverReason, { path }: PassedOver, stem: string, target: string): string {
  const listed = `daily/${stem}_daily_YYYYMMDD_HHMMSS.db`
  switch (reason) {
    case 'flat':
    case 'name':
      return path.endsWith('.db')
        ? `to have it listed, name it as in ${listed}; or restore it as it is: modosu restore ${shellWord(path)} --target ${target}`
        : `to have it listed, name it as in ${listed}`
    case 'folder':
      return `to have them listed, name each as in ${listed}; or restore one by its path: modosu restore ${shellWord(path)}/NAME.db --target ${target}`
    case 'link':
      return 'put the file or folder itself in its place; a folder of another file system can be bind-mounted there'
    case 'suffix':
      return `unpack it where it is packed, and name it as in ${listed}`
  }
}

function names(those: readonly PassedOver[]): string {
  const shown = those.slice(0, SHOWN).map(({ path, files }) => (files === 1 ? path : `${path} (${files} files)`))
  return shown.join(', ') + (those.length > SHOWN ? ` and ${those.length - SHOWN} more` : '')
}
