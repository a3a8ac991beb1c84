/**
 * Preflight: everything that can be known before anything is written (manual sections 2 and 10). Nothing of the
 * operator's changes, so it may be repeated at will; a file of our own is made and removed beside the database, to see whether that can be done.
 */

import type { CheckResult } from '../../domain/resource.ts'
import type { BackupNote, CurrentNote, RestoreWork } from '../../domain/work.ts'
import { advance, advanceTo, type Findings, type Outcome, type PhaseContext } from '../context.ts'
import { checkResult } from '../checks.ts'
import { verifiedSets } from '../verdicts.ts'
import { awayBeforeStart } from '../availability.ts'
import { MODE_RULES } from '../modes/table.ts'
import { describePlan } from '../plan.ts'
import { requireFewRestarts } from '../preflight/restarts.ts'
import { rehearse } from '../rehearsal.ts'
import { requireReadableHeader, requireSound, resolveSource, type ResolvedSource } from '../source.ts'
import { rejectCandidate } from '../candidates.ts'
import { toRfc3339 } from '../../domain/clock.ts'

export async function preflight(context: PhaseContext): Promise<Outcome> {
  requireFewRestarts(context)
  const away = await awayBeforeStart(context)
  if (away !== null) return away
  const { request } = context
  const { backup, resolved } = await chooseBackup(context)
  const { database, current, folder } = await MODE_RULES[request.spec.mode].survey(context, backup)
  const work = { database, backup, current, ...(folder === null ? {} : { folder }) }
  const status = {
    resolvedBackup: resolvedBackup(backup),
    ...(resolved.passedOver === undefined ? {} : { passedOver: resolved.passedOver }),
    ...(current.damage === null ? {} : { message: current.damage }),
  }
  const conditions = [
    {
      type: 'PreflightPassed',
      status: 'True',
      reason: 'PreflightPassed',
      message: 'nothing stands against the restore',
    },
  ] as const
  const events = [
    ...(current.damaged
      ? [warning('DatabaseCorrupt', `the present database is damaged: ${current.damage ?? ''}`)]
      : []),
    ...(resolved.warning == null ? [] : [warning('UnknownOwner', resolved.warning)]),
    ...(resolved.set.remarks ?? []).map((remark) => warning('CheckWarning', remark)),
  ]
  const findings = { work, status, conditions, events }
  return whereNext(context, current, findings)
}

function warning(reason: string, message: string) {
  return { type: 'Warning', reason, message } as const
}

/** The backup that the request means, complete and with a header that SQLite can read. */
async function chooseBackup(context: PhaseContext): Promise<{ backup: BackupNote; resolved: ResolvedSource }> {
  for (;;) {
    const resolved = await resolveSource(context)
    let backup: BackupNote | null = null
    try {
      backup = await requireSound(context, resolved)
      await requireReadableHeader(context, backup)
      return { backup, resolved }
    } catch (error) {
      await rejectCandidate(context, resolved, backup, error)
    }
  }
}

async function whereNext(
  context: PhaseContext,
  current: CurrentNote,
  findings: Findings & {
    readonly work: RestoreWork & {
      readonly backup: BackupNote
      readonly current: CurrentNote
      readonly database: string
    }
  },
): Promise<Outcome> {
  const { mode, backupCurrent } = context.request.spec
  const passed = 'nothing stands against the restore'
  if (mode === 'DryRun') {
    const plan = describePlan(context, { ...context.work, ...findings.work })
    const found = await rehearse(context, findings.work)
    const { checks = [] } = found
    return advanceTo('Succeeded', 'DryRun', 'the plan was made and nothing was changed', {
      ...findings,
      checks: checks.length > 0 ? checks : [await knownChecks(context, findings.work.backup)],
      events: [...(findings.events ?? []), ...(found.events ?? [])],
      status: { ...findings.status, ...found.status, plan },
    })
  }
  if (mode === 'Drill' || !current.exists) return advanceTo('VerifyingChecksum', 'PreflightPassed', passed, findings)
  if (!backupCurrent) {
    const message =
      'backupCurrent is false: no safety backup is made and a failed restore is not rolled back (manual 4.4)'
    return advanceTo('VerifyingChecksum', 'PreflightPassed', passed, {
      ...findings,
      events: [...(findings.events ?? []), { type: 'Warning', reason: 'NoSafetyBackup', message }],
    })
  }
  return advance('PreflightPassed', passed, findings)
}

/** Where a dry run could check no content, it says what is known of it, or that nothing is. */
async function knownChecks(context: PhaseContext, backup: BackupNote): Promise<CheckResult> {
  const { db, wal, checksumFile = null, id } = backup
  const set = { id, db, wal, checksumFile }
  const verdict = (await verifiedSets(context.deps.reader, context.target.name, [set])).get(id)
  if (verdict === undefined) {
    const message = `the content of ${id} was not checked by this dry run and by nothing before: modosu verify ${id}`
    return checkResult(context, 'integrity', 'skip', message)
  }
  const { passed, message, at, foundBy } = verdict
  const text = `not checked by this dry run; ${foundBy} found at ${at}: ${passed ? 'every check passed' : message}`
  return checkResult(context, 'integrity', passed ? 'skip' : 'warn', text)
}

function resolvedBackup(backup: BackupNote) {
  return {
    backupId: backup.id,
    path: backup.db,
    sha256: backup.expectedDb,
    createdAt: toRfc3339(backup.createdAtMs),
    sizeBytes: backup.sizeBytes,
  }
}
