/**
 * The one ledger of verdicts on backups: what a restore, `modosu verify` or the schedule found out about the bytes that lie
 * there. What lists backups, chooses one, counts them or proposes one asks here, so that no failed check is forgotten.
 */

import type { BackupSet } from '../catalog/contract.ts'
import { latestCandidates } from '../catalog/resolve.ts'
import { scanBackups } from '../catalog/scan.ts'
import { setIdentity } from '../catalog/set-identity.ts'
import { asRestoreError } from '../domain/errors.ts'
import type { EscalationLevel } from '../domain/resource.ts'
import type { BackupNote } from '../domain/work.ts'
import type { StateReader } from '../store/reader.ts'
import type { NewVerdict, VerificationRecord } from '../store/upkeep.ts'
import type { FailedWith, PhaseContext } from './context.ts'

type Members = Pick<BackupSet, 'id' | 'db' | 'wal' | 'checksumFile'>

/** Which bytes a verdict speaks of: what a restore would use, and what it would be compared with. */
export function identityOfSet({
  db,
  wal,
  checksumFile,
}: Pick<Members, 'db' | 'wal' | 'checksumFile'>): Promise<string> {
  return setIdentity([db, wal, checksumFile])
}

/** By backup id; a set whose files have changed since counts as never verified. */
export async function verifiedSets(
  reader: Pick<StateReader, 'upkeep'>,
  target: string,
  sets: readonly Members[],
): Promise<ReadonlyMap<string, VerificationRecord>> {
  const records = new Map(reader.upkeep.verifications(target).map((record) => [record.backupId, record]))
  const valid = new Map<string, VerificationRecord>()
  for (const set of sets) {
    const record = records.get(set.id)
    if (record !== undefined && record.identity === (await identityOfSet(set))) valid.set(set.id, record)
  }
  return valid
}

/** What a restore finds of these is so for the bytes, whatever the machine and the configuration are. */
const OF_THE_BYTES: ReadonlySet<string> = new Set([
  'ChecksumMismatch',
  'IntegrityCheckFailed',
  'BackupIncomplete',
  'WalMismatch',
  'DatabaseCorrupt',
  'DatabaseEncrypted',
  'NotADatabase',
])

/**
 * What the present restore has found out about its backup.
 *
 * @param failure null: it passed every check.
 * @returns undefined where nothing is said about bytes, or where the files are not those any more that were noted.
 */
export function verdictOf(context: PhaseContext, failure: FailedWith | null): Promise<NewVerdict | undefined> {
  return verdictOn(context, context.work.backup, failure)
}

/** The same of a backup that is not noted yet. */
export async function verdictOn(
  context: PhaseContext,
  backup: BackupNote | undefined,
  failure: FailedWith | null,
): Promise<NewVerdict | undefined> {
  if (backup?.identity === undefined || (await noteIdentity(backup)) !== backup.identity) return undefined
  const base = { target: context.target.name, backupId: backup.id, identity: backup.identity, durationMs: 0 }
  if (failure === null) return { ...base, passed: true, message: 'ok', check: '', foundBy: 'restore' }
  const { reason, message } = asRestoreError(failure.cause, 'InternalError')
  if (!OF_THE_BYTES.has(reason)) return undefined
  const check = failure.findings.checks?.find(({ result }) => result === 'fail')?.name ?? ''
  return { ...base, passed: false, message: `${check}: ${message}`, check, foundBy: 'restore' }
}

function noteIdentity({ db, wal, checksumFile = null }: BackupNote): Promise<string> {
  return identityOfSet({ db, wal, checksumFile })
}

/**
 * How far a bad backup reaches (manual 12.1): one with another to take its place, several, or all of them.
 *
 * @param bad the id of the one that failed just now and is in no ledger yet.
 */
export async function levelOfBad({ deps, target }: PhaseContext, bad: string): Promise<EscalationLevel> {
  const listing = await scanBackups(target, [])
  const known = await verifiedSets(deps.reader, target.name, listing.sets)
  const isBad = ({ id }: BackupSet): boolean => id === bad || known.get(id)?.passed === false
  const left = latestCandidates(listing, {}, deps.clock.nowMs()).filter((set) => !isBad(set))
  if (left.length === 0) return 'L3'
  return listing.sets.filter(isBad).length > 1 ? 'L2' : 'L1'
}
