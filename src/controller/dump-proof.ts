/**
 * The proof of a backup whose recorded `-wal` is gone. Its checksums are of the bytes before, so they prove nothing any more;
 * that the staged copy has the rows of the set's own dump proves that the `-wal` was absorbed and not lost.
 */

import { basename } from 'node:path'
import type { Absorption } from '../catalog/verify.ts'
import { RestoreError } from '../domain/errors.ts'
import type { Target } from '../domain/target.ts'
import type { BackupNote } from '../domain/work.ts'
import type { DumpComparison } from '../database/contract.ts'
import { tryNextCandidate } from './candidates.ts'
import { checkResult, failedCheck } from './checks.ts'
import { advance, type Outcome, type PhaseContext } from './context.ts'
import { deadlineFor } from './deadlines.ts'

type Absorbed = NonNullable<BackupNote['absorbed']>

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
  absorbed: Absorbed,
  staged: string,
): Promise<Outcome> {
  const { deps, target, signal } = context
  let found: DumpComparison
  try {
    const deadlineMs = deadlineOfDump(target, sizeBytes)
    found = await deps.database.compareWithDump(staged, absorbed.dump, { deadlineMs, signal })
  } catch (error) {
    if (!(error instanceof RestoreError) || isOfThisMachine(error)) throw error
    return tryNextCandidate(context, failedCheck(context, 'completeness', error))
  }
  const { proven, message } = judgeAbsorption(absorbed, found)
  if (!proven) {
    const error = new RestoreError(message, {
      reason: 'BackupIncomplete',
      hint: `put ${absorbed.wal} back from where the backup was copied, or choose another backup: modosu get backups --target ${target.name}`,
    })
    return tryNextCandidate(context, failedCheck(context, 'completeness', error))
  }
  return advance('DumpVerified', message, {
    checks: [checkResult(context, 'checksum', 'warn', message)],
    events: [{ type: 'Warning', reason: 'WalAbsorbed', message }],
  })
}

/** @returns milliseconds. Reading text takes SQLite longer than reading pages. */
export function deadlineOfDump(target: Target, sizeBytes: number): number {
  return TIMES_A_CHECK * deadlineFor(target, sizeBytes)
}

/** Whether an error of the comparison says nothing about the backup. */
export function isOfThisMachine({ reason }: RestoreError): boolean {
  return OF_THIS_MACHINE.has(reason)
}

/** What a comparison with the dump says of the `-wal` that is gone. */
export function judgeAbsorption({ wal, dump, dumpSha256 }: Absorbed, found: DumpComparison): Absorption {
  const isOther = dumpSha256 !== null && dumpSha256 !== found.sha256
  const difference = found.difference ?? (isOther ? 'the dump is not the one whose checksum is recorded' : null)
  if (difference !== null) {
    return {
      proven: false,
      message: `backup set is incomplete: ${wal}, which is recorded, is gone, and the database is not what its dump says: ${difference}`,
    }
  }
  const { tables, rows } = found
  const attested = dumpSha256 === null ? ', for which no checksum is recorded' : ''
  return {
    proven: true,
    message:
      `${wal}, which is recorded, was absorbed by a program that opened the backup: its ${tables} ${tables === 1 ? 'table' : 'tables'} with ` +
      `${rows} rows are those of its dump ${basename(dump)}${attested}`,
  }
}
