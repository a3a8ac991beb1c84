/** Finds the one backup set that a request means, and says why it cannot be restored where it cannot. */

import { dirname, isAbsolute, join, normalize, relative } from 'node:path'
import { canonicalBackupId } from '../domain/backup-id.ts'
import { RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import type { LatestSource } from '../domain/resource.ts'
import { nearest } from '../manifest/edit-distance.ts'
import { buildSet } from './backup-set.ts'
import { RowIndex, timeOfRow } from './catalog-rows.ts'
import type { BackupSet, CatalogListing, CatalogRowInput } from './contract.ts'
import { folderChecksums } from './folder-checksums.ts'
import { futureProblem } from './future.ts'
import { memberName, nameIds, parseBackupBase, printableName, splitMemberName } from './file-name.ts'
import { mainFile, provenFolder, readMembers, realBackupRoot, type CatalogTarget } from './members.ts'

/**
 * The set that an id names, in either spelling (D1): by its own id or by one that the application's catalog gives it, else by
 * the digits of its file's name.
 *
 * @throws RestoreError `BackupNotFound` with the id as the caller typed it (manual 8.1), `BackupAmbiguous`
 */
export function findBackup(listing: CatalogListing, idText: string): BackupSet {
  const id = canonicalBackupId(idText)
  const byId = listing.sets.filter((set) => set.id === id || set.aliases.includes(id))
  const named = byId.length > 0 ? byId : listing.sets.filter((set) => set.nameId === id)
  const [first, ...others] = named
  if (first === undefined) {
    const near = nearestIds(listing, id)
    const meant = near.length === 0 ? '' : `did you mean ${near.join(', ')}? `
    throw new RestoreError(ERRORS.backupNotFound(idText), {
      reason: 'BackupNotFound',
      hint: `${meant}list them with: modosu get backups --target ${listing.target}`,
    })
  }
  if (others.length > 0) {
    throw new RestoreError(`backup id ${printableName(idText)} names ${named.length} backups: ${places(named)}`, {
      reason: 'BackupAmbiguous',
      hint: 'name the file instead: spec.source.file.path',
    })
  }
  return first
}

/**
 * Lets a set pass that nothing is known against (manual 2.2); its bytes are proven later.
 *
 * @returns the set, whose `db` is a path.
 * @throws RestoreError with the first problem's reason, text and hint
 */
export function requireRestorable(set: BackupSet): BackupSet & { readonly db: string } {
  const [problem] = set.problems
  if (problem !== undefined) {
    const { reason, message, hint = 'choose another backup: modosu get backups' } = problem
    throw new RestoreError(message, { reason, hint })
  }
  if (set.status !== 'success') {
    throw new RestoreError(ERRORS.backupNotAvailable(set.status), { reason: 'BackupNotAvailable' })
  }
  const { db } = set
  if (db === null) throw new RestoreError(ERRORS.backupFileNotFound(set.id), { reason: 'BackupFileNotFound' })
  return { ...set, db }
}

/**
 * The sets that `source.latest` may choose from, newest first (D15). The caller takes the first that passes every check
 * (D14). One that is dated in the future is none of them.
 *
 * @param source its `before` is RFC 3339 and excludes a set of that very instant.
 * @throws RestoreError `InvalidSource` where `before` is no time: comparing with it would let every set pass or none
 */
export function latestCandidates(listing: CatalogListing, source: LatestSource, nowMs: number): BackupSet[] {
  const beforeMs = source.before === undefined ? Infinity : Date.parse(source.before)
  if (Number.isNaN(beforeMs)) {
    throw new RestoreError(`spec.source.latest.before is no time: ${printableName(source.before ?? '')}`, {
      reason: 'InvalidSource',
      hint: 'write it as 2026-02-15T03:00:00Z',
    })
  }
  return listing.sets
    .filter((set) => set.problems.length === 0 && set.status === 'success' && set.db !== null)
    .filter((set) => futureProblem(set, nowMs) === null)
    .filter((set) => set.createdAtMs < beforeMs && (source.types?.includes(set.type) ?? true))
    .sort((a, b) => b.createdAtMs - a.createdAtMs)
}

/**
 * The set that a `.db` or `.sql.gz` file in the backup directory belongs to, under the same rules as a scanned one: its
 * `-wal`, its checksum file and its catalog row count.
 *
 * The set's id is the canonical one where the name is a backup's, else the relative path; its time is the name's, else
 * the file's mtime (D15).
 *
 * @param relativePath relative to `backups.path`, such as `daily/x.db`.
 * @param rows the application's own catalog, so that a file cannot be used to get round its row's status.
 * @throws RestoreError `PathNotAllowed` (absolute, `..`, or leads out of the backup directory; R155), `BackupFileNotFound`,
 *   `BackupDirectoryUnreadable`
 */
export async function resolveFile(
  target: CatalogTarget,
  relativePath: string,
  rows: readonly CatalogRowInput[] = [],
): Promise<BackupSet> {
  const root = target.backups.path
  const split = splitMemberName(relativePath)
  if (!isPlainRelative(relativePath) || (split?.kind !== 'db' && split?.kind !== 'sqlGz')) {
    throw notAllowed(relativePath, 'is no .db or .sql.gz file inside the backup directory')
  }
  const path = join(root, relativePath)
  const folder = dirname(path)
  const realRoot = await realBackupRoot(root)
  if ((await provenFolder(realRoot, folder)) === undefined) {
    throw notAllowed(relativePath, 'is in no folder of the backup directory')
  }
  const base = relative(folder, join(root, split.base))
  const files = await readMembers(folder, base)
  const file = files.members[split.kind]
  const irregular = files.irregular.find((each) => each.path === join(folder, memberName(base, split.kind)))
  if (irregular !== undefined) {
    throw new RestoreError(`the backup is ${irregular.what}: ${printableName(irregular.path)}`, {
      reason: 'BackupNotRegular',
      hint: 'put the file itself in its place: neither a link nor a pipe is followed',
    })
  }
  if (file === undefined) {
    throw new RestoreError(ERRORS.backupFileNotFound(path), {
      reason: 'BackupFileNotFound',
      hint: `list the backups with: modosu get backups --target ${target.name}`,
    })
  }
  const parsed = parseBackupBase(target.backups, base, mainFile(files.members)?.mtimeMs)
  const ids = parsed === undefined ? { id: normalize(relativePath), nameId: null } : nameIds(parsed)
  const type = parsed?.type ?? 'manual'
  const index = new RowIndex(target, rows)
  const byFile = index.claimByFile(base)
  const own = byFile.length > 0 ? byFile : index.claimById(ids.id)
  const createdAtMs = timeOfRow(own[0], parsed?.createdAtMs ?? file.mtimeMs)
  return buildSet({
    ...ids,
    type,
    createdAtMs,
    folder,
    base,
    lists: await folderChecksums(folder),
    dbPath: join(folder, memberName(base, 'db')),
    ...files,
    rows: own.length > 0 ? own : index.claimByTime(type, createdAtMs),
  })
}

/**
 * The dump of a set, for `source.sqlDump` (manual 8.2). The `.db` need not be there.
 *
 * @returns its path and the SHA-256 recorded of it, null where none is.
 * @throws RestoreError `BackupFileNotFound`
 */
export function requireDump(set: BackupSet): { readonly path: string; readonly sha256: string | null } {
  const path = set.sqlGz
  if (path === null) {
    throw new RestoreError(ERRORS.backupFileNotFound(`${set.id}.sql.gz`), {
      reason: 'BackupFileNotFound',
      hint: 'list the dumps with: modosu get backups -o wide',
    })
  }
  return { path, sha256: expectedSha256(set, path) }
}

/** The SHA-256 that is recorded of one member, null where none is (manual 6.1: then there is nothing to compare). */
export function expectedSha256(set: BackupSet, path: string): string | null {
  return set.checksums.find((record) => record.file === path)?.sha256 ?? null
}

function places(sets: readonly BackupSet[]): string {
  return sets.map((set) => set.db ?? printableName(set.catalogRow?.filePath ?? set.id)).join(', ')
}

function nearestIds(listing: CatalogListing, id: string): string[] {
  let pool = listing.sets.flatMap((set) => [set.id, ...set.aliases])
  const near: string[] = []
  for (let best = nearest(id, pool); best !== undefined && near.length < 3; best = nearest(id, pool)) {
    near.push(best)
    pool = pool.filter((each) => each !== best)
  }
  return near
}

function isPlainRelative(path: string): boolean {
  return path !== '' && !isAbsolute(path) && !path.includes('\0') && !path.split('/').includes('..')
}

function notAllowed(path: string, why: string): RestoreError {
  return new RestoreError(`path ${why}: ${printableName(path)}`, {
    reason: 'PathNotAllowed',
    hint: 'give the path relative to the backup directory, such as daily/NAME.db',
  })
}
