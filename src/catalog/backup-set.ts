/** Makes one backup set of what lies on disk and what the catalog says, with every reason that speaks against restoring it. */

import { ERRORS } from '../domain/messages.ts'
import type { BackupType } from '../domain/resource.ts'
import { canonicalBackupId } from '../domain/backup-id.ts'
import { statusOf } from './catalog-rows.ts'
import type { BackupProblem, BackupSet, CatalogRowInput } from './contract.ts'
import type { ReadChecksums } from './checksum-memory.ts'
import { printableName } from './file-name.ts'
import type { FolderChecksums } from './folder-checksums.ts'
import { readJournal } from './journal.ts'
import type { Members, SetFiles } from './members.ts'
import { recordedChecksums, rowMember } from './recorded-checksums.ts'

export interface SetOnDisk extends SetFiles {
  readonly id: string
  /** What people read off the file's name where the target's zone makes another id of it; null where there is no such. */
  readonly nameId: string | null
  readonly type: BackupType
  readonly createdAtMs: number
  readonly folder: string
  readonly base: string
  /** The lists of checksums of that folder. */
  readonly lists: readonly FolderChecksums[]
  /** Where the `.db` is or should be. */
  readonly dbPath: string
  /** The catalog's rows, newest first; the first one counts, the others lend their ids. */
  readonly rows: readonly CatalogRowInput[]
}

/** Builds the set. Reads its checksum files and nothing else. */
export async function buildSet(source: SetOnDisk, read?: ReadChecksums): Promise<BackupSet> {
  const { members } = source
  const row = source.rows[0] ?? null
  const records = await recordedChecksums(source.folder, source.base, members, source.lists, row, read)
  const aliases = new Set(source.rows.map((each) => canonicalBackupId(each.backupId)))
  aliases.delete(source.id)
  const dbSizeBytes = members.db?.sizeBytes ?? 0
  return {
    id: source.id,
    aliases: [...aliases],
    nameId: source.nameId,
    type: source.type,
    createdAtMs: source.createdAtMs,
    status: row === null ? 'success' : statusOf(row),
    db: members.db?.path ?? null,
    // an empty one holds nothing, and SQLite would take it for a sign that somebody has the database open
    wal: (members.wal?.sizeBytes ?? 0) > 0 ? (members.wal?.path ?? null) : null,
    shm: members.shm?.path ?? null,
    sqlGz: members.sqlGz?.path ?? null,
    checksumFile: members.checksum?.path ?? members.dbChecksum?.path ?? members.walChecksum?.path ?? null,
    sizeBytes: dbSizeBytes + (members.wal?.sizeBytes ?? 0),
    dbSizeBytes,
    checksums: records.checksums,
    missing: records.missing,
    absorbed: records.absorbed,
    catalogRow: row === null ? null : rowOf(row),
    problems: [
      ...statusProblems(row),
      ...irregularProblems(source),
      ...fileProblems(source),
      ...(await journalProblems(members)),
      // the row tells the size of the `.db` as it was before
      ...(records.absorbed === null ? sizeProblems(members, row) : []),
      ...records.problems,
    ],
    remarks: records.remarks,
  }
}

function rowOf({ filePath, fileSize, record }: CatalogRowInput): NonNullable<BackupSet['catalogRow']> {
  return { filePath, fileSize, ...(record === undefined ? {} : { record }) }
}

const CHOOSE_ANOTHER = 'choose another backup: modosu get backups'

/** Manual 2.2 and 8.1: only `success` is restorable. The row's own word is shown, known or not. */
function statusProblems(row: CatalogRowInput | null): BackupProblem[] {
  if (row === null || statusOf(row) === 'success') return []
  const hint = `choose a backup whose status is success: modosu get backups`
  return [
    { reason: 'BackupNotAvailable', message: ERRORS.backupNotAvailable(printableName(row.status).slice(0, 40)), hint },
  ]
}

/** What a link leads to can change between its check and its use; the set is refused whichever of its files it is. */
function irregularProblems({ irregular }: SetOnDisk): BackupProblem[] {
  return irregular.map(({ path, what }) => ({
    reason: 'BackupNotRegular',
    message: `a file of the backup is ${what}: ${printableName(path)}`,
    hint: `put the file itself in its place, or ${CHOOSE_ANOTHER}`,
  }))
}

function fileProblems({ members, irregular, dbPath }: SetOnDisk): BackupProblem[] {
  const problems: BackupProblem[] = []
  if (members.db === undefined) {
    if (irregular.some(({ path }) => path === dbPath)) return []
    const dump =
      members.sqlGz === undefined ? '' : `, or restore its dump with spec.source.sqlDump (${members.sqlGz.path})`
    const hint = `look whether the file was moved, ${CHOOSE_ANOTHER}${dump}`
    problems.push({ reason: 'BackupFileNotFound', message: ERRORS.backupFileNotFound(dbPath), hint })
  } else if (members.db.sizeBytes === 0) {
    problems.push({ reason: 'BackupFileEmpty', message: `backup file is empty: ${dbPath}`, hint: CHOOSE_ANOTHER })
  }
  return problems
}

async function journalProblems({ journal, db }: Members): Promise<BackupProblem[]> {
  const state = journal === undefined ? 'cold' : await readJournal(journal)
  if (journal === undefined || state === 'cold') return []
  const rollBack =
    `copy ${db?.path ?? 'the database'} and its -journal to another folder, open the copy with sqlite3 ` +
    '(that rolls the transaction back), put it into the backup directory and restore it with spec.source.file'
  if (state === 'hot') {
    return [
      {
        reason: 'BackupIncomplete',
        message: `backup was taken in the middle of a transaction: ${journal.path} lies beside it`,
        hint: `${CHOOSE_ANOTHER}, or ${rollBack}`,
      },
    ]
  }
  return [
    {
      reason: 'BackupIncomplete',
      message: `backup was taken in the middle of a transaction, and its journal is damaged: ${journal.path}: ${state}`,
      hint: `whether the database is whole cannot be told: ${CHOOSE_ANOTHER}`,
    },
  ]
}

/** The application records the size of the `.db`, or of the `.db` and its `-wal` together. */
function sizeProblems(members: Members, row: CatalogRowInput | null): BackupProblem[] {
  const recorded = row?.fileSize ?? null
  if (row === null || recorded === null || members.db === undefined || rowMember(row) !== 'db') return []
  const { sizeBytes } = members.db
  if (recorded === sizeBytes || recorded === sizeBytes + (members.wal?.sizeBytes ?? 0)) return []
  return [
    {
      reason: 'BackupIncomplete',
      message: `backup set is incomplete: the catalog records ${recorded} bytes and ${members.db.path} has ${sizeBytes}`,
      hint: `compare it with the place it was copied from, or ${CHOOSE_ANOTHER}`,
    },
  ]
}
