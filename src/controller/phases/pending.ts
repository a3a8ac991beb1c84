/** Pending: a request waits here until nothing stands against it. It changes nothing, so it may be asked any time. */

import { toRfc3339 } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import { ERRORS } from '../../domain/messages.ts'
import type { RestoreSpec } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import { awayBeforeStart } from '../availability.ts'
import { advance, advanceTo, waitFor, type Outcome, type PhaseContext } from '../context.ts'
import { approvalsRequired } from '../four-eyes.ts'
import { MODE_RULES } from '../modes/table.ts'
import { checklistFor, needsChecklist } from '../papers/checklist-of.ts'
import { listWithCatalog } from '../papers/checklist-sources.ts'
import { rateVerdict } from '../rate-limit.ts'
import { resolveSource } from '../source.ts'
import { HELD_MESSAGE, hintFor, isHeldForState } from '../state-hold.ts'

/** Soon enough for a person who is watching, while a file is written. */
const FILE_LOOK_MS = 500
/** A wait that only a person ends is looked at again this often, in case a wake-up was lost. */
const LOOK_AGAIN_MS = 60_000

export async function pending(context: PhaseContext): Promise<Outcome> {
  const { request, deps } = context
  refuseWhatCannotRun(request.spec, context.target)
  const wait = standstill(context)
  if (wait !== null) return wait
  const unchecked = await openChecklist(context)
  if (unchecked !== null) return unchecked
  const away = await awayBeforeStart(context)
  if (away !== null) return away
  await resolveSource(context)
  const changing = await unconfirmed(context)
  if (changing !== null) return changing
  const now = deps.clock.nowMs()
  return advance('Accepted', 'the request is accepted and the restore begins', {
    status: { startTime: toRfc3339(now) },
    conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted', message: 'the request is accepted' }],
  })
}

/**
 * Last of all, so that nothing lies between this look at the request's file and the start but the commit: what was read
 * may have been half of a file, or was edited since.
 */
async function unconfirmed({ request, deps }: PhaseContext): Promise<Outcome | null> {
  if (request.origin.kind !== 'Spool' || deps.confirmFile === undefined) return null
  const verdict = await deps.confirmFile(request.name)
  return verdict.ready ? null : waitFor(verdict.reason, verdict.message, FILE_LOOK_MS)
}

function refuseWhatCannotRun(spec: RestoreSpec, target: Target): void {
  if (!spec.confirm) {
    throw new RestoreError(ERRORS.confirmationRequired, {
      reason: 'ConfirmationRequired',
      hint: 'set spec.confirm to true once you are sure that the present data may be replaced',
    })
  }
  const unsupported = unsupportedPart(spec)
  if (unsupported !== null) {
    throw new RestoreError(`${unsupported} is not supported by this version`, {
      reason: 'Unsupported',
      hint: 'use strategy: Replace with source.backupId, latest, file or safetyBackup, and no tables',
    })
  }
  MODE_RULES[spec.mode].requireConfigured?.(target)
}

function unsupportedPart(spec: RestoreSpec): string | null {
  if (spec.strategy === 'InPlace') return 'strategy: InPlace'
  if (spec.tables.length > 0) return 'restoring single tables'
  if (spec.source.sqlDump !== undefined) return 'source.sqlDump'
  return null
}

/** What stands against the start, in the order in which a person would ask; null where nothing does. */
function standstill(context: PhaseContext): Outcome | null {
  const { request } = context
  if (isHeldForState(context.deps.reader, request)) {
    return waitFor('StateRolledBack', HELD_MESSAGE, LOOK_AGAIN_MS, hint(hintFor(request)))
  }
  if (request.held) {
    return waitFor(
      'NoHistory',
      'held: the state store was new when this file was found, so it may have run before',
      LOOK_AGAIN_MS,
      hint(`modosu approve ${request.name}`),
    )
  }
  const { rivals = [] } = request.work
  if (rivals.length > 0) {
    const message = `${rivals.join(' and ')} give this name to different requests: none of them runs`
    return waitFor(
      'DuplicateName',
      message,
      LOOK_AGAIN_MS,
      hint('leave one of them, and give the others a name of their own'),
    )
  }
  if (request.suspended) {
    return waitFor('Suspended', 'suspended by request', LOOK_AGAIN_MS, hint(`modosu resume ${request.name}`))
  }
  return outsideWindow(context) ?? missingApproval(context) ?? overLimit(context) ?? behindAnother(context)
}

function outsideWindow({ request, deps }: PhaseContext): Outcome | null {
  const { notBefore, notAfter } = request.spec
  const now = deps.clock.nowMs()
  if (notAfter !== undefined && now > Date.parse(notAfter)) {
    return advanceTo('Expired', 'WindowClosed', `the maintenance window ended at ${notAfter}`)
  }
  if (notBefore !== undefined && now < Date.parse(notBefore)) {
    return waitFor(
      'WaitingForWindow',
      `waiting for the maintenance window at ${notBefore}`,
      Date.parse(notBefore) - now,
      {
        status: { nextAttemptTime: notBefore },
      },
    )
  }
  return null
}

function missingApproval({ request, target }: PhaseContext): Outcome | null {
  const required = approvalsRequired(request.spec, target)
  if (request.approvals.length >= required) return null
  const message = `${request.approvals.length} of ${required} approvals given`
  return waitFor('ApprovalRequired', message, LOOK_AGAIN_MS, hint(`modosu approve ${request.name}`))
}

/** Ticked by people and judged by the program: what is open keeps the restore from starting, whatever the request says. */
async function openChecklist({ request, target, deps }: PhaseContext): Promise<Outcome | null> {
  if (!needsChecklist(request.spec, target)) return null
  const { reader, clock } = deps
  const sources = { reader, clock, list: () => listWithCatalog(deps, target), contacts: [] }
  const { open, points } = await checklistFor(sources, request, target, 'pre')
  if (open.length === 0) return null
  const message = `${open.length} of ${points.length} points of the checklist are open: ${open.join(', ')}`
  return waitFor('ChecklistRequired', message, LOOK_AGAIN_MS, hint(`modosu checklist pre ${request.name}`))
}

function overLimit({ request, target, deps }: PhaseContext): Outcome | null {
  // A rollback to a safety backup is the way out of a restore that went wrong: it never waits.
  if (request.spec.mode !== 'Restore' || request.spec.source.safetyBackup !== undefined) return null
  const now = deps.clock.nowMs()
  const { allowedAtMs } = rateVerdict(deps.reader, target, now)
  if (allowedAtMs === null) return null
  const { restores, windowMs } = target.rateLimit
  const at = toRfc3339(allowedAtMs)
  const message = `${restores} restores within ${windowMs / 60_000} minutes were made; the next one may run at ${at}`
  return waitFor('RateLimited', message, allowedAtMs - now, {
    ...hint('check the application before restoring again (manual Q6)'),
    status: { nextAttemptTime: at, hint: 'check the application before restoring again (manual Q6)' },
  })
}

function behindAnother({ request, deps }: PhaseContext): Outcome | null {
  const running = deps.reader.running(request.spec.target)
  if (running === undefined || running.name === request.name) return null
  return waitFor('Queued', `waiting for restore ${running.name} of the same target`, LOOK_AGAIN_MS)
}

function hint(text: string): { status: { hint: string } } {
  return { status: { hint: text } }
}
