/** Puts the outcome of a verification into the form that the manual prints (6.2, 6.3; R84 to R87). Pure. */

import { basename } from 'node:path'
import { ERRORS } from '../domain/messages.ts'
import { humanSize } from '../domain/size.ts'
import type { AbsorbedWal, BackupSet } from './contract.ts'

export type VerificationCheckType = 'file_exists' | 'checksum' | 'integrity'

export interface VerificationCheck {
  /** `CHK-YYYYMMDD-HHMMSS-NNN`, UTC, counted from 001. */
  readonly check_id: string
  readonly backup_id: string
  readonly check_type: VerificationCheckType
  readonly status: 'pass' | 'fail' | 'skip'
  readonly message: string
}

export interface VerificationReport {
  readonly total_checks: number
  readonly passed: number
  readonly failed: number
  readonly checks: readonly VerificationCheck[]
}

/** What was found out about the bytes; a part that was not looked at is absent. */
export interface VerificationEvidence {
  readonly hashes?: readonly { readonly path: string; readonly sha256: string }[]
  /** The lines of `PRAGMA integrity_check` on a copy; `['ok']` alone passes (R83). */
  readonly integrity?: readonly string[]
  /** Of a set whose recorded `-wal` is gone: whether the copy has the rows of the set's dump. */
  readonly absorption?: Absorption
}

export interface Absorption {
  readonly proven: boolean
  readonly message: string
}

/** The two checks of the manual's sample answer; `integrity` is asked for (D7). */
const DEFAULT_CHECKS: readonly VerificationCheckType[] = ['file_exists', 'checksum']

/**
 * The list of checks for a set.
 *
 * @param atMs the time of the verification, milliseconds since the epoch.
 * @param include which checks to report, in this order.
 */
export function verificationReport(
  set: BackupSet,
  evidence: VerificationEvidence,
  atMs: number,
  include: readonly VerificationCheckType[] = DEFAULT_CHECKS,
): VerificationReport {
  const digits = new Date(atMs).toISOString().replaceAll(/[-:T]/g, '')
  const prefix = `CHK-${digits.slice(0, 8)}-${digits.slice(8, 14)}`
  const checks = include.map((type, index): VerificationCheck => {
    const check_id = `${prefix}-${String(index + 1).padStart(3, '0')}`
    return { check_id, backup_id: set.id, check_type: type, ...verdict(type, set, evidence) }
  })
  return {
    total_checks: checks.length,
    passed: checks.filter((check) => check.status === 'pass').length,
    failed: checks.filter((check) => check.status === 'fail').length,
    checks,
  }
}

type Verdict = Pick<VerificationCheck, 'status' | 'message'>

function verdict(type: VerificationCheckType, set: BackupSet, evidence: VerificationEvidence): Verdict {
  switch (type) {
    case 'file_exists':
      return filesVerdict(set)
    case 'checksum':
      return checksumVerdict(set, evidence)
    case 'integrity':
      return integrityVerdict(set, evidence)
  }
}

const CHECKSUM_REASONS: readonly string[] = ['ChecksumMismatch', 'ChecksumFileUnreadable', 'BackupUnlisted']

/** Whatever refuses the set fails one of the checks: a pass is a proof that retention and every list rest on. */
function filesVerdict(set: BackupSet): Verdict {
  const problem = set.problems.find(({ reason }) => !CHECKSUM_REASONS.includes(reason))
  if (problem !== undefined) return { status: 'fail', message: problem.message }
  return { status: 'pass', message: `${set.db ?? set.id} (${humanSize(set.sizeBytes)})` }
}

/** A recorded checksum whose file was not hashed is a failure: nothing was proven. */
function checksumVerdict(set: BackupSet, evidence: VerificationEvidence): Verdict {
  const problem = set.problems.find(({ reason }) => CHECKSUM_REASONS.includes(reason))
  if (problem !== undefined) return { status: 'fail', message: problem.message }
  if (set.db === null) return { status: 'skip', message: 'there is no file to hash' }
  const recorded = set.checksums.filter(({ file }) => [set.db, set.wal, set.sqlGz].includes(file))
  if (recorded.length === 0 && set.absorbed == null) return { status: 'skip', message: 'no checksum is recorded' }
  for (const { file, sha256 } of recorded) {
    const found = evidence.hashes?.find(({ path }) => path === file)
    if (found === undefined) return { status: 'fail', message: `was not hashed: ${file}` }
    if (found.sha256 !== sha256) return { status: 'fail', message: ERRORS.checksumMismatch }
  }
  if (set.absorbed != null) return absorptionVerdict(set.absorbed, evidence)
  return { status: 'pass', message: `${recorded.length} recorded, all equal` }
}

/** A pass counts as proof, for retention too: only the comparison with the dump is one. */
function absorptionVerdict({ wal, dump }: AbsorbedWal, { absorption }: VerificationEvidence): Verdict {
  if (absorption !== undefined) return { status: absorption.proven ? 'pass' : 'fail', message: absorption.message }
  return { status: 'fail', message: `${wal}, which is recorded, is gone, and ${basename(dump)} was not compared` }
}

function integrityVerdict(set: BackupSet, evidence: VerificationEvidence): Verdict {
  if (set.db === null) return { status: 'skip', message: 'there is no file to check' }
  const lines = evidence.integrity
  if (lines === undefined) return { status: 'fail', message: 'was not checked' }
  if (lines.length === 1 && lines[0] === 'ok') return { status: 'pass', message: 'ok' }
  return { status: 'fail', message: `${ERRORS.backupIntegrityFailed} ${lines.slice(0, 3).join('; ')}`.trim() }
}
