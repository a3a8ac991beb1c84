/** What is recorded of a set's bytes, in its checksum files and in the application's catalog, and where the records fall short. */

import { basename, join } from 'node:path'
import { ERRORS } from '../domain/messages.ts'
import {
  CATALOG_RECORD,
  type AbsorbedWal,
  type BackupProblem,
  type CatalogRowInput,
  type RecordedChecksum,
} from './contract.ts'
import { checksumsOfSet, readChecksumFile, type ChecksumFileContent } from './checksum-file.ts'
import type { ReadChecksums } from './checksum-memory.ts'
import { readDigest } from './digest-text.ts'
import { memberName, splitMemberName, type MemberKind } from './file-name.ts'
import { contentOfSet, type FolderChecksums } from './folder-checksums.ts'
import type { MemberFile, Members } from './members.ts'

/** The SHA-256 of an empty file: a `-wal` that was empty when it was listed, and has gone since, is not missed. */
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

interface Records {
  readonly checksums: readonly RecordedChecksum[]
  readonly missing: readonly string[]
  readonly absorbed: AbsorbedWal | null
  readonly problems: readonly BackupProblem[]
  readonly remarks: readonly string[]
}

interface Entry extends RecordedChecksum {
  readonly kind: MemberKind
}

/**
 * Reads every record of one set. Never throws: what is wrong with a record is a problem of the set.
 *
 * @param folder where the set lies; names in checksum files are relative to it.
 * @param lists the lists of checksums of that folder, such as `SHA256SUMS`.
 * @param read how a checksum file is read.
 * @param row the catalog's row; its checksum is of the file that it names, which is the `.db` unless it says otherwise.
 */
export async function recordedChecksums(
  folder: string,
  base: string,
  members: Members,
  lists: readonly FolderChecksums[],
  row: CatalogRowInput | null,
  read: ReadChecksums = ({ path }) => readChecksumFile(path),
): Promise<Records> {
  const own = await Promise.all(OWN.map(([kind, of]) => readRecords(folder, base, members[kind], of, members, read)))
  const shared = lists.map((list) => recordsOfList(folder, base, list, members))
  const readings = [...own, ...shared]
  const listed = readings.flatMap((reading) => reading.entries)
  const fromRow = rowRecord(folder, base, row)
  const missing = new Set(
    listed.filter((entry) => !holdsWhatWasListed(members, entry)).map((entry) => basename(entry.file)),
  )
  const attesting = [...listed, ...fromRow.entries].filter(
    (entry) => members[entry.kind] !== undefined && entry.kind !== 'shm',
  )
  const absorbed = absorbedWal(base, members, missing, attesting)
  const standing = absorbed === null ? attesting : attesting.filter(({ kind }) => kind !== 'db')
  return {
    checksums: firstOfEach(standing),
    missing: [...missing],
    absorbed,
    problems: [
      ...(absorbed === null ? missingProblems(base, missing) : []),
      ...unlistedProblems(members, listed),
      ...readings.flatMap((reading) => reading.problems),
      ...fromRow.problems,
      ...disagreements(attesting),
    ],
    remarks: [...(absorbed === null ? [] : [remarkOn(absorbed)]), ...readings.flatMap((reading) => reading.remarks)],
  }
}

/**
 * The `-wal` alone is gone: whether the `.db` holds what was in it can be told where there is a dump of the same backup. The
 * application's own verification absorbs the `-wal` of what it looks at (manual/application), as any program does that opens it.
 */
function absorbedWal(
  base: string,
  members: Members,
  missing: ReadonlySet<string>,
  attesting: readonly Entry[],
): AbsorbedWal | null {
  const wal = memberName(base, 'wal')
  const isWhole = (members.db?.sizeBytes ?? 0) > 0 && (members.sqlGz?.sizeBytes ?? 0) > 0
  if (!missing.has(wal) || !isWhole || members.sqlGz === undefined) return null
  if ([memberName(base, 'db'), memberName(base, 'journal')].some((name) => missing.has(name))) return null
  const dumpSha256 = attesting.find(({ kind }) => kind === 'sqlGz')?.sha256 ?? null
  return { wal, dump: members.sqlGz.path, dumpSha256 }
}

function remarkOn({ wal, dump }: AbsorbedWal): string {
  return (
    `${wal}, which is recorded, is gone: a program that opened the backup has absorbed it, or it is lost; ` +
    `a verification and a restore tell which by comparing the database with its dump ${basename(dump)}`
  )
}

/** A `-wal` that was emptied since is as good as gone: whoever did that has moved its content elsewhere. */
function holdsWhatWasListed(members: Members, { kind, sha256 }: Entry): boolean {
  const member = members[kind]
  if (sha256 === OF_NOTHING) return member === undefined || member.sizeBytes === 0
  return member !== undefined && (kind !== 'wal' || member.sizeBytes > 0)
}

interface Reading {
  readonly entries: readonly Entry[]
  readonly problems: readonly BackupProblem[]
  readonly remarks: readonly string[]
}

const NONE: Reading = { entries: [], problems: [], remarks: [] }

/** `sha256sum NAME.* > NAME.sha256` lists the checksum file itself, empty as it was then: that is no member. */
const LISTED: readonly MemberKind[] = ['db', 'wal', 'journal', 'shm', 'sqlGz']

/** The checksum files of a set, each with the member that a checksum without a name is of. */
const OWN: readonly (readonly [file: MemberKind, of: MemberKind])[] = [
  ['checksum', 'db'],
  ['dbChecksum', 'db'],
  ['walChecksum', 'wal'],
  ['dumpChecksum', 'sqlGz'],
]

async function readRecords(
  folder: string,
  base: string,
  file: MemberFile | undefined,
  of: MemberKind,
  members: Members,
  read: ReadChecksums,
): Promise<Reading> {
  if (file === undefined) return NONE
  const names = [of, ...LISTED.filter((kind) => kind !== of)].map((kind) => memberName(base, kind))
  const reading = understand(folder, base, file.path, await read(file), names, members)
  if (reading.problems.length > 0 || reading.entries.length > 0) return reading
  const why = file.sizeBytes === 0 ? 'it is empty' : 'it names no file of this backup'
  return { ...NONE, problems: [unusable(file.path, [why, ...reading.remarks].join('; '))] }
}

/** A list of a whole folder speaks of other sets too, and need not speak of this one. */
function recordsOfList(folder: string, base: string, list: FolderChecksums, members: Members): Reading {
  const names = LISTED.map((kind) => memberName(base, kind))
  return understand(folder, base, list.path, contentOfSet(list, names), names, members)
}

/** @param names of the members, first the one that a checksum without a name is of. */
function understand(
  folder: string,
  base: string,
  path: string,
  content: ChecksumFileContent,
  names: readonly string[],
  members: Members,
): Reading {
  const present = [members.db, members.wal].filter((each) => each !== undefined && each.sizeBytes > 0)
  const needed = present.map((each) => basename(each?.path ?? ''))
  const { entries, faults, remarks } = checksumsOfSet(content, names, needed)
  if (faults.length > 0) return { ...NONE, problems: [unusable(path, faults.join('; '))] }
  const kinds = new Map(LISTED.map((kind) => [memberName(base, kind), kind]))
  return {
    entries: [...entries].map(([name, sha256]) => ({
      kind: kinds.get(name) ?? 'db',
      file: join(folder, name),
      sha256,
      recordedIn: path,
    })),
    problems: [],
    remarks: remarks.map((remark) => `${basename(path)}: ${remark}`),
  }
}

function rowRecord(folder: string, base: string, row: CatalogRowInput | null): Reading {
  const text = row?.checksum?.trim() ?? ''
  if (row === null || text === '') return NONE
  const digest = readDigest(text)
  if (digest?.sha256 == null) {
    const why = digest === null ? 'its checksum is no SHA-256' : `its checksum is no SHA-256 but ${digest.algorithm}`
    return { ...NONE, problems: [unusable(`row ${row.backupId}`, why)] }
  }
  const kind = rowMember(row)
  const { sha256 } = digest
  return {
    ...NONE,
    entries: [{ kind, file: join(folder, memberName(base, kind)), sha256, recordedIn: CATALOG_RECORD }],
  }
}

/** The member that the row's size and checksum speak of. */
export function rowMember(row: CatalogRowInput): MemberKind {
  return row.filePath !== null && splitMemberName(basename(row.filePath))?.kind === 'sqlGz' ? 'sqlGz' : 'db'
}

/** A missing `-shm` does no harm, it is never copied; a missing dump does not stop a restore from the `.db`. */
function missingProblems(base: string, missing: ReadonlySet<string>): BackupProblem[] {
  const needed: readonly MemberKind[] = ['db', 'wal', 'journal']
  const names = needed.map((kind) => memberName(base, kind)).filter((name) => missing.has(name))
  if (names.length === 0) return []
  return [
    {
      reason: 'BackupIncomplete',
      message: `backup set is incomplete: its checksum file lists ${names.join(', ')}, which is missing or empty`,
      hint:
        'put the missing file back from where the backup was copied, or choose another backup: modosu get backups; ' +
        'a -wal may have been absorbed by a program that opened the backup, which only an SQL dump of it beside it could prove',
    },
  ]
}

/** A `-wal` changes what its `.db` says, so one that was not there when the `.db` was attested is not let in. */
function unlistedProblems(members: Members, listed: readonly Entry[]): BackupProblem[] {
  const has = (kind: MemberKind): boolean => listed.some((entry) => entry.kind === kind)
  if (members.wal === undefined || members.wal.sizeBytes === 0 || !has('db') || has('wal')) return []
  return [
    {
      reason: 'BackupUnlisted',
      message: `backup set has a file that its checksum file does not list: ${members.wal.path}`,
      hint: 'the file came later, perhaps from a program that opened the backup: move it away, or choose another backup',
    },
  ]
}

/** Two records of one file that differ: whatever its bytes are, one of them is a mismatch. */
function disagreements(entries: readonly Entry[]): BackupProblem[] {
  return entries.flatMap((entry, index) => {
    const other = entries.slice(0, index).find((earlier) => earlier.file === entry.file)
    if (other === undefined || other.sha256 === entry.sha256) return []
    return [
      {
        reason: 'ChecksumMismatch',
        message: ERRORS.checksumMismatch,
        hint: `${recordName(other)} and ${recordName(entry)} record different checksums of ${entry.file}: sha256sum it by hand, or choose another backup`,
      },
    ]
  })
}

function recordName(entry: Entry): string {
  return entry.recordedIn === CATALOG_RECORD ? "the application's catalog" : basename(entry.recordedIn)
}

function firstOfEach(entries: readonly Entry[]): RecordedChecksum[] {
  return entries
    .filter((entry, index) => entries.findIndex((earlier) => earlier.file === entry.file) === index)
    .map(({ file, sha256, recordedIn }) => ({ file, sha256, recordedIn }))
}

function unusable(where: string, fault: string): BackupProblem {
  return {
    reason: 'ChecksumFileUnreadable',
    message: `recorded checksum cannot be used: ${where}: ${fault}`,
    hint: 'write it anew with sha256sum if the backup is known to be good, or choose another backup: modosu get backups',
  }
}
