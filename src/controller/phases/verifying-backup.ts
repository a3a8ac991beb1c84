/**
 * [3/5] VerifyingBackup: the staged file absorbs its `-wal`, and its content is proven: integrity, foreign keys,
 * completeness, the right application, and what will be lost (manual 6.1, check 2; 10-5). Integrity is not completeness:
 * a backup without its `-wal` can be empty and `ok`.
 */

import { dirname } from 'node:path'

import { RestoreError } from '../../domain/errors.ts'
import { ERRORS } from '../../domain/messages.ts'
import type { CheckReport } from '../../database/contract.ts'
import { sameFile } from '../../database/place.ts'
import { shellWord } from '../../domain/shell-word.ts'
import type { StagedNote } from '../../domain/work.ts'
import type { CheckResult } from '../../domain/resource.ts'
import { checkResult, failedCheck } from '../checks.ts'
import { FailedWith, type Findings, type Outcome, type PhaseContext } from '../context.ts'
import { tryNextCandidate } from '../candidates.ts'
import { deadlineFor } from '../deadlines.ts'
import { MODE_RULES } from '../modes/table.ts'
import { judgeApplication, requireCommonTables } from '../preflight/application.ts'
import { required } from '../required.ts'
import { verdictOf } from '../verdicts.ts'
import { verifyingChecksum } from './verifying-checksum.ts'

export async function verifyingBackup(context: PhaseContext): Promise<Outcome> {
  // A failed sync is never repeated on the same file, where it would succeed without the data: copied again.
  if (context.request.attempts > 0) {
    const staged = await verifyingChecksum(context)
    if (staged.kind !== 'advance' || staged.to !== undefined) return staged
  }
  try {
    return await verify(context)
  } catch (error) {
    if (error instanceof FailedWith) return await tryNextCandidate(context, error)
    throw error
  }
}

async function verify(context: PhaseContext): Promise<Outcome> {
  const { request, work } = context
  const staged = required(work, 'staged')
  const report = await inspectStaged(context, staged.path)
  requireMade(staged, report)
  const checks = [
    judgeIntegrity(context, report),
    judgeForeignKeys(context, report),
    judgeCompleteness(context, report),
  ]
  await requireRightApplication(context, report)
  const events = checks
    .filter((check) => check.result === 'warn')
    .map((check) => ({ type: 'Warning', reason: 'CheckWarning', message: `${check.name}: ${check.message}` }) as const)
  const verdict = checks.some(({ result }) => result === 'warn') ? undefined : await verdictOf(context, null)
  const findings: Findings = {
    ...(verdict === undefined ? {} : { verdict }),
    checks,
    events: [...events, ...missingTables(context, report)],
    work: { staged: { ...staged, sha256: report.sha256, identity: report.identity } },
    conditions: [
      { type: 'BackupVerified', status: 'True', reason: 'Verified', message: 'checksum and integrity are proven' },
    ],
  }
  return MODE_RULES[request.spec.mode].conclude(context, report, findings)
}

/** @throws RestoreError `FileChanged` where what was checked is not the file whose checksum was proven. */
function requireMade({ path, made }: StagedNote, { identity }: CheckReport): void {
  if (made === undefined || identity === null || sameFile(identity, made)) return
  throw new RestoreError(`${path} is not the file that was made: somebody has put another one in its place`, {
    reason: 'FileChanged',
    disposition: 'retry',
    hint: `find out who writes to its directory: ls -ld ${shellWord(dirname(path))}`,
  })
}

/** They say nothing about the backup: `source.latest` must not fall back to an older one because a disk is full. */
const OF_THIS_MACHINE: ReadonlySet<string> = new Set(['IoError', 'DiskFull', 'PermissionDenied', 'DatabaseInUse'])

async function inspectStaged(context: PhaseContext, path: string): Promise<CheckReport> {
  const { deps, target, signal, work } = context
  const options = { deadlineMs: deadlineFor(target, required(work, 'backup').sizeBytes), signal }
  try {
    return await deps.database.check({ path, foreignKeys: true, absorb: true, seal: true }, options)
  } catch (error) {
    if (!(error instanceof RestoreError) || error.reason === 'Interrupted') throw error
    if (error.reason === 'DatabaseCorrupt' || error.reason === 'NotADatabase') throw corrupt(context, error.message)
    if (OF_THIS_MACHINE.has(error.reason)) throw error
    throw failedCheck(context, 'integrity', error)
  }
}

function judgeIntegrity(context: PhaseContext, report: CheckReport): CheckResult {
  const found = report.integrity.join('; ')
  if (found === 'ok') return checkResult(context, 'integrity', 'pass', 'ok')
  if (report.unverifiable !== null) {
    if (context.target.verification.allowUnverifiable) return checkResult(context, 'integrity', 'warn', found)
    throw failedCheck(
      context,
      'integrity',
      new RestoreError(`the backup cannot be verified: ${report.unverifiable}`, {
        reason: 'Unverifiable',
        hint:
          'it needs a collation, function, tokenizer or module that this program lacks; the rest of it passed; ' +
          'verification.allowUnverifiable accepts that',
      }),
    )
  }
  throw corrupt(context, found)
}

function corrupt(context: PhaseContext, found: string): FailedWith {
  const error = new RestoreError(ERRORS.backupIntegrityFailed, {
    reason: 'IntegrityCheckFailed',
    hint: `${found}; choose another backup (modosu get backups), or recover from the SQL dump (manual 8.2)`,
  })
  return failedCheck(context, 'integrity', error)
}

function judgeForeignKeys(context: PhaseContext, report: CheckReport): CheckResult {
  const { foreignKeyViolations: count, foreignKeySample } = report
  if (count === 0) return checkResult(context, 'foreign_keys', 'pass', 'no violation')
  const message = `${count} rows violate a foreign key: ${foreignKeySample.join('; ')}`
  if (context.target.verification.foreignKeys === 'warn') return checkResult(context, 'foreign_keys', 'warn', message)
  throw failedCheck(
    context,
    'foreign_keys',
    new RestoreError(message, {
      reason: 'ForeignKeyCheckFailed',
      hint: 'verification.foreignKeys: warn accepts them; choose another backup otherwise',
    }),
  )
}

/** A database without a table cannot be what anybody wants back, unless the present one has none either. */
function judgeCompleteness(context: PhaseContext, report: CheckReport): CheckResult {
  const { tables, schemaObjects } = report.inspection
  if (tables.length > 0) {
    return checkResult(context, 'completeness', 'pass', `${tables.length} tables, ${schemaObjects} schema objects`)
  }
  throw failedCheck(
    context,
    'completeness',
    new RestoreError('the backup holds no table at all', {
      reason: 'BackupIncomplete',
      hint: 'its -wal file may be missing; choose another backup: modosu get backups',
    }),
  )
}

async function requireRightApplication(context: PhaseContext, report: CheckReport): Promise<void> {
  const { request, work } = context
  const current = required(work, 'current')
  if (!MODE_RULES[request.spec.mode].replacesDatabase || !current.exists || current.damaged) return
  await judgeApplication(context, required(work, 'database'), report.inspection.applicationId)
  requireCommonTables(context, current.tables, report.inspection.tables)
}

/** An older backup lacks the tables of later migrations: no fault, but said (manual Q3). */
function missingTables(context: PhaseContext, report: CheckReport) {
  const restored = new Set(report.inspection.tables)
  const missing = required(context.work, 'current').tables.filter((table) => !restored.has(table))
  if (missing.length === 0) return []
  const message = `the backup lacks ${missing.length} tables of the present schema: ${missing.slice(0, 10).join(', ')}`
  return [{ type: 'Warning', reason: 'SchemaDiffers', message } as const]
}
