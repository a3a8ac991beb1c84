/** The safety backups that earlier restores have left directly in the backup directory (manual 5.3; R23, R80). */

import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { timeOfDigits } from '../domain/backup-id.ts'
import { messageOf, RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import { buildSet } from './backup-set.ts'
import type { BackupSet, SafetyBackupFile } from './contract.ts'
import { printableName } from './file-name.ts'
import { readJournal } from './journal.ts'
import {
  readMembers,
  realBackupRoot,
  statMember,
  type CatalogTarget,
  type IrregularMember,
  type MemberFile,
  type Members,
} from './members.ts'

/** The manual's glob `restore_safety_*.db`, without what a shell or a terminal could choke on. */
const SAFETY_NAME = /^restore_safety_[A-Za-z0-9._-]+\.db$/
const DIGITS = /^restore_safety_(\d{8})(\d{6})(?:_(\d{1,4}))?\.db$/

/**
 * Lists the safety backups, newest first.
 *
 * @throws RestoreError `BackupDirectoryUnreadable`
 */
export async function listSafetyBackups(target: CatalogTarget): Promise<SafetyBackupFile[]> {
  const root = target.backups.path
  const files: SafetyBackupFile[] = []
  for (const name of await readNames(root)) {
    if (!SAFETY_NAME.test(name)) continue
    const { members } = await readMembers(root, name.slice(0, -'.db'.length))
    if (members.db === undefined) continue
    const { path, sizeBytes, mtimeMs } = members.db
    files.push({ name, path, sizeBytes, mtimeMs, createdAtMs: timeOf(name) ?? mtimeMs, raw: await isRaw(members) })
  }
  return files.sort((a, b) => b.createdAtMs - a.createdAtMs || clashNumber(b.name) - clashNumber(a.name))
}

/**
 * A safety backup as a set that can be staged: its id is its name and its type `manual`. A raw one is restored with its
 * `-wal`; one with a hot `-journal` has a problem, since absorbing a journal is not supported.
 *
 * @throws RestoreError `BackupNotFound`, `BackupDirectoryUnreadable`
 */
export async function resolveSafetyBackup(target: CatalogTarget, name: string): Promise<BackupSet> {
  const folder = target.backups.path
  await realBackupRoot(folder)
  const base = name.slice(0, -'.db'.length)
  const files = SAFETY_NAME.test(name) ? await readMembers(folder, base) : { members: {}, irregular: [] }
  const { members } = files
  const { db }: Members = members
  if (db === undefined) {
    throw new RestoreError(ERRORS.backupNotFound(printableName(name)), {
      reason: 'BackupNotFound',
      hint: `list the safety backups with: modosu get safety --target ${target.name}`,
    })
  }
  const createdAtMs = timeOf(name) ?? db.mtimeMs
  const set = await buildSet({
    lists: [],
    id: name,
    nameId: null,
    type: 'manual',
    createdAtMs,
    folder,
    base,
    dbPath: db.path,
    ...files,
    rows: [],
  })
  return (await isHot(members)) ? { ...set, problems: [hotJournal(name), ...set.problems] } : set
}

/** A database that was put aside beside its place: whoever recorded it knows the names of its files. */
export interface PutAside {
  readonly name: string
  readonly path: string
  readonly wal: string | null
  readonly journal: string | null
  readonly putAsideAtMs: number
}

/**
 * A replaced database that was put aside (`.broken.TIME`, `.modosu-NAME.old`), as a set that can be staged.
 *
 * @throws RestoreError `BackupNotFound`, `BackupDirectoryUnreadable`
 */
export async function resolvePutAside(target: CatalogTarget, file: PutAside): Promise<BackupSet> {
  const { name, path, putAsideAtMs } = file
  const irregular: IrregularMember[] = []
  const look = async (member: string | null): Promise<MemberFile | undefined> => {
    const found = member === null ? undefined : await statMember(member)
    if (found === undefined || !('what' in found)) return found
    irregular.push(found)
    return undefined
  }
  const [db, wal, journal] = [await look(path), await look(file.wal), await look(file.journal)]
  if (db === undefined) {
    throw new RestoreError(ERRORS.backupNotFound(printableName(name)), {
      reason: 'BackupNotFound',
      hint: `list the safety backups with: modosu get safety --target ${target.name}`,
    })
  }
  const members = { db, ...(wal === undefined ? {} : { wal }), ...(journal === undefined ? {} : { journal }) }
  const named = { id: name, type: 'manual', createdAtMs: putAsideAtMs, folder: dirname(path), base: name } as const
  const set = await buildSet({ ...named, nameId: null, lists: [], dbPath: path, members, irregular, rows: [] })
  return (await isHot(members)) ? { ...set, problems: [hotJournal(name), ...set.problems] } : set
}

/** Whether a name is one that safety backups have, whoever made the file. */
export function isSafetyName(name: string): boolean {
  return SAFETY_NAME.test(name)
}

function hotJournal(name: string): BackupSet['problems'][number] {
  return {
    reason: 'SafetyBackupHasJournal',
    message: `safety backup has a rollback journal beside it, which cannot be restored unattended: ${name}-journal`,
    hint: 'open a copy of both files with sqlite3, which rolls the journal back, and restore that copy with spec.source.file',
  }
}

/** An empty side file holds nothing: what SQLite leaves behind when its last connection is killed. */
async function isRaw(members: Members): Promise<boolean> {
  return (members.wal?.sizeBytes ?? 0) > 0 || (await isHot(members))
}

async function isHot({ journal }: Members): Promise<boolean> {
  return journal !== undefined && (await readJournal(journal)) !== 'cold'
}

function timeOf(name: string): number | undefined {
  const match = DIGITS.exec(name)
  return match === null ? undefined : timeOfDigits(match[1] ?? '', match[2] ?? '')
}

/** Of two safety backups of one second the higher number is the later one (D20). */
function clashNumber(name: string): number {
  return Number(DIGITS.exec(name)?.[3] ?? 1)
}

async function readNames(root: string): Promise<string[]> {
  try {
    return await readdir(root)
  } catch (error) {
    throw new RestoreError(`backup directory cannot be read: ${messageOf(error)}`, {
      reason: 'BackupDirectoryUnreadable',
      hint: `check that ${root} is mounted and that the daemon's user may read it`,
      cause: error,
    })
  }
}
