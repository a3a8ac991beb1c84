/** Walks a target's backup directory and lists its sets, each with what the application's own catalog says of it (manual 2.3). */

import { basename, dirname, isAbsolute, join } from 'node:path'
import { canonicalBackupId } from '../domain/backup-id.ts'
import { BACKUP_TYPES, type BackupType } from '../domain/resource.ts'
import { wallTimeOf } from '../domain/time-zone.ts'
import { buildSet, type SetOnDisk } from './backup-set.ts'
import { RowIndex, rowTimeMs, timeOfRow, typeOf } from './catalog-rows.ts'
import type { ReadChecksums } from './checksum-memory.ts'
import type { BackupProblem, BackupSet, CatalogListing, CatalogRowInput, PassedOver } from './contract.ts'
import { folderChecksums } from './folder-checksums.ts'
import { memberName, nameIds, parseBackupBase, printableName, splitMemberName } from './file-name.ts'
import {
  isPresent,
  mainFile,
  provenFolder,
  readFolder,
  readMembers,
  realBackupRoot,
  type CatalogTarget,
  type SetFiles,
} from './members.ts'
import { besideTheFolders, passedOverFile, passedOverFolder } from './passed-over.ts'

type Found = Omit<SetOnDisk, 'rows'>
type Claimed = Found & Pick<SetOnDisk, 'rows'>

const BATCH = 16

/**
 * Lists every backup set of a target.
 *
 * Changes nothing and opens no database. Symbolic links, files that are no backup's and folders that lead out of the
 * backup directory are passed over; those that look like backups are named in `passedOver`.
 *
 * @param rows the application's own catalog; an empty list where it has none or cannot be read.
 * @param read how checksum files are read; absent: from the disk, each time.
 * @throws RestoreError `BackupDirectoryUnreadable`
 */
export async function scanBackups(
  target: CatalogTarget,
  rows: readonly CatalogRowInput[],
  read?: ReadChecksums,
): Promise<CatalogListing> {
  const realRoot = await realBackupRoot(target.backups.path)
  const { found, others, folders } = await walk(target, realRoot)
  const index = new RowIndex(target, rows)
  const claimed = claimRows(index, found)
  const registered = await inBatches(index.unclaimed(), (row) => findRegistered(target, realRoot, row))
  const sources = [...claimed, ...registered]
  const sets = await inBatches(sources, (source) => buildSet(source, read))
  const members = new Set(sources.flatMap(({ members }) => Object.values(members).map((file) => file.path)))
  return {
    target: target.name,
    sets: markAmbiguous(sets).sort((a, b) => b.createdAtMs - a.createdAtMs || a.id.localeCompare(b.id)),
    passedOver: [
      ...folders,
      ...others.filter((path) => !members.has(path)).flatMap((path) => passedOverFile(target, path)),
      ...(await besideTheFolders(target, members)),
    ],
  }
}

/** Each way of naming a set is asked for every set before the next one is: a weaker one must not take what a stronger one names. */
function claimRows(index: RowIndex, found: readonly Found[]): Claimed[] {
  const byFile = found.map((source): Claimed => ({ ...source, rows: index.claimByFile(source.base) }))
  const byId = byFile.map((set) => (set.rows.length > 0 ? set : { ...set, rows: index.claimById(set.id) }))
  const dated = byId.map((set) => ({ ...set, createdAtMs: timeOfRow(set.rows[0], set.createdAtMs) }))
  const byTime = dated.map((set) =>
    set.rows.length > 0 ? set : { ...set, rows: index.claimByTime(set.type, set.createdAtMs) },
  )
  // of a set that has its row the other lends its id alone
  return byTime.map((set) => ({ ...set, rows: [...set.rows, ...index.claimByTime(null, set.createdAtMs)] }))
}

interface Walk {
  readonly found: Found[]
  /** Files of the types' folders that belong to no set. */
  readonly others: string[]
  readonly folders: PassedOver[]
}

async function walk(target: CatalogTarget, realRoot: string): Promise<Walk> {
  const found: Found[] = []
  const others: string[] = []
  const folders: PassedOver[] = []
  const seen = new Set<string>()
  for (const type of BACKUP_TYPES) {
    const folder = join(target.backups.path, type)
    const real = await provenFolder(realRoot, folder)
    // a folder that leads out of the directory is passed over, but not in silence
    if (real === undefined && (await isPresent(folder))) folders.push(...(await passedOverFolder(target, folder)))
    // one folder under two names holds each set once
    if (real === undefined || seen.has(real)) continue
    seen.add(real)
    const content = await readFolder(folder)
    const lists = await folderChecksums(folder, content.ignored)
    others.push(...content.ignored.map((name) => join(folder, name)))
    for (const [base, files] of content.sets) {
      const parsed = parseBackupBase(target.backups, base, mainFile(files.members)?.mtimeMs)
      if (parsed === undefined) {
        others.push(
          ...Object.values(files.members).map((file) => file.path),
          ...files.irregular.map(({ path }) => path),
        )
        continue
      }
      found.push({
        ...nameIds(parsed),
        type: parsed.type,
        createdAtMs: parsed.createdAtMs,
        folder,
        base,
        lists,
        dbPath: join(folder, memberName(base, 'db')),
        ...files,
      })
    }
  }
  return { found, others, folders }
}

/**
 * A row whose file has no backup's name: a backup brought from another server lies where it was put (manual Q7). Looked
 * for where the row says, in its type's folder and in the backup directory itself; without a file the set has none.
 */
async function findRegistered(target: CatalogTarget, realRoot: string, row: CatalogRowInput): Promise<SetOnDisk> {
  const type = typeOf(row)
  const root = target.backups.path
  const id = canonicalBackupId(row.backupId)
  const known = { id, nameId: null, type, createdAtMs: rowTimeMs(row) ?? 0, rows: [row] }
  const split = row.filePath === null ? undefined : splitMemberName(basename(row.filePath))
  if (row.filePath !== null && split !== undefined) {
    const recorded = isAbsolute(row.filePath) ? [dirname(row.filePath)] : []
    for (const folder of [...recorded, join(root, type), root]) {
      const files = await filesWithin(realRoot, folder, split.base)
      const { members, irregular } = files
      if (members.db === undefined && members.sqlGz === undefined && irregular.length === 0) continue
      const lists = await folderChecksums(folder)
      return { ...known, folder, base: split.base, lists, dbPath: join(folder, memberName(split.base, 'db')), ...files }
    }
  }
  const base = expectedBase(target, type, known.createdAtMs)
  const folder = join(root, type)
  const dbPath = row.filePath === null ? join(folder, memberName(base, 'db')) : printableName(row.filePath)
  return { ...known, folder, base, lists: [], dbPath, members: {}, irregular: [] }
}

async function filesWithin(realRoot: string, folder: string, base: string): Promise<SetFiles> {
  const proven = await provenFolder(realRoot, folder)
  return proven === undefined ? { members: {}, irregular: [] } : readMembers(folder, base)
}

function expectedBase({ backups }: CatalogTarget, type: BackupType, createdAtMs: number): string {
  const digits = new Date(wallTimeOf(createdAtMs, backups.timezone)).toISOString().replaceAll(/[-:T]/g, '')
  return `${backups.stem}_${type}_${digits.slice(0, 8)}_${digits.slice(8, 14)}`
}

/** Two sets that answer to one id: which of them is meant cannot be told, so neither is restored by it. */
function markAmbiguous(sets: readonly BackupSet[]): BackupSet[] {
  const byId = new Map<string, BackupSet[]>()
  for (const set of sets) byId.set(set.id, [...(byId.get(set.id) ?? []), set])
  return sets.map((set) => {
    const rivals = (byId.get(set.id) ?? []).filter((other) => set.db === null || other === set || other.db !== set.db)
    return rivals.length < 2 ? set : { ...set, problems: [...set.problems, ambiguity(set.id, rivals)] }
  })
}

function ambiguity(id: string, rivals: readonly BackupSet[]): BackupProblem {
  const places = rivals.map(
    (each) => each.db ?? printableName(each.catalogRow?.filePath ?? 'a catalog row without a file'),
  )
  return {
    reason: 'BackupAmbiguous',
    message: `backup id ${id} names ${rivals.length} backups: ${places.join(', ')}`,
    hint: 'name the file instead: spec.source.file.path',
  }
}

/** Some at a time: each may open a file, and a directory of thousands must not use up the daemon's descriptors. */
async function inBatches<T, R>(items: readonly T[], each: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += BATCH) {
    results.push(...(await Promise.all(items.slice(start, start + BATCH).map(each))))
  }
  return results
}
