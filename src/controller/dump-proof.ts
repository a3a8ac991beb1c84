/**
 * The proof of a backup whose recorded `-wal` is gone. Its checksums are of the bytes before, so they prove nothing any more;
 * that the staged copy has the rows of the set's own dump proves that the `-wal` was absorbed and not lost.
 */

import { basename } from 'node:path'
import { RestoreError } from '../domain/errors.ts'
import type { BackupNote } from '../domain/work.ts'
import type { DumpComparison } from '../database/contract.ts'
import { tryNextCandidate } from './candidates.ts'
import { checkResult, failedCheck } from './checks.ts'
import { advance, type Outcome, type PhaseContext } from './context.ts'
import { deadlineFor } from './deadlines.ts'

/** Reading text takes SQLite longer than reading pages. */
const TIMES_A_CHECK = 4

/** They say nothing about the backup. */
const OF_THIS_MACHINE: ReadonlySet<string> = new Set(['Interrupted', 'IoError', 'DiskFull', 'PermissionDenied'])

/**
 * Compares the staged copy with the dump.
 *
 * @param staged not yet sealed: what is checked afterwards is this file.
 */
export async function proveByDump(
  context: PhaseContext,
  { sizeBytes }: BackupNote,
  { wal, dump, dumpSha256 }: NonNullable<BackupNote['absorbed']>,
  staged: string,
): Promise<Outcome> {
  const { deps, target, signal } = context
  let found: DumpComparison
  try {
    const deadlineMs = TIMES_A_CHECK * deadlineFor(target, sizeBytes)
    found = await deps.database.compareWithDump(staged, dump, { deadlineMs, signal })
  } catch (error) {
    if (!(error instanceof RestoreError) || OF_THIS_MACHINE.has(error.reason)) throw error
    return tryNextCandidate(context, failedCheck(context, 'completeness', error))
  }
  const difference = found.difference ?? differenceOfDump(found, dumpSha256)
  if (difference !== null) {
    const error = new RestoreError(
      `backup set is incomplete: ${wal}, which is recorded, is gone, and the database is not what its dump says: ${difference}`,
      {
        reason: 'BackupIncomplete',
        hint: `put ${wal} back from where the backup was copied, or choose another backup: modosu get backups --target ${target.name}`,
      },
    )
    return tryNextCandidate(context, failedCheck(context, 'completeness', error))
  }
  const attested = dumpSha256 === null ? ', for which no checksum is recorded' : ''
  const message =
    `${wal}, which is recorded, was absorbed by a program that opened the backup: its ${found.tables} ${found.tables === 1 ? 'table' : 'tables'} with ` +
    `${found.rows} rows are those of its dump ${basename(dump)}${attested}`
  return advance('DumpVerified', message, {
    checks: [checkResult(context, 'checksum', 'warn', message)],
    events: [{ type: 'Warning', reason: 'WalAbsorbed', message }],
  })
}

function differenceOfDump({ sha256 }: DumpComparison, recorded: string | null): string | null {
  return recorded === null || recorded === sha256 ? null : 'the dump is not the one whose checksum is recorded'
}
