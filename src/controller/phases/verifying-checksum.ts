/**
 * [2/5] VerifyingChecksum: the set is copied to the staging file, and the copied bytes are compared with what the
 * `.sha256` file, the catalog and the request say (manual 6.1, check 1). What is proven here is what is swapped in later.
 */

import { basename, dirname } from 'node:path'

import { RestoreError } from '../../domain/errors.ts'
import { ERRORS } from '../../domain/messages.ts'
import type { BackupNote } from '../../domain/work.ts'
import type { StageResult } from '../../database/contract.ts'
import { judgeWalOfSet } from '../../database/wal-verdict.ts'
import type { EventInput } from '../../store/change.ts'
import { advance, FailedWith, type Outcome, type PhaseContext } from '../context.ts'
import { checkResult, failedCheck } from '../checks.ts'
import { deadlineFor } from '../deadlines.ts'
import type { Staging } from '../modes/contract.ts'
import { MODE_RULES } from '../modes/table.ts'
import { required } from '../required.ts'
import { tryNextCandidate } from '../candidates.ts'
import { proveByDump } from '../dump-proof.ts'

export async function verifyingChecksum(context: PhaseContext): Promise<Outcome> {
  const backup = required(context.work, 'backup')
  const missing = missingChecksum(context, backup)
  if (missing !== null) return tryNextCandidate(context, missing)
  const staging = await MODE_RULES[context.request.spec.mode].staging(context)
  const path = staging.staged
  context.note({ staged: { path, sha256: null, identity: null } })
  const result = await stage(context, backup, staging)
  context.note({ staged: { path, sha256: null, identity: null, made: result.identity } })
  if (result.mismatches.length > 0) return tryNextCandidate(context, mismatch(context, result))
  const doubt = judgeWal(context, backup, result)
  if (doubt instanceof FailedWith) return tryNextCandidate(context, doubt)
  if (backup.absorbed != null) return proveByDump(context, backup, backup.absorbed, path)
  const recorded = result.hashes.filter((hash) => hash.expected !== null)
  if (backup.expectedDb === null) {
    const message = 'no checksum is recorded for this backup; its content is checked, its origin is not'
    return advance('ChecksumSkipped', message, {
      checks: [checkResult(context, 'checksum', 'skip', message)],
      events: [{ type: 'Warning', reason: 'ChecksumSkipped', message }, ...doubt],
    })
  }
  const message = `${recorded.length} of ${recorded.length} recorded checksums match`
  return advance('ChecksumVerified', message, {
    checks: [checkResult(context, 'checksum', 'pass', message)],
    events: doubt,
  })
}

/** @returns what is to be said of the set's `-wal`, or why it may not be absorbed. */
function judgeWal(context: PhaseContext, backup: BackupNote, { wal }: StageResult): readonly EventInput[] | FailedWith {
  try {
    const message = judgeWalOfSet(backup, wal)
    return message === null ? [] : [{ type: 'Warning', reason: 'WalNotCovered', message }]
  } catch (error) {
    if (error instanceof RestoreError) return failedCheck(context, 'completeness', error)
    throw error
  }
}

/** The `-wal` is a part of what is restored: one that nothing attests is as good as a `.db` that nothing attests. */
function missingChecksum(context: PhaseContext, backup: BackupNote): FailedWith | null {
  if (!context.target.verification.requireChecksum) return null
  const { db, wal, expectedDb, expectedWal, absorbed } = backup
  // An attested dump proves the database as well as a checksum of its own would.
  if (absorbed != null && absorbed.dumpSha256 !== null) return null
  const bare = expectedDb === null ? db : wal !== null && expectedWal === null ? wal : null
  if (bare === null) return null
  const files = [db, wal].filter((path) => path !== null).map((path) => basename(path))
  const folder = dirname(db)
  return failedCheck(
    context,
    'checksum',
    new RestoreError(`no checksum is recorded for ${bare}, and the target requires one`, {
      reason: 'ChecksumMissing',
      hint:
        `if you know that the backup is good: cd ${folder} && sha256sum ${files.join(' ')} > ` +
        `${basename(db, '.db')}.sha256; or choose another backup`,
    }),
  )
}

function stage(context: PhaseContext, backup: BackupNote, staging: Staging): Promise<StageResult> {
  const { target, deps, signal } = context
  return deps.database.stage(
    {
      db: backup.db,
      wal: backup.wal,
      ...staging,
      expectedDb: backup.expectedDb,
      expectedWal: backup.expectedWal,
      others: backup.others,
    },
    { deadlineMs: deadlineFor(target, backup.sizeBytes), signal },
  )
}

function mismatch(context: PhaseContext, result: StageResult) {
  const [first] = result.mismatches
  const found = result.hashes.find((hash) => hash.path === first)
  const error = new RestoreError(ERRORS.checksumMismatch, {
    reason: 'ChecksumMismatch',
    hint:
      `${result.mismatches.join(', ')}: recorded ${found?.expected ?? 'unknown'}, found ${found?.sha256 ?? 'unknown'}; ` +
      'choose another backup (modosu get backups), or check the .sha256 file',
  })
  return failedCheck(context, 'checksum', error)
}
