/**
 * [5/5] VerifyingRestored: the restored database is the staged one and is sound (manual 6.1, check 3). A passing
 * integrity_check alone does not prove that the restore took effect: a stale `-wal` can serve the whole old database, ok.
 */

import { RestoreError } from '../../domain/errors.ts'
import { ERRORS } from '../../domain/messages.ts'
import type { CheckResult } from '../../domain/resource.ts'
import { identityOf, sameFile, sideFilesWithContent, unchanged } from '../../database/place.ts'
import { checkResult, failedCheck } from '../checks.ts'
import { advance, type Outcome, type PhaseContext } from '../context.ts'
import { deadlineFor, QUICK_MS } from '../deadlines.ts'
import { describeHolders } from '../holders.ts'
import { required } from '../required.ts'

export async function verifyingRestored(context: PhaseContext): Promise<Outcome> {
  const { target, work } = context
  const database = required(work, 'database')
  const checks: CheckResult[] = [await proveIdentity(context, database)]
  if (target.verification.afterSwap === 'full') checks.push(await proveIntegrity(context, database))
  await requireOldUnused(context)
  return advance('RestoredVerified', 'the restored database is the verified one', {
    checks,
    conditions: [
      { type: 'RestoredVerified', status: 'True', reason: 'Verified', message: 'identity and integrity are proven' },
    ],
  })
}

/**
 * The very inode whose bytes passed, unwritten since, with no side file that SQLite would replay. The bytes are hashed
 * besides where the whole check is asked, and where the daemon was restarted in between.
 */
async function proveIdentity(context: PhaseContext, database: string): Promise<CheckResult> {
  const { work, target, deps, recovered } = context
  const staged = required(work, 'staged')
  const found = await identityOf(database)
  if (!sameFile(found, staged.identity)) throw lost(context, 'the path holds another file than the verified one')
  const [side] = await sideFilesWithContent(database)
  if (side !== undefined) throw lost(context, `${side} appeared beside the restored database`)
  if (!unchanged(found, staged.identity))
    throw lost(context, 'the restored database was written to before it was released')
  if (target.verification.afterSwap === 'full' || recovered) {
    const { sha256 } = await deps.database.hash(database, { deadlineMs: deadlineFor(target, found?.sizeBytes ?? 0) })
    if (sha256 !== staged.sha256) throw lost(context, 'the restored bytes are not the verified ones')
  }
  return checkResult(context, 'restored_identity', 'pass', 'the verified file, unchanged')
}

function lost(context: PhaseContext, message: string) {
  return failedCheck(
    context,
    'restored_identity',
    new RestoreError(`${ERRORS.restoredIntegrityFailed}: ${message}`, {
      reason: 'RestoredNotVerified',
      hint: 'find out who else writes to the database’s directory',
    }),
  )
}

async function proveIntegrity(context: PhaseContext, database: string): Promise<CheckResult> {
  const { deps, target, work } = context
  const sizeBytes = required(work, 'staged').identity?.sizeBytes ?? 0
  const options = { deadlineMs: deadlineFor(target, sizeBytes) }
  const report = await deps.database.check({ path: database, foreignKeys: false, absorb: false, seal: false }, options)
  const found = report.integrity.join('; ')
  if (found === 'ok') return checkResult(context, 'restored_integrity', 'pass', 'ok')
  if (report.unverifiable !== null && target.verification.allowUnverifiable) {
    return checkResult(context, 'restored_integrity', 'warn', found)
  }
  throw failedCheck(
    context,
    'restored_integrity',
    new RestoreError(ERRORS.restoredIntegrityFailed, {
      reason: 'RestoredIntegrityFailed',
      hint: `${found}; check the disk (dmesg | grep -i error), then choose another backup or another disk`,
    }),
  )
}

/**
 * Whoever has the old file open would go on writing into a file that nobody reads again. Seen in /proc, and by the lock
 * where the one of the swap ended with the process that held it: in WAL mode it shows who is not seen.
 */
async function requireOldUnused({ work, deps, recovered }: PhaseContext): Promise<void> {
  const paths = (work.swap?.displaced ?? []).map(({ to }) => to)
  const [main] = paths
  if (main === undefined) return
  if (recovered && !required(work, 'current').damaged) await deps.database.hold(main, { deadlineMs: QUICK_MS })
  const { holders } = await deps.database.holders(paths, { deadlineMs: QUICK_MS })
  if (holders.length === 0) return
  throw new RestoreError(`the old database was opened during the swap by ${describeHolders(holders)}`, {
    reason: 'DatabaseInUse',
    hint: 'keep that process from starting during a restore: configure service.unit or service.command for the target',
  })
}
