/** What checklists are judged by. Everybody who shows one has these: the daemon, the API, the command line without a daemon. */

import type { BackupSet, CatalogListing } from '../../catalog/contract.ts'
import { scanBackups } from '../../catalog/scan.ts'
import { findBackup, latestCandidates, resolveFile } from '../../catalog/resolve.ts'
import type { Clock } from '../../domain/clock.ts'
import type { DatabaseOperations } from '../../database/contract.ts'
import type { ReportContact } from '../../domain/papers/settings.ts'
import type { Source } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import { QUICK_MS } from '../deadlines.ts'
import { resolveKept } from '../kept.ts'
import { verifiedSets } from '../verdicts.ts'

export interface ChecklistSources {
  readonly reader: StateReader
  readonly clock: Clock
  /** The backups of a target, with what its catalog says. */
  readonly list: (target: Target) => Promise<CatalogListing>
  readonly contacts: readonly ReportContact[]
}

/**
 * The backup that the source means as things stand.
 *
 * @throws RestoreError `BackupNotFound`, and what reading the directory throws.
 */
export async function meantBackup(sources: ChecklistSources, target: Target, source: Source): Promise<BackupSet> {
  const { reader, clock, list } = sources
  if (source.safetyBackup !== undefined) return (await resolveKept(reader, target, source.safetyBackup.name)).set
  if (source.file !== undefined) return resolveFile(target, source.file.path)
  const listing = await list(target)
  if (source.backupId !== undefined) return findBackup(listing, source.backupId)
  const candidates = latestCandidates(listing, source.latest ?? {}, clock.nowMs())
  const known = await verifiedSets(reader, target.name, candidates)
  const newest = candidates.find(({ id }) => known.get(id)?.passed !== false)
  return newest ?? findBackup(listing, 'latest')
}

/** A wrecked database has no catalog to offer: its directory alone is listed then. */
export async function listWithCatalog(
  { database }: { readonly database: Pick<DatabaseOperations, 'catalogRows'> },
  target: Target,
): Promise<CatalogListing> {
  const { catalogTable } = target.backups
  const rows =
    catalogTable === null
      ? []
      : await database.catalogRows(target.database, catalogTable, { deadlineMs: QUICK_MS }).catch(() => [])
  return scanBackups(target, rows)
}
