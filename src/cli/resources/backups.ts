/** `modosu get backups`: what lies in the backup directories, and what can be restored of it. Works with the daemon down. */

import type { BackupSet, CatalogListing } from '../../catalog/contract.ts'
import { findBackup } from '../../catalog/resolve.ts'
import { scanBackups } from '../../catalog/scan.ts'
import { QUICK_MS } from '../../controller/deadlines.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import { asRestoreError, RestoreError } from '../../domain/errors.ts'
import { API_VERSION } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import type { CliContext } from '../context.ts'
import { dateAndTime, humanSize } from '../human.ts'
import type { Entry, Filter, Listing } from '../listing.ts'
import type { StyledCell } from '../table.ts'

const LOOK_EVERY_MS = 5000

export const BACKUPS: Listing = {
  title: 'backups',
  names: ['backups', 'backup'],
  kind: 'Backup',
  named: 'one',
  columns: ['ID', 'TYPE', 'CREATED', 'SIZE', 'STATUS', 'RESTORABLE'],
  wideColumns: ['TARGET', 'CHECKSUM', 'DUMP', 'FILE'],
  lookEveryMs: LOOK_EVERY_MS,
  load,
}

/**
 * The listing of a target's backups, the application's own catalog taken into account where it can be read.
 *
 * @throws RestoreError `BackupDirectoryUnreadable`.
 */
export async function backupListing(context: CliContext, target: Target): Promise<CatalogListing> {
  return scanBackups(target, await catalogRows(context, target))
}

/** A wrecked database has no catalog to offer, and it is then that somebody looks for backups. */
async function catalogRows(context: CliContext, { name, database, backups: { catalogTable } }: Target) {
  if (catalogTable === null) return []
  try {
    return await context.database().catalogRows(database, catalogTable, { deadlineMs: QUICK_MS })
  } catch (error) {
    const { message } = asRestoreError(error, 'IoError')
    context.output.warning(`the catalog of ${name} cannot be read, its files alone are listed: ${message}`)
    return []
  }
}

/** @throws RestoreError `BackupNotFound`, with the nearest ids. */
export async function backupNamed(
  context: CliContext,
  id: string,
  targetName: string | undefined,
): Promise<{ readonly target: Target; readonly set: BackupSet }> {
  let missing: unknown
  for (const target of context.targets(targetName)) {
    try {
      return { target, set: findBackup(await backupListing(context, target), id) }
    } catch (error) {
      if (!(error instanceof RestoreError) || error.reason !== 'BackupNotFound') throw error
      missing ??= error
    }
  }
  throw missing
}

async function load(context: CliContext, { name, target, limit }: Filter): Promise<readonly Entry[]> {
  if (name !== undefined) {
    const found = await backupNamed(context, name, target)
    return [toEntry(context, found.target, found.set)]
  }
  const entries: Entry[] = []
  for (const each of context.targets(target)) {
    const { sets } = await backupListing(context, each)
    entries.push(...sets.slice(0, limit).map((set) => toEntry(context, each, set)))
  }
  return entries
}

function toEntry({ output }: CliContext, target: Target, set: BackupSet): Entry {
  const [problem] = set.problems
  const restorable: StyledCell = {
    text: problem === undefined ? 'yes' : `no: ${problem.message}`,
    style: (text) => output.onStdout(problem === undefined ? 'green' : 'red', text),
  }
  return {
    reference: `backup/${set.id}`,
    object: toObject(target, set),
    cells: [set.id, set.type, `${dateAndTime(set.createdAtMs)}Z`, humanSize(set.sizeBytes), set.status, restorable],
    wide: [
      target.name,
      set.checksums.length === 0 ? 'no' : 'yes',
      set.sqlGz === null ? 'no' : 'yes',
      set.db ?? set.catalogRow?.filePath,
    ],
  }
}

function toObject(target: Target, set: BackupSet): object {
  const { db, wal, shm, sqlGz, checksumFile } = set
  return {
    apiVersion: API_VERSION,
    kind: 'Backup',
    metadata: { name: set.id, creationTimestamp: toRfc3339(set.createdAtMs) },
    target: target.name,
    type: set.type,
    status: set.status,
    restorable: set.problems.length === 0,
    problems: set.problems,
    sizeBytes: set.sizeBytes,
    files: { db, wal, shm, sqlGz, checksumFile },
    checksums: set.checksums,
    missing: set.missing,
    aliases: set.aliases,
  }
}
