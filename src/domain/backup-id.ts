/** Backup ids of the manual, in both of its spellings (manual 1.5 and 4.2; decision D1). */

import { BACKUP_TYPES, type BackupType } from './resource.ts'

export interface BackupId {
  readonly type: BackupType
  /** The time that the id's digits say, in milliseconds since the epoch; the digits are UTC (D19). */
  readonly createdAtMs: number
}

const ID = /^BKP-(\d{8})-?(\d{6})-(daily|weekly|monthly|manual)$/

/** Milliseconds since the epoch of `YYYYMMDD` and `HHMMSS`, or undefined where they are no time (month 13, 31 April). */
export function timeOfDigits(date: string, time: string): number | undefined {
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6)}.000Z`
  const timeMs = Date.parse(iso)
  return Number.isNaN(timeMs) || new Date(timeMs).toISOString() !== iso ? undefined : timeMs
}

/** Parses either spelling; undefined where the text is no backup id. */
export function parseBackupId(text: string): BackupId | undefined {
  const match = ID.exec(text)
  if (match === null) return undefined
  const [, date = '', time = '', type = ''] = match
  const createdAtMs = timeOfDigits(date, time)
  if (createdAtMs === undefined) return undefined
  return { type: type as BackupType, createdAtMs }
}

/** The form that every example of the manual has: `BKP-YYYYMMDD-HHMMSS-type`. */
export function formatBackupId(id: BackupId): string {
  const digits = new Date(id.createdAtMs).toISOString().replaceAll(/[-:T]/g, '')
  return `BKP-${digits.slice(0, 8)}-${digits.slice(8, 14)}-${id.type}`
}

/** The canonical spelling of an id, or the text itself where it is none: two spellings of one id compare equal. */
export function canonicalBackupId(text: string): string {
  const id = parseBackupId(text)
  return id === undefined ? text : formatBackupId(id)
}

export function isBackupType(text: string): text is BackupType {
  return (BACKUP_TYPES as readonly string[]).includes(text)
}
