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
import { damagedRemark, isLoss, lossesOf, tablesCarriedOver } from './data-loss.ts'
import { samplesWanted, withSamples } from './loss-samples.ts'
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

type Surveyed = RestoreWork & {
  readonly backup: BackupNote
  readonly current: CurrentNote
  readonly database: string
}

/**
 * If the process dies at any line, the copies are under names of this request's own: the next attempt removes them first, and
 * so does whoever ends the request.
 *
 * @returns no findings where nothing could be found out; why is a check that was skipped.
 */
export async function rehearse(context: PhaseContext, work: Surveyed): Promise<Findings> {
  const { deps, target, request } = context
  const scratch = scratchFolder(deps.stateDir)
  const staged = join(scratch, `${request.name}.new`)
  const short = await shortOf(scratch, work)
  if (short !== null) return notFoundOut(context, work, short)
  const present = presentCopyPath(staged)
  const endMs = performance.now() + MOST_MS
  const leftMs = (): number => Math.max(1, Math.ceil(endMs - performance.now()))
  context.note({ staged: { path: staged, sha256: null, identity: null } })
  try {
    await discardStaged(present)
    const tools = { database: deps.database, clock: deps.clock, signal: context.signal, mostMs: leftMs() }
    const copy = await copyOfSound(target, work.backup, staged, tools)
    const checks = [checkResult(context, 'integrity', 'pass', ['ok', ...copy.remarks].join('; '))]
    return { checks, ...(await lossOf(context, work, { present, staged, leftMs })) }
  } catch (error) {
    if (!(error instanceof RestoreError) || error.reason === 'Interrupted') throw error
    if (OF_THIS_MACHINE.has(error.reason)) return notFoundOut(context, work, error.message)
    return { checks: [checkResult(context, 'integrity', 'warn', `a restore would be refused: ${error.message}`)] }
  } finally {
    await discardStaged(staged)
    await discardStaged(present)
  }
}

/** The present database may be what cannot be read; that says nothing against the backup, which has passed by now. */
async function lossOf(
  context: PhaseContext,
  work: Surveyed,
  { present, staged, leftMs }: { readonly present: string; readonly staged: string; readonly leftMs: () => number },
): Promise<Findings> {
  const { deps, target, signal } = context
  if (!work.current.exists) return {}
  if (work.current.damaged) return unknownLoss(context, work, damagedRemark(work.current))
  try {
    await deps.database.snapshot(work.database, present, { deadlineMs: leftMs(), signal })
    const to = toRfc3339(deps.clock.nowMs())
    const comparison = await deps.database.compare(
      {
        present,
        backup: staged,
        tables: null,
        rows: samplesWanted(target),
        budgetMs: Math.max(0, leftMs() - SPARE_MS),
      },
      { deadlineMs: leftMs(), signal },
    )
    const carried = tablesCarriedOver(target)
    const losses = lossesOf(comparison).filter((loss) => isLoss(loss) && !carried.includes(loss.table))
    const tables = withSamples(losses, comparison.tables, target)
    return { status: { dataLoss: { from: toRfc3339(work.backup.createdAtMs), to, tables } } }
  } catch (error) {
    if (!(error instanceof RestoreError) || error.reason === 'Interrupted') throw error
    return unknownLoss(context, work, notCompared(error.message))
  }
}

function notFoundOut(context: PhaseContext, work: Surveyed, why: string): Findings {
  return work.current.exists ? { checks: [], ...unknownLoss(context, work, notCompared(why)) } : { checks: [] }
}

function notCompared(why: string): string {
  return `what would be lost was not found out by this dry run: ${why}`
}

/** No figure, and why: silence would be read as "nothing". */
function unknownLoss({ deps }: PhaseContext, { backup }: Surveyed, remark: string): Findings {
  const span = { from: toRfc3339(backup.createdAtMs), to: toRfc3339(deps.clock.nowMs()) }
  return {
    status: { dataLoss: { ...span, tables: [], remark } },
    events: [{ type: 'Warning', reason: 'CheckWarning', message: remark }],
  }
}

/** @returns what is to be said where there is no room for both copies. */
async function shortOf(folder: string, { backup, current }: { backup: BackupNote; current: CurrentNote }) {
  const { bavail, bsize } = await statfs(folder)
  const [free, needed] = [bavail * bsize, backup.sizeBytes + current.sizeBytes]
  return free > needed ? null : `${folder} has ${humanSize(free)} left, and the copies take ${humanSize(needed)}`
}
