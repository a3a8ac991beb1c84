/**
 * Verifies one backup without restoring it: the five questions of the manual (6.2, R87), asked of a copy. The backup
 * directory is only read (R89): opening a database in WAL mode writes beside it, so the copy is what SQLite sees.
 */

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import type { BackupSet } from '../catalog/contract.ts'
import { findBackup } from '../catalog/resolve.ts'
import { resolveSafetyBackup } from '../catalog/safety-backups.ts'
import { scanBackups } from '../catalog/scan.ts'
import { verificationReport, type VerificationEvidence } from '../catalog/verify.ts'
import { deadlineFor, QUICK_MS } from '../controller/deadlines.ts'
import { deadlineOfDump, isOfThisMachine, judgeAbsorption } from '../controller/dump-proof.ts'
import { identityOfSet } from '../controller/verdicts.ts'
import type { CheckReport, DatabaseOperations, WalFit } from '../database/contract.ts'
import { judgeWalOfSet } from '../database/wal-verdict.ts'
import type { Clock } from '../domain/clock.ts'
import { messageOf, RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import type { Target } from '../domain/target.ts'
import { humanSize } from '../domain/size.ts'
import type { NewVerdict } from '../store/upkeep.ts'

export interface VerifiedCheck {
  readonly name: 'file_exists' | 'file_size' | 'checksum' | 'integrity' | 'tables'
  /** `skip`: nothing is recorded to compare with (manual 6.1), or an earlier check left nothing to look at. */
  readonly result: 'pass' | 'fail' | 'skip'
  readonly message: string
}

export interface BackupVerification {
  readonly target: string
  readonly backupId: string
  readonly passed: boolean
  readonly checks: readonly VerifiedCheck[]
}

/** @throws RestoreError `TargetNotFound`, `BackupNotFound`, or what kept the verification itself from running. */
export type BackupVerifier = (target: string, backupId: string, by: VerificationCaller) => Promise<BackupVerification>

/** Who asks for a verification. */
export interface VerificationCaller {
  readonly name: string
  /** Of the call; by it the record of the verification is known. */
  readonly uid: string
}

export interface VerificationTools {
  readonly database: DatabaseOperations
  readonly clock: Clock
  /** Where the copy lies while it is checked; made where it is missing, the copy is removed. */
  readonly scratchDir: string
  readonly signal?: AbortSignal
  /** Takes the verdict down; absent: nobody does. Not asked for safety backups, whose proof has its own record. */
  readonly record?: (verdict: NewVerdict) => void
  /** Reads and writes at most so much; absent: as fast as the disk is. */
  readonly bytesPerSecond?: number | null
}

/**
 * Checks a backup set, or a safety backup by its file name.
 *
 * @param backupId in either spelling (decision D1).
 * @throws RestoreError `BackupNotFound`; a check that fails is a result, not an error.
 */
export async function verifyBackup(
  target: Target,
  backupId: string,
  tools: VerificationTools,
): Promise<BackupVerification> {
  const set = await resolve(target, backupId, tools)
  const identity = await identityOfSet(set)
  const startedAtMs = tools.clock.nowMs()
  const result = await verifySet(target, set, tools)
  const failed = result.checks.find((check) => check.result === 'fail')
  // Replaced meanwhile: nobody knows which of the two was looked at.
  if (!backupId.startsWith('restore_safety_') && (await identityOfSet(set)) === identity) {
    tools.record?.({
      target: target.name,
      backupId: set.id,
      identity,
      passed: result.passed,
      message: failed === undefined ? 'ok' : `${failed.name}: ${failed.message}`,
      durationMs: Math.max(0, tools.clock.nowMs() - startedAtMs),
      check: failed?.name ?? '',
      foundBy: 'verify',
    })
  }
  return result
}

/** What the audit log says of it. */
export function verificationAct({ target, backupId, passed, checks }: BackupVerification) {
  const failed = checks.find(({ result }) => result === 'fail')
  return {
    operation: 'verify',
    target,
    backupId,
    status: passed ? 'success' : 'failure',
    message: failed === undefined ? `${backupId} verified` : `${backupId}: ${failed.name}: ${failed.message}`,
  } as const
}

/** Checks a set that was listed already. */
export async function verifySet(target: Target, set: BackupSet, tools: VerificationTools): Promise<BackupVerification> {
  const looked = set.db === null || set.dbSizeBytes === 0 ? {} : await lookAtCopy(target, set, set.db, tools)
  const checks = verdicts(target, set, looked, tools.clock.nowMs())
  return { target: target.name, backupId: set.id, passed: checks.every(({ result }) => result !== 'fail'), checks }
}

async function resolve(target: Target, backupId: string, { database, signal }: VerificationTools): Promise<BackupSet> {
  if (backupId.startsWith('restore_safety_')) return resolveSafetyBackup(target, backupId)
  const { catalogTable } = target.backups
  const options = { deadlineMs: QUICK_MS, ...(signal === undefined ? {} : { signal }) }
  const rows = catalogTable === null ? [] : await database.catalogRows(target.database, catalogTable, options)
  return findBackup(await scanBackups(target, rows), backupId)
}

interface Looked extends VerificationEvidence {
  readonly report?: CheckReport
  /** Why the copy could not be judged; what kept the verification itself from running is thrown instead. */
  readonly failure?: string
}

/** What a hostile or wrecked file makes of its check; anything else (a full disk, no permission) is not the backup's fault. */
const FAULTS_OF_THE_FILE: readonly string[] = [
  'DatabaseCorrupt',
  'NotADatabase',
  'DatabaseEncrypted',
  'NeedsRecovery',
  'Unverifiable',
]

async function lookAtCopy(target: Target, set: BackupSet, db: string, tools: VerificationTools): Promise<Looked> {
  const { database, signal, bytesPerSecond = null } = tools
  const deadlineMs = deadlineFor(target, set.sizeBytes) + slowedMs(set, bytesPerSecond)
  const options = { deadlineMs, ...(signal === undefined ? {} : { signal }) }
  const expected = (path: string | null): string | null =>
    set.checksums.find(({ file }) => file === path)?.sha256 ?? null
  const others = set.checksums.filter(({ file }) => file === set.sqlGz)
  mkdirSync(tools.scratchDir, { recursive: true, mode: 0o700 })
  // Links resolved: SQLite is told the name that the kernel will give back.
  const scratch = realpathSync(mkdtempSync(join(tools.scratchDir, 'verify-')))
  const staged = join(scratch, 'backup.db')
  try {
    const { hashes, wal } = await database.stage(
      {
        db,
        wal: set.wal,
        staged,
        expectedDb: expected(db),
        expectedWal: expected(set.wal),
        others: others.map(({ file, sha256 }) => ({ path: file, expected: sha256 })),
        attributesOf: null,
        ownership: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mode: 0o600 },
        bytesPerSecond,
      },
      options,
    )
    const refused = refusalOfWal(set, expected, wal)
    if (refused !== null) return { hashes, failure: refused }
    const absorption = await proveAbsorption(target, set, staged, tools)
    return { ...(await checkCopy(staged, hashes, tools, options)), ...absorption }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Of a set whose recorded `-wal` is gone, as a restore and a drill ask it. */
async function proveAbsorption(
  target: Target,
  { absorbed, sizeBytes }: BackupSet,
  staged: string,
  { database, signal }: VerificationTools,
): Promise<Pick<Looked, 'absorption'>> {
  if (absorbed == null) return {}
  const options = { deadlineMs: deadlineOfDump(target, sizeBytes), ...(signal === undefined ? {} : { signal }) }
  try {
    const found = await database.compareWithDump(staged, absorbed.dump, options)
    return { absorption: judgeAbsorption(absorbed, found) }
  } catch (error) {
    if (!(error instanceof RestoreError) || isOfThisMachine(error)) throw error
    return { absorption: { proven: false, message: error.message } }
  }
}

function refusalOfWal(set: BackupSet, expected: (path: string | null) => string | null, fit: WalFit | null) {
  try {
    judgeWalOfSet({ wal: set.wal, expectedDb: expected(set.db), expectedWal: expected(set.wal) }, fit)
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** A set is copied and hashed, its dump only hashed; the dump is no larger than the rest is likely to be, so twice that. */
function slowedMs({ sizeBytes }: BackupSet, bytesPerSecond: number | null): number {
  return bytesPerSecond === null ? 0 : Math.ceil((4 * sizeBytes * 1000) / bytesPerSecond)
}

async function checkCopy(
  staged: string,
  hashes: NonNullable<Looked['hashes']>,
  { database }: VerificationTools,
  options: Parameters<DatabaseOperations['check']>[1],
): Promise<Looked> {
  try {
    const report = await database.check({ path: staged, foreignKeys: false, absorb: true, seal: false }, options)
    return { hashes, integrity: report.integrity, report }
  } catch (error) {
    if (error instanceof RestoreError && FAULTS_OF_THE_FILE.includes(error.reason)) {
      return { hashes, failure: error.message }
    }
    throw error
  }
}

function verdicts(target: Target, set: BackupSet, looked: Looked, atMs: number): VerifiedCheck[] {
  const { checks } = verificationReport(set, looked, atMs, ['file_exists', 'checksum', 'integrity'])
  const of = (type: string): Verdict => {
    const check = checks.find(({ check_type }) => check_type === type)
    if (check === undefined) throw new RestoreError(`no verdict on ${type}`, { reason: 'InternalError' })
    return { result: check.status, message: check.message }
  }
  return [
    { name: 'file_exists', ...existence(set, of('file_exists')) },
    { name: 'file_size', ...size(set) },
    { name: 'checksum', ...of('checksum') },
    { name: 'integrity', ...integrity(target, looked, of('integrity')) },
    { name: 'tables', ...tables(looked.report) },
  ]
}

type Verdict = Pick<VerifiedCheck, 'result' | 'message'>

/** An empty file exists; the line after this one says that it is empty. */
function existence(set: BackupSet, verdict: Verdict): Verdict {
  const emptyOnly = set.db !== null && set.problems.every(({ reason }) => reason === 'BackupFileEmpty')
  return verdict.result === 'fail' && emptyOnly ? { result: 'pass', message: set.db } : verdict
}

function integrity({ verification }: Target, { report, failure }: Looked, verdict: Verdict): Verdict {
  if (failure !== undefined) return { result: 'fail', message: `${ERRORS.backupIntegrityFailed} ${failure}` }
  if (report === undefined) return { result: 'skip', message: 'there is nothing to check' }
  if (report.unverifiable === null) return verdict
  return { result: verification.allowUnverifiable ? 'skip' : 'fail', message: report.unverifiable }
}

function size(set: BackupSet): Verdict {
  if (set.db === null) return { result: 'skip', message: 'there is no file' }
  return { result: set.dbSizeBytes > 0 ? 'pass' : 'fail', message: humanSize(set.sizeBytes) }
}

/** A database without a table passes every integrity check and restores nothing. */
function tables(report: CheckReport | undefined): Verdict {
  if (report === undefined) return { result: 'skip', message: 'there is nothing to count' }
  const count = report.inspection.tables.length
  return { result: count > 0 ? 'pass' : 'fail', message: `${count} tables` }
}
