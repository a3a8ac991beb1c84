/** What is recorded of a set's bytes, in its checksum files and in the application's catalog, and where the records fall short. */

import { basename, join } from 'node:path'
import { ERRORS } from '../domain/messages.ts'
import { CATALOG_RECORD, type BackupProblem, type CatalogRowInput, type RecordedChecksum } from './contract.ts'
import { checksumsOfSet, readChecksumFile } from './checksum-file.ts'
import { readDigest } from './digest-text.ts'
import { memberName, splitMemberName, type MemberKind } from './file-name.ts'
import type { MemberFile, Members } from './members.ts'

/** The SHA-256 of an empty file: a `-wal` that was empty when it was listed, and has gone since, is not missed. */
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

interface Records {
  readonly checksums: readonly RecordedChecksum[]
  readonly missing: readonly string[]
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
 * @param row the catalog's row; its checksum is of the file that it names, which is the `.db` unless it says otherwise.
 */
export async function recordedChecksums(
  folder: string,
  base: string,
  members: Members,
  row: CatalogRowInput | null,
): Promise<Records> {
  const files = [members.checksum, members.dbChecksum].filter((file) => file !== undefined)
  const readings = await Promise.all(files.map((file) => readRecords(folder, base, file, members)))
  const listed = readings.flatMap((reading) => reading.entries)
  const fromRow = rowRecord(folder, base, row)
  const missing = new Set(
    listed.filter((entry) => !holdsWhatWasListed(members, entry)).map((entry) => basename(entry.file)),
  )
  const attesting = [...listed, ...fromRow.entries].filter(
    (entry) => members[entry.kind] !== undefined && entry.kind !== 'shm',
  )
  return {
    checksums: firstOfEach(attesting),
    missing: [...missing],
    problems: [
      ...missingProblems(base, missing),
      ...unlistedProblems(members, listed),
      ...readings.flatMap((reading) => reading.problems),
      ...fromRow.problems,
      ...disagreements(attesting),
    ],
    remarks: readings.flatMap((reading) => reading.remarks),
  }
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

async function readRecords(folder: string, base: string, file: MemberFile, members: Members): Promise<Reading> {
  const kinds = new Map(LISTED.map((kind) => [memberName(base, kind), kind]))
  const needed = [members.db, members.wal].filter((each) => each !== undefined && each.sizeBytes > 0)
  const names = needed.map((each) => basename(each?.path ?? ''))
  const content = await readChecksumFile(file.path)
  const { entries, faults, remarks } = checksumsOfSet(content, [...kinds.keys()], names)
  if (faults.length > 0) return { ...NONE, problems: [unusable(file.path, faults.join('; '))] }
  if (entries.size === 0) {
    const why = file.sizeBytes === 0 ? 'it is empty' : 'it names no file of this backup'
    return { ...NONE, problems: [unusable(file.path, [why, ...remarks].join('; '))] }
  }
  return {
    entries: [...entries].map(([name, sha256]) => ({
      kind: kinds.get(name) ?? 'db',
      file: join(folder, name),
      sha256,
      recordedIn: file.path,
    })),
    problems: [],
    remarks: remarks.map((remark) => `${basename(file.path)}: ${remark}`),
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
      hint: 'put the missing file back from where the backup was copied, or choose another backup: modosu get backups',
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
