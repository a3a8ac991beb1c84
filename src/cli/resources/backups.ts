/** `modosu get backups`: what lies in the backup directories, and what can be restored of it. Works with the daemon down. */

import { backupObject } from '../../api/resources/objects.ts'
import type { BackupProblem, BackupSet, CatalogListing } from '../../catalog/contract.ts'
import { futureProblem, newestFirst } from '../../catalog/future.ts'
import { localNamesWarning } from '../../catalog/local-names.ts'
import { passedOverNotices } from '../../catalog/passed-over.ts'
import { findBackup } from '../../catalog/resolve.ts'
import { scanBackups } from '../../catalog/scan.ts'
import { QUICK_MS } from '../../controller/deadlines.ts'
import { asRestoreError, RestoreError } from '../../domain/errors.ts'
import type { Target } from '../../domain/target.ts'
import { humanSize } from '../../domain/size.ts'
import { verifiedSets } from '../../controller/verdicts.ts'
import type { VerificationRecord } from '../../store/upkeep.ts'
import type { CliContext } from '../context.ts'
import { errorLines } from '../error-lines.ts'
import { age, dateAndTime } from '../human.ts'
import type { Entry, Filter, Listing } from '../listing.ts'
import type { StyledCell } from '../table.ts'

const LOOK_EVERY_MS = 5000

export const BACKUPS: Listing = {
  title: 'backups',
  names: ['backups', 'backup', 'bk'],
  kind: 'Backup',
  named: 'one',
  columns: ['ID', 'TYPE', 'CREATED', 'SIZE', 'STATUS', 'RESTORABLE'],
  wideColumns: ['TARGET', 'CHECKSUM', 'DUMP', 'VERIFIED', 'FILE'],
  lookEveryMs: LOOK_EVERY_MS,
  load,
}

/**
 * The listing of a target's backups, the application's own catalog taken into account where it can be read.
 *
 * @throws RestoreError `BackupDirectoryUnreadable`.
 */
export async function backupListing(context: CliContext, target: Target): Promise<CatalogListing> {
  const listing = await scanBackups(target, await catalogRows(context, target))
  const warning = localNamesWarning(target.name, listing.sets)
  if (warning !== null) context.output.warning(warning)
  return { ...listing, sets: newestFirst(listing.sets, context.clock.nowMs()) }
}

/** Said once by each process: a watch lists every few seconds. */
const SAID = new WeakMap<CliContext, Set<string>>()

/** Names on stderr what lies in the directory, looks like a backup and is not listed, with the next step. */
export function tellPassedOver(context: CliContext, target: Target, listing: CatalogListing): void {
  const said = SAID.get(context) ?? new Set()
  SAID.set(context, said)
  for (const { message, reason, hint } of passedOverNotices(target, listing)) {
    if (said.has(message)) continue
    said.add(message)
    const [first = '', ...rest] = errorLines({ message, reason, hint }, context.language, '')
    context.output.warning(first.trimStart())
    for (const line of rest) context.output.message(line)
  }
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
    const verified = await verifications(context, found.target, [found.set])
    return [toEntry(context, found.target, found.set, verified.get(found.set.id))]
  }
  const entries: Entry[] = []
  for (const each of context.targets(target)) {
    const listing = await backupListing(context, each)
    tellPassedOver(context, each, listing)
    const shown = listing.sets.slice(0, limit)
    const verified = await verifications(context, each, shown)
    entries.push(...shown.map((set) => toEntry(context, each, set, verified.get(set.id))))
  }
  return entries
}

/** What scheduled verification said of the bytes that lie there now; nothing without a state store. */
export async function verifications(context: CliContext, { name }: Target, sets: readonly BackupSet[]) {
  try {
    return await verifiedSets(context.reader(), name, sets)
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'NoStateStore') return new Map<string, VerificationRecord>()
    throw error
  }
}

function toEntry(
  { output, clock, say }: CliContext,
  target: Target,
  set: BackupSet,
  verification: VerificationRecord | undefined,
): Entry {
  const future = futureProblem(set, clock.nowMs())
  const [word, style] = restorability(set, verification, future)
  const restorable: StyledCell = { text: say(word), style: (text) => output.onStdout(style, text) }
  return {
    reference: `backup/${set.id}`,
    object: backupObject(target, set, verification, future),
    cells: [set.id, set.type, `${dateAndTime(set.createdAtMs)}Z`, humanSize(set.sizeBytes), set.status, restorable],
    wide: [
      target.name,
      set.checksums.length === 0 ? 'no' : 'yes',
      set.sqlGz === null ? 'no' : 'yes',
      verifiedText(verification, clock.nowMs()),
      set.db ?? set.catalogRow?.filePath,
    ],
  }
}

/** Whether nothing is known against it; of a set whose recorded `-wal` is gone, whether it has been proven all the same. */
export function isRestorable(set: BackupSet, verification: VerificationRecord | undefined): boolean {
  if (set.problems.length > 0 || set.status !== 'success' || verification?.passed === false) return false
  return set.absorbed == null || verification?.passed === true
}

function restorability(
  set: BackupSet,
  verification: VerificationRecord | undefined,
  future: BackupProblem | null,
): readonly [word: string, style: 'red' | 'yellow' | 'green'] {
  const known = set.problems[0]?.message ?? (verification?.passed === false ? verification.message : undefined)
  if (known !== undefined) return [`no: ${known}`, 'red']
  if (future !== null) return [`by its id alone: ${future.message}`, 'yellow']
  if (set.absorbed == null || verification?.passed === true) return ['yes', 'green']
  return [`if it equals its dump: ${set.absorbed.wal} is gone`, 'yellow']
}

export function verifiedText(verification: VerificationRecord | undefined, nowMs: number): string {
  if (verification === undefined) return 'never'
  const by = verification.foundBy === 'schedule' ? '' : ` (${verification.foundBy})`
  return `${verification.passed ? 'passed' : 'FAILED'} ${age(verification.at, nowMs)} ago${by}`
}
