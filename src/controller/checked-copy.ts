/**
 * A backup as one whole file that passed what a restore would ask of its bytes: for those who look into it or take it along.
 * The set is only read. Of the copy nothing is believed that was proven of the set.
 */

import { basename } from 'node:path'

import type { BackupSet } from '../catalog/contract.ts'
import type { CheckReport, DatabaseOperations, FileHash } from '../database/contract.ts'
import { judgeWalOfSet } from '../database/wal-verdict.ts'
import type { Clock } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import type { Target } from '../domain/target.ts'
import type { BackupNote } from '../domain/work.ts'
import { deadlineFor } from './deadlines.ts'
import { requireSound } from './source.ts'

/** Reading text takes SQLite longer than reading pages. */
const TIMES_A_CHECK = 4

export interface CheckedCopy {
  readonly path: string
  /** Of the copy; of a set without a `-wal` that of its `.db` too. */
  readonly sha256: string
  readonly report: CheckReport
  /** What is to be said of the set although nothing stands against it. */
  readonly remarks: readonly string[]
}

export interface CopyTools {
  readonly database: DatabaseOperations
  readonly clock: Clock
  readonly signal: AbortSignal
  /** At which each operation is ended, where it would have longer by the size of the backup; absent: never before. */
  readonly mostMs?: number
}

/**
 * Copies a set, takes in its `-wal`, and checks the copy; it is synced.
 *
 * If the process dies at any line, there are files under the name of the copy only.
 *
 * @param path of the copy, in a directory of the caller's own, links resolved.
 * @throws RestoreError with the reason for which a restore of the set would be refused.
 */
export async function checkedCopy(
  target: Target,
  set: BackupSet,
  path: string,
  tools: CopyTools,
): Promise<CheckedCopy> {
  const { clock, signal } = tools
  const backup = await requireSound({ deps: { clock }, signal }, { kind: 'backupId', set, stated: null })
  return copyOfSound(target, backup, path, tools)
}

/** The same of a set that was found to be complete, `requireSound`. */
export async function copyOfSound(
  target: Target,
  backup: BackupNote,
  path: string,
  tools: CopyTools,
): Promise<CheckedCopy> {
  const { database, signal, mostMs = Infinity } = tools
  requireRecorded(target, backup)
  const options = { deadlineMs: Math.min(mostMs, deadlineFor(target, backup.sizeBytes)), signal }
  const staged = await database.stage(
    {
      db: backup.db,
      wal: backup.wal,
      staged: path,
      expectedDb: backup.expectedDb,
      expectedWal: backup.expectedWal,
      others: backup.others,
      attributesOf: null,
      ownership: { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o600 },
    },
    options,
  )
  requireMatch(staged.mismatches, staged.hashes)
  const remark = judgeWalOfSet(backup, staged.wal)
  if (backup.absorbed != null) await requireDump(target, backup, path, tools)
  const report = await database.check({ path, foreignKeys: false, absorb: true, seal: true }, options)
  requireContent(target, backup, report)
  return {
    path,
    sha256: requireSame(backup, staged.hashes, report),
    report,
    remarks: [...(remark === null ? [] : [remark]), ...unproven(target, backup, report)],
  }
}

function requireRecorded(target: Target, { db, wal, expectedDb, expectedWal, absorbed }: BackupNote): void {
  if (!target.verification.requireChecksum || absorbed?.dumpSha256 != null) return
  const bare = expectedDb === null ? db : wal !== null && expectedWal === null ? wal : null
  if (bare === null) return
  throw new RestoreError(`no checksum is recorded for ${bare}, and the target requires one`, {
    reason: 'ChecksumMissing',
    hint: `choose another backup: modosu get backups --target ${target.name}`,
  })
}

function requireMatch(mismatches: readonly string[], hashes: readonly FileHash[]): void {
  const [first] = mismatches
  if (first === undefined) return
  const found = hashes.find(({ path }) => path === first)
  throw new RestoreError(ERRORS.checksumMismatch, {
    reason: 'ChecksumMismatch',
    hint:
      `${mismatches.join(', ')}: recorded ${found?.expected ?? 'unknown'}, found ${found?.sha256 ?? 'unknown'}; ` +
      'choose another backup (modosu get backups), or check the .sha256 file',
  })
}

async function requireDump(target: Target, backup: BackupNote, path: string, tools: CopyTools): Promise<void> {
  const { absorbed, sizeBytes } = backup
  if (absorbed == null) return
  const { signal, mostMs = Infinity } = tools
  const options = { deadlineMs: Math.min(mostMs, TIMES_A_CHECK * deadlineFor(target, sizeBytes)), signal }
  const { difference, sha256 } = await tools.database.compareWithDump(path, absorbed.dump, options)
  const other = absorbed.dumpSha256 !== null && absorbed.dumpSha256 !== sha256
  const why = difference ?? (other ? 'the dump is not the one whose checksum is recorded' : null)
  if (why === null) return
  throw new RestoreError(
    `backup set is incomplete: ${absorbed.wal}, which is recorded, is gone, and the database is not what its dump says: ${why}`,
    {
      reason: 'BackupIncomplete',
      hint: `put ${absorbed.wal} back from where the backup was copied, or choose another backup: modosu get backups --target ${target.name}`,
    },
  )
}

function requireContent({ verification }: Target, backup: BackupNote, report: CheckReport): void {
  const found = report.integrity.join('; ')
  if (report.unverifiable !== null && !verification.allowUnverifiable) {
    throw new RestoreError(`the backup cannot be verified: ${report.unverifiable}`, {
      reason: 'Unverifiable',
      hint:
        'it needs a collation, function, tokenizer or module that this program lacks; the rest of it passed; ' +
        'verification.allowUnverifiable accepts that',
    })
  }
  if (report.unverifiable === null && found !== 'ok') {
    throw new RestoreError(ERRORS.backupIntegrityFailed, {
      reason: 'IntegrityCheckFailed',
      hint: `${found}; choose another backup (modosu get backups), or recover from the SQL dump (manual 8.2)`,
    })
  }
  if (report.inspection.tables.length > 0) return
  throw new RestoreError('the backup holds no table at all', {
    reason: 'BackupIncomplete',
    hint: `its -wal file may be missing: ls -l ${basename(backup.db)}*; choose another backup: modosu get backups`,
  })
}

/** Where nothing was taken in, the copy that passed is the recorded file, byte for byte. */
function requireSame({ db, wal }: BackupNote, hashes: readonly FileHash[], { sha256 }: CheckReport): string {
  const copied = hashes.find(({ path }) => path === db)?.sha256
  if (sha256 !== null && (wal !== null || sha256 === copied)) return sha256
  throw new RestoreError(`the copy of ${db} changed while it was checked`, {
    reason: 'FileChanged',
    disposition: 'retry',
    hint: 'try again; where it stays so, look at the disk: dmesg',
  })
}

function unproven({ verification }: Target, backup: BackupNote, report: CheckReport): string[] {
  const remarks: string[] = []
  if (backup.expectedDb === null && backup.absorbed == null) {
    remarks.push('no checksum is recorded for this backup; its content is checked, its origin is not')
  }
  if (report.unverifiable !== null && verification.allowUnverifiable) remarks.push(report.unverifiable)
  return remarks
}
