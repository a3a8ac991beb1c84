/**
 * The names under which files may be deleted, matched to their last letter: a file that only looks like one of ours is
 * somebody's own. Pure.
 */

import { splitMemberName, type MemberKind } from '../catalog/file-name.ts'
import { timeOfDigits } from '../domain/backup-id.ts'

/** One file's place in a set: which set, and when in its deletion the file goes (the lowest first). */
export interface NamedFile {
  readonly set: string
  readonly order: number
  /** From the name's digits, which are UTC (D15, D19); null where the name has none. */
  readonly createdAtMs: number | null
  /** Of the set's main file. */
  readonly main: boolean
}

/** The `.db` first: without it nothing takes the rest for a backup. The list of checksums last: until then it names what is missing. */
const MEMBER_ORDER: Readonly<Record<MemberKind, number>> = {
  db: 0,
  wal: 1,
  journal: 2,
  shm: 3,
  sqlGz: 4,
  checksum: 5,
  dbChecksum: 6,
  walChecksum: 6,
  dumpChecksum: 6,
}

const SAFETY_BASE = /^restore_safety_(\d{8})(\d{6})(?:_\d{1,4})?$/
/** A copy in the making has a dot before its name (hidden from every glob), or none where it crossed file systems. */
const SAFETY_PARTIAL = /^\.?(restore_safety_\d{14}(?:_\d{1,4})?)\.db\.partial(?:\.partial)?(?:-wal|-shm|-journal)?$/

/** A safety backup's file, directly in the backup directory (manual 5.3). */
export function safetyFile(name: string): NamedFile | null {
  const partial = SAFETY_PARTIAL.exec(name)
  if (partial !== null) return unfinished(partial[1] ?? '')
  const split = splitMemberName(name)
  const createdAtMs = split === undefined ? null : safetyTime(split.base)
  if (split === undefined || createdAtMs === null) return null
  return { set: `${split.base}.db`, order: MEMBER_ORDER[split.kind], createdAtMs, main: split.kind === 'db' }
}

function unfinished(base: string): NamedFile | null {
  const createdAtMs = safetyTime(base)
  return createdAtMs === null ? null : { set: `${base}.db.partial`, order: 0, createdAtMs, main: false }
}

function safetyTime(base: string): number | null {
  const match = SAFETY_BASE.exec(base)
  return match === null ? null : (timeOfDigits(match[1] ?? '', match[2] ?? '') ?? null)
}

/** A file of a backup set, in the folder of its type. */
export function backupFile(name: string): (NamedFile & { readonly base: string }) | null {
  const split = splitMemberName(name)
  if (split === undefined) return null
  const { base, kind } = split
  return { set: base, base, order: MEMBER_ORDER[kind], createdAtMs: null, main: kind === 'db' }
}

export interface BesideNames {
  broken(name: string): NamedFile | null
  presqldump(name: string): NamedFile | null
  displaced(name: string): (NamedFile & { readonly request: string }) | null
}

const SIDE = '(-wal|-shm|-journal)?'
const SIDE_ORDER: Readonly<Record<string, number>> = { '': 0, '-wal': 1, '-journal': 2, '-shm': 3 }

/**
 * What earlier restores left beside a database. SQLite's side files come in two spellings: renamed with the database
 * (`DB-wal.broken.TS`), and made later by somebody who opened what was put aside (`DB.broken.TS-wal`).
 *
 * @param database the database's own file name.
 */
export function besideNames(database: string): BesideNames {
  const dated = (word: string) => {
    const pattern = new RegExp(`^${escaped(database)}${SIDE}\\.${word}\\.(\\d{8})_(\\d{6})${SIDE}$`)
    return (name: string): NamedFile | null => {
      const [, before = '', date = '', time = '', after = ''] = pattern.exec(name) ?? []
      const createdAtMs = timeOfDigits(date, time)
      if (createdAtMs === undefined || (before !== '' && after !== '')) return null
      const order = SIDE_ORDER[`${before}${after}`] ?? 0
      return { set: `${database}.${word}.${date}_${time}`, order, createdAtMs, main: order === 0 }
    }
  }
  const old = new RegExp(`^${escaped(database)}${SIDE}\\.modosu-([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\\.old${SIDE}$`)
  return {
    broken: dated('broken'),
    presqldump: dated('pre_sqldump_restore'),
    displaced: (name) => {
      const [, before = '', request = '', after = ''] = old.exec(name) ?? []
      if (request === '' || (before !== '' && after !== '')) return null
      const order = SIDE_ORDER[`${before}${after}`] ?? 0
      return { set: `${database}.modosu-${request}.old`, order, createdAtMs: null, main: order === 0, request }
    },
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
