/** What the commands share that look into a backup or a database: a folder of their own, and checked copies in it. */

import { accessSync, constants, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

import type { BackupSet } from '../catalog/contract.ts'
import { findBackup } from '../catalog/resolve.ts'
import { isSafetyName, resolveSafetyBackup } from '../catalog/safety-backups.ts'
import { scanBackups } from '../catalog/scan.ts'
import { checkedCopy, type CheckedCopy } from '../controller/checked-copy.ts'
import { deadlineFor, QUICK_MS } from '../controller/deadlines.ts'
import { scratchFolder } from '../controller/scratch.ts'
import type { Inspection } from '../database/contract.ts'
import { identityOf } from '../database/place.ts'
import { asRestoreError, RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import { humanSize } from '../domain/size.ts'
import type { Target } from '../domain/target.ts'
import type { CliContext } from './context.ts'

/** A database up to this size is copied whole to read its catalog, which leaves no trace of any kind beside it. */
const SMALL_BYTES = 64 * 2 ** 20

export interface Chosen {
  readonly target: Target
  readonly set: BackupSet
}

/**
 * Gives the body a folder that nobody else may enter, and removes it afterwards. Dies the process meanwhile, the folder
 * stays: it holds copies only.
 */
export async function withScratch<T>(context: CliContext, body: (folder: string) => Promise<T>): Promise<T> {
  const parent = scratchParent(context)
  // Links resolved: SQLite is told the name that the kernel will give back.
  const folder = realpathSync(mkdtempSync(join(parent, 'modosu-look-')))
  try {
    return await body(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The daemon's scratch folder, on whose file system there is room for a database; else the system's temporary one. */
export function scratchParent(context: CliContext): string {
  const { stateDir } = context.configuration()
  try {
    accessSync(stateDir, constants.W_OK)
    return scratchFolder(stateDir)
  } catch {
    return context.environment.temporaryDirectory
  }
}

/**
 * The backup of that id, or the safety backup of that name.
 *
 * @throws RestoreError `BackupNotFound`, with the nearest ids.
 */
export async function chosen(
  context: CliContext,
  backup: string,
  targetName: string | undefined,
  folder: string,
): Promise<Chosen> {
  if (isSafetyName(backup)) {
    const target = context.target(targetName)
    return { target, set: await resolveSafetyBackup(target, backup) }
  }
  let missing: unknown
  for (const target of context.targets(targetName)) {
    try {
      return { target, set: findBackup(await scanBackups(target, await catalogOf(context, target, folder)), backup) }
    } catch (error) {
      if (!(error instanceof RestoreError) || error.reason !== 'BackupNotFound') throw error
      missing ??= error
    }
  }
  throw missing
}

/** What the application's own catalog says; a database that cannot be read has none to offer. */
async function catalogOf(context: CliContext, target: Target, folder: string) {
  const { catalogTable } = target.backups
  if (catalogTable === null) return []
  const options = { deadlineMs: QUICK_MS }
  try {
    if ((await sizeOf(target.database)) > SMALL_BYTES) {
      return await context.database().catalogRows(target.database, catalogTable, options)
    }
    const copy = join(folder, `catalog-${target.name}.db`)
    await context.database().snapshot(target.database, copy, options)
    return await context.database().catalogRows(copy, catalogTable, options)
  } catch (error) {
    const { message } = asRestoreError(error, 'IoError')
    context.output.warning(`the catalog of ${target.name} cannot be read, its files alone are used: ${message}`)
    return []
  }
}

async function sizeOf(database: string): Promise<number> {
  const files = [await identityOf(database), await identityOf(`${database}-wal`)]
  return files.reduce((sum, file) => sum + (file?.sizeBytes ?? 0), 0)
}

/** A copy of a backup that passed its checks; what is to be said of it goes to stderr. */
export async function copyOfBackup(
  context: CliContext,
  { target, set }: Chosen,
  path: string,
  signal: AbortSignal,
): Promise<CheckedCopy> {
  requireRoom(path, set.sizeBytes)
  const copy = await checkedCopy(target, set, path, { database: context.database(), clock: context.clock, signal })
  for (const remark of copy.remarks) context.output.warning(remark)
  return copy
}

/** A copy of the present database, whether its application runs or not. */
export async function copyOfPresent(
  context: CliContext,
  target: Target,
  path: string,
  signal: AbortSignal,
): Promise<Inspection> {
  const sizeBytes = await sizeOf(target.database)
  if (sizeBytes === 0 && (await identityOf(target.database)) === null) {
    throw new RestoreError(`there is no database at ${target.database}: a restore would bring back all of the backup`, {
      reason: 'FileNotFound',
      hint: `look whether its file system is mounted: df ${shellWord(target.database)}`,
    })
  }
  requireRoom(path, sizeBytes)
  return context.database().snapshot(target.database, path, { deadlineMs: deadlineFor(target, sizeBytes), signal })
}

/** @throws RestoreError `DiskFull` before anything is written. */
function requireRoom(path: string, sizeBytes: number): void {
  const folder = join(path, '..')
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize > sizeBytes) return
  throw new RestoreError(`a copy takes ${humanSize(sizeBytes)}, and ${folder} has ${humanSize(bavail * bsize)} left`, {
    reason: 'DiskFull',
    hint: 'make room, or have the copy made elsewhere: TMPDIR=/path/with/room, as another user than the daemon’s',
  })
}
