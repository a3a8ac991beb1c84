/** Whether a backup can be restored by this person now, and what to say where it cannot. */

import { printable } from '../format.ts'
import type { Backup } from '../server/objects.ts'
import { said } from '../server/said.ts'
import { may } from '../server/session.ts'
import { texts } from '../texts/language.ts'

/** @returns null: it can. */
export function whyNotRestorable(backup: Backup, running: string | null): string | null {
  const { backups } = texts()
  if (!may('admin', backup.target)) return backups.noRole
  const known = whyBad(backup)
  if (known !== null) return `${known} ${backups.wayOut}`
  return running === null ? null : backups.isRunning
}

/** What is known against the backup itself, whoever asks. */
export function whyBad({ status, set_size: size, problem, restorable, verification }: Backup): string | null {
  const { backups } = texts()
  if (status !== 'success') return backups.notSuccess(statusWord(status))
  if (size === 0) return backups.empty0
  if (problem !== null) return printable(said(problem))
  if (verification?.passed === false) return backups.damagedWhy(printable(said(verification.message)))
  return restorable ? null : backups.damaged
}

export function statusWord(status: string): string {
  const { statuses } = texts().backups
  return status in statuses ? statuses[status as keyof typeof statuses] : printable(status)
}

export function typeWord(type: string): string {
  const { types } = texts().backups
  return type in types ? types[type as keyof typeof types] : printable(type)
}
