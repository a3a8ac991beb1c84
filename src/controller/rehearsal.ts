/**
 * What a dry run finds out beyond the plan: whether the backup passes its checks, and which rows a restore would take away,
 * bring back and change. Both are found on copies in the daemon's scratch folder; the copies go before the phase ends.
 */

import { statfs } from 'node:fs/promises'
import { join } from 'node:path'

import { discardStaged } from '../database/place.ts'
import { toRfc3339 } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import { humanSize } from '../domain/size.ts'
import type { BackupNote, CurrentNote, RestoreWork } from '../domain/work.ts'
import { copyOfSound } from './checked-copy.ts'
import { checkResult } from './checks.ts'
import type { Findings, PhaseContext } from './context.ts'
import { isLoss, lossesOf, tablesCarriedOver } from './data-loss.ts'
import { scratchFolder } from './scratch.ts'

/** A dry run is waited for, and it occupies the target: what is not found out in this time stays unknown. */
const MOST_MS = 60_000
/** Of the comparison's time, for what comes after the last row. */
const SPARE_MS = 5000

/** Says nothing about the backup. */
const OF_THIS_MACHINE: ReadonlySet<string> = new Set([
  'CheckTimedOut',
  'DatabaseInUse',
  'DiskFull',
  'IoError',
  'PermissionDenied',
])

/** Where the copy of the present database lies, beside the staged one. */
export function presentCopyPath(staged: string): string {
  return `${staged}.present`
}

/**
 * If the process dies at any line, the copies are under names of this request's own: the next attempt removes them first, and
 * so does whoever ends the request.
 *
 * @returns no findings where nothing could be found out; why is a check that was skipped.
 */
export async function rehearse(
  context: PhaseContext,
  work: RestoreWork & { readonly backup: BackupNote; readonly current: CurrentNote; readonly database: string },
): Promise<Findings> {
  const { deps, target, request } = context
  const scratch = await scratchFolder(deps.stateDir)
  const staged = join(scratch, `${request.name}.new`)
  const short = await shortOf(scratch, work)
  if (short !== null) return notFoundOut(context, short)
  const present = presentCopyPath(staged)
  const endMs = performance.now() + MOST_MS
  const leftMs = (): number => Math.max(1, Math.ceil(endMs - performance.now()))
  context.note({ staged: { path: staged, sha256: null, identity: null } })
  try {
    await discardStaged(present)
    const tools = { database: deps.database, clock: deps.clock, signal: context.signal, mostMs: leftMs() }
    const copy = await copyOfSound(target, work.backup, staged, tools)
    const checks = [checkResult(context, 'integrity', 'pass', ['ok', ...copy.remarks].join('; '))]
    if (!work.current.exists || work.current.damaged) return { checks }
    await deps.database.snapshot(work.database, present, { deadlineMs: leftMs(), signal: context.signal })
    const to = toRfc3339(deps.clock.nowMs())
    const comparison = await deps.database.compare(
      { present, backup: staged, tables: null, rows: 0, budgetMs: Math.max(0, leftMs() - SPARE_MS) },
      { deadlineMs: leftMs(), signal: context.signal },
    )
    const carried = tablesCarriedOver(target)
    const tables = lossesOf(comparison).filter((loss) => isLoss(loss) && !carried.includes(loss.table))
    return { checks, status: { dataLoss: { from: toRfc3339(work.backup.createdAtMs), to, tables } } }
  } catch (error) {
    if (!(error instanceof RestoreError) || error.reason === 'Interrupted') throw error
    if (OF_THIS_MACHINE.has(error.reason)) return notFoundOut(context, error.message)
    return { checks: [checkResult(context, 'integrity', 'warn', `a restore would be refused: ${error.message}`)] }
  } finally {
    await discardStaged(staged)
    await discardStaged(present)
  }
}

function notFoundOut(context: PhaseContext, why: string): Findings {
  const message = `what would be lost was not found out by this dry run: ${why}`
  return { checks: [], events: [{ type: 'Warning', reason: 'CheckWarning', message }] }
}

/** @returns what is to be said where there is no room for both copies. */
async function shortOf(folder: string, { backup, current }: { backup: BackupNote; current: CurrentNote }) {
  const { bavail, bsize } = await statfs(folder)
  const [free, needed] = [bavail * bsize, backup.sizeBytes + current.sizeBytes]
  return free > needed ? null : `${folder} has ${humanSize(free)} left, and the copies take ${humanSize(needed)}`
}
