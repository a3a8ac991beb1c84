/**
 * Finds everything that retention may ever delete: regular files under strict names, directly in the configured
 * directories. Looks with lstat alone, so that no link is followed and no database is opened.
 */

import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { parseBackupBase, printableName } from '../catalog/file-name.ts'
import { provenFolder, realBackupRoot } from '../catalog/members.ts'
import { formatBackupId } from '../domain/backup-id.ts'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { BACKUP_TYPES } from '../domain/resource.ts'
import type { PrunableFile, PrunableSet, PruneKind } from '../domain/retention.ts'
import type { Target } from '../domain/target.ts'
import { backupFile, besideNames, safetyFile, type NamedFile } from './names.ts'

/** Some at a time: a folder of thousands must not use up the daemon's descriptors. */
const BATCH = 64

/** Found under a name, before anything is known of it but its files. */
export interface FoundSet extends Omit<PrunableSet, 'good'> {
  /** Real path of the main file, whether or not it is there. */
  readonly mainPath: string
}

interface Grouped {
  readonly named: NamedFile
  readonly file: PrunableFile
}

/**
 * The sets of one target.
 *
 * @throws RestoreError `BackupDirectoryUnreadable`: a plan made on half a listing could take the newest for an older one.
 */
export async function findSets(target: Target, kinds: ReadonlySet<PruneKind>): Promise<FoundSet[]> {
  const found: FoundSet[] = []
  if (kinds.has('safety') || kinds.has('backups')) {
    const root = await realBackupRoot(target.backups.path)
    if (kinds.has('safety')) found.push(...(await safetySets(target, root)))
    if (kinds.has('backups')) found.push(...(await backupSets(target, root)))
  }
  const beside = (['broken', 'presqldump', 'displaced'] as const).filter((kind) => kinds.has(kind))
  if (beside.length > 0) found.push(...(await setsBeside(target, beside)))
  return found
}

async function safetySets(target: Target, folder: string): Promise<FoundSet[]> {
  const groups = await group(folder, safetyFile)
  return [...groups].map(([name, files]) => toSet('safety', target.name, folder, name, files))
}

async function backupSets(target: Target, root: string): Promise<FoundSet[]> {
  const found: FoundSet[] = []
  const seen = new Set<string>()
  for (const type of BACKUP_TYPES) {
    const folder = await provenFolder(root, join(root, type))
    // one folder under two names holds each set once
    if (folder === undefined || seen.has(folder)) continue
    seen.add(folder)
    const own = (name: string): NamedFile | null => {
      const file = backupFile(name)
      return file === null || parseBackupBase(target.backups, file.base) === undefined ? null : file
    }
    for (const [base, files] of await group(folder, own)) {
      const parsed = parseBackupBase(target.backups, base, mtimeOfMain(files))
      if (parsed === undefined) continue
      const set = toSet('backups', target.name, folder, `${base}.db`, files)
      found.push({ ...set, name: formatBackupId(parsed), type: parsed.type, createdAtMs: parsed.createdAtMs })
    }
  }
  return found
}

/** In the database's own directory; the database may be gone, or be named through a link. */
async function setsBeside(target: Target, kinds: readonly ('broken' | 'presqldump' | 'displaced')[]) {
  const database = await realDatabase(target.database)
  if (database === null) return []
  const folder = dirname(database)
  const names = besideNames(basename(database))
  const found: FoundSet[] = []
  for (const kind of kinds) {
    const requests = new Map<string, string>()
    const own = (name: string): NamedFile | null => {
      if (kind !== 'displaced') return names[kind](name)
      const file = names.displaced(name)
      if (file !== null) requests.set(file.set, file.request)
      return file
    }
    for (const [name, files] of await group(folder, own)) {
      const set = toSet(kind, target.name, folder, name, files)
      found.push({ ...set, request: requests.get(name) ?? null })
    }
  }
  return found
}

async function realDatabase(database: string): Promise<string | null> {
  try {
    return await realpath(database)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw unreadable(database, error)
  }
  try {
    return join(await realpath(dirname(database)), basename(database))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw unreadable(database, error)
  }
}

async function group(folder: string, own: (name: string) => NamedFile | null): Promise<Map<string, Grouped[]>> {
  const named = (await namesIn(folder)).flatMap((name) => {
    const file = own(name)
    return file === null ? [] : [{ name, file }]
  })
  const groups = new Map<string, Grouped[]>()
  for (let start = 0; start < named.length; start += BATCH) {
    const batch = named.slice(start, start + BATCH)
    const files = await Promise.all(batch.map(({ name }) => regularFile(folder, name)))
    batch.forEach(({ file }, index) => {
      const found = files[index] ?? null
      if (found === null) return
      const members = groups.get(file.set) ?? []
      members.push({ named: file, file: found })
      groups.set(file.set, members)
    })
  }
  return groups
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    throw unreadable(folder, error)
  }
}

/** @returns null for a link, a directory, and what has gone meanwhile. */
async function regularFile(folder: string, name: string): Promise<PrunableFile | null> {
  try {
    const found = await lstat(join(folder, name), { bigint: true })
    if (!found.isFile()) return null
    const { size, dev, ino, mtimeNs } = found
    return { name, sizeBytes: Number(size), dev: String(dev), ino: String(ino), mtimeNs: String(mtimeNs) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw unreadable(join(folder, name), error)
  }
}

function toSet(kind: PruneKind, target: string, folder: string, name: string, grouped: readonly Grouped[]): FoundSet {
  const ordered = grouped.toSorted((a, b) => a.named.order - b.named.order || compare(a.file.name, b.file.name))
  return {
    kind,
    target,
    name: printableName(name),
    folder,
    files: ordered.map(({ file }) => file),
    createdAtMs: ordered[0]?.named.createdAtMs ?? null,
    type: null,
    whole: ordered.some(({ named }) => named.main),
    request: null,
    mainPath: join(folder, name),
  }
}

/** Of the file that the set cannot do without, as the catalog takes it (`mainFile`). */
function mtimeOfMain(files: readonly Grouped[]): number | undefined {
  const main = files.find(({ named }) => named.main) ?? files.find(({ file }) => file.name.endsWith('.sql.gz'))
  return main === undefined ? undefined : Number(BigInt(main.file.mtimeNs) / 1_000_000n)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

function unreadable(path: string, error: unknown): RestoreError {
  return new RestoreError(`${path} cannot be read: ${messageOf(error)}`, {
    reason: 'BackupDirectoryUnreadable',
    hint: `check that it is mounted and that the daemon's user may read it`,
    cause: error,
  })
}
