/** `modosu describe backup ID`: the members of a set, what is recorded of them, and why it cannot be restored. */

import { futureProblem } from '../../catalog/future.ts'
import type { CliContext } from '../context.ts'
import { age, dateAndTime } from '../human.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import { humanSize } from '../../domain/size.ts'
import { backupNamed, verifications, verifiedText } from '../resources/backups.ts'
import { Sheet } from './sheet.ts'

/** @throws RestoreError `BackupNotFound`. */
export async function describeBackup(
  context: CliContext,
  id: string,
  targetName: string | undefined,
): Promise<readonly string[]> {
  const { target, set } = await backupNamed(context, id, targetName)
  const { say } = context
  const now = context.clock.nowMs()
  const created = toRfc3339(set.createdAtMs)
  const future = futureProblem(set, now)
  const verdict = (await verifications(context, target, [set])).get(set.id)
  const restorable = set.problems.length === 0 && verdict?.passed !== false
  const sheet = new Sheet(context.say)
    .field('Id', set.id)
    .optional('Also called', [...set.aliases, ...(set.nameId === null ? [] : [set.nameId])].join(', '))
    .field('Target', target.name)
    .field('Type', set.type)
    .field(
      'Created',
      `${dateAndTime(set.createdAtMs)} UTC ${say(future === null ? `(${age(created, now)} ago)` : '(in the future)')}`,
    )
    .field('Size', say(`${humanSize(set.sizeBytes)} (database file alone: ${humanSize(set.dbSizeBytes)})`))
    .field('Status', set.status)
    .field('Restorable', restorable ? 'yes' : 'no')
    .field('Verified', verifiedText(verdict, now))
    .optional('Verdict', verdict?.passed === false ? say(verdict.message) : null)
    .optional(
      'Checked with',
      verdict === undefined || verdict.sqliteVersion === '' ? null : `SQLite ${verdict.sqliteVersion}`,
    )
    .section('Files', [
      ['Database', set.db],
      ['Write-ahead log', set.wal],
      ['SQL dump', set.sqlGz],
      ['Checksums', set.checksumFile],
    ])
    .table(
      'Recorded checksums',
      ['FILE', 'SHA256', 'RECORDED IN'],
      set.checksums.map(({ file, sha256, recordedIn }) => [file, sha256, recordedIn]),
    )
    .list('Warnings', [
      ...(future === null ? [] : [`${future.reason}: ${future.message}`, `hint: ${future.hint ?? ''}`]),
      ...(set.remarks ?? []),
    ])
    .list('Missing', set.missing)
    .table(
      'Problems',
      ['REASON', 'MESSAGE', 'HINT'],
      set.problems.map(({ reason, message, hint }) => [reason, message, hint]),
    )
  const restore = `modosu restore ${set.id} --target ${target.name}`
  sheet.list('Next', [
    `modosu verify ${set.id} --target ${target.name}   # checksum and integrity, nothing is changed`,
    ...(restorable ? [`${restore} --dry-run   # the plan alone`, restore] : []),
  ])
  return sheet.lines
}
