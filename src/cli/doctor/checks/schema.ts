/** Whether the schema is older than that of the newest backup: an old backup was restored under a newer application (manual Q3). */

import { scanBackups } from '../../../catalog/scan.ts'
import { newestFirst } from '../../../catalog/future.ts'
import type { BackupSet } from '../../../catalog/contract.ts'
import { codeOf, messageOf, RestoreError } from '../../../domain/errors.ts'
import { shellWord } from '../../../domain/shell-word.ts'
import type { Target } from '../../../domain/target.ts'
import { isRestorable, verifications } from '../../resources/backups.ts'
import { skipped, well, type TargetCheck } from '../check.ts'
import type { Content } from '../content.ts'
import type { Examination } from '../examination.ts'
import type { Found, Verdict } from '../finding.ts'

const TOLD = 10

export const backups: TargetCheck = {
  name: 'backups',
  cause: 'backups',
  run: async (examination, target) => {
    const { path } = target.backups
    try {
      const sets = await restorable(examination, target)
      const [newest] = sets
      if (newest !== undefined) return well(`${path}: ${sets.length}, ${newest.id}`)
      const finding: Found = {
        severity: 'warning',
        message: `no backup of ${target.name} can be restored`,
        command: examination.modosu(`get backups --target ${target.name}`),
        docs: 'docs/runbooks/ModosuNoRestorableBackup.md',
      }
      return { findings: [finding], looked: path }
    } catch (error) {
      return { findings: [unreadable(examination, target, error)], looked: path }
    }
  },
}

function unreadable(examination: Examination, target: Target, error: unknown): Found {
  const { path } = target.backups
  const code = codeOf(error instanceof RestoreError ? error.cause : error)
  if (code === 'EACCES' && !examination.isRoot) {
    return {
      severity: 'unseen',
      message: `the backups in ${path} cannot be looked at: ${messageOf(error)}`,
      command: `sudo ${examination.modosu('doctor')}`,
      docs: null,
    }
  }
  return {
    severity: 'warning',
    message: `the backups in ${path} cannot be looked at: ${messageOf(error)}`,
    command: `ls -la ${shellWord(path)}`,
    docs: 'BackupDirectoryUnreadable',
  }
}

/** Newest first. The application's catalog is left out: it lies in the database, which is not opened here. */
async function restorable(examination: Examination, target: Target): Promise<readonly BackupSet[]> {
  const { sets } = await scanBackups(target, [])
  const store = await examination.store()
  const known = store instanceof RestoreError ? new Map() : await verifications(examination.cli, target, sets)
  const good = sets.filter((set) => isRestorable(set, known.get(set.id) as Parameters<typeof isRestorable>[1]))
  return newestFirst(good, Date.now())
}

export const schema: TargetCheck = {
  name: 'schema',
  cause: 'schema',
  long: true,
  run: async (examination, target) => {
    const now = await examination.content(target)
    if (now.kind !== 'read') return skipped('the database cannot be read')
    const sets = await restorable(examination, target).catch((): readonly BackupSet[] => [])
    const newest = sets.find(({ db }) => db !== null)
    if (newest?.db == null) return skipped('there is no backup to compare with')
    const before = await examination.contentOf(newest.db, target)
    if (before.kind !== 'read') return skipped(`the backup ${newest.id} cannot be read`)
    return compare(examination, target, newest.id, { now, before })
  },
}

type Read = Extract<Content, { kind: 'read' }>

function compare(
  examination: Examination,
  target: Target,
  backup: string,
  { now, before }: { readonly now: Read; readonly before: Read },
): Verdict {
  const [old, fresh] = [now.report.inspection, before.report.inspection]
  const signs: string[] = []
  if (old.userVersion < fresh.userVersion)
    signs.push(`user_version ${old.userVersion} < ${fresh.userVersion} (${backup})`)
  for (const [table, rows] of before.migrations) {
    const here = now.migrations.get(table) ?? 0
    if (here < rows) signs.push(`${table}: ${here} < ${rows} (${backup})`)
  }
  const missing = fresh.tables.filter((table) => !old.tables.includes(table))
  const looked = `user_version ${old.userVersion}, ${old.tables.length} tables; ${backup}: ${fresh.userVersion}, ${fresh.tables.length}`
  if (signs.length === 0 && missing.length === 0) return well(looked)
  const evidence = [...signs, ...(missing.length === 0 ? [] : [`- ${missing.slice(0, TOLD).join(', ')}`])]
  const finding: Found = {
    // A table that is gone may have been dropped by the application; what counts the migrations never counts backwards.
    severity: signs.length > 0 ? 'broken' : 'warning',
    message:
      signs.length > 0
        ? `the schema of ${target.name} is older than that of its newest backup ${backup}: its application's migrations have not run on it`
        : `tables of the newest backup ${backup} are missing in ${target.name}`,
    evidence,
    command: examination.modosu(`restore ${backup} --target ${target.name}`),
    docs: 'docs/runbooks/ModosuApplicationDown.md',
  }
  return { findings: [finding], looked }
}
