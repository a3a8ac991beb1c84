/** What the restore takes away: the span between backup and now, and the difference in rows (manual 3.2-2, 10-5). */

import { toRfc3339 } from '../domain/clock.ts'
import { messageOf } from '../domain/errors.ts'
import type { DataLoss, TableLoss } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import type { CurrentNote, RestoreWork } from '../domain/work.ts'
import type { RowCount } from '../database/contract.ts'
import type { Comparison, TableComparison } from '../database/look-contract.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'
import { required } from './required.ts'

/** Counting rows informs, it must not delay: what is not counted in this time stays unknown. */
const BUDGET_MS = 2000

const LATE_NOT_COMPARED = 'what was committed between the safety backup and the stop could not be compared'

export interface LossReport {
  readonly dataLoss: DataLoss
  readonly restoredRows: Readonly<Record<string, number | null>>
  /** Absent where rows could not be compared, and only counted. */
  readonly carriedLoss?: readonly TableLoss[]
}

/**
 * Before the stop, so that it costs no downtime: the safety backup against the staged file, neither of which anybody writes
 * to. What is committed until the stop is added by `completeDataLoss`. Tables whose newer rows are to be carried over are
 * not counted; what they would lose is noted, in case that fails.
 *
 * Never rejects: a report that cannot be made says so by its nulls.
 */
export async function reportDataLoss(context: PhaseContext, staged: string): Promise<LossReport> {
  const { work, deps, target } = context
  const current = required(work, 'current')
  const span = { from: toRfc3339(required(work, 'backup').createdAtMs), to: toRfc3339(deps.clock.nowMs()) }
  if (current.damaged) return { dataLoss: { ...span, tables: [], remark: damagedRemark(current) }, restoredRows: {} }
  if (!current.exists || current.tables.length === 0) return { dataLoss: { ...span, tables: [] }, restoredRows: {} }
  const safety = safetyOf(work)
  const { comparison, why } =
    safety === null ? { comparison: null, why: 'there is no safety backup' } : await compared(context, safety, staged)
  const losses = comparison === null ? await countedLosses(context, staged) : lossesOf(comparison)
  const restoredRows = Object.fromEntries(losses.map(({ table, restored }) => [table, restored]))
  const found = losses.filter(isLoss)
  if (comparison === null) {
    return {
      dataLoss: {
        ...span,
        tables: found,
        remark: `rows were counted and not compared, so that changed ones are not known: ${why}`,
      },
      restoredRows,
    }
  }
  const carried = tablesCarriedOver(target)
  return {
    dataLoss: { ...span, tables: found.filter(({ table }) => !carried.includes(table)) },
    restoredRows,
    carriedLoss: found.filter(({ table }) => carried.includes(table)),
  }
}

/**
 * After the application is back and before the replaced database goes: what was committed between the safety backup and the
 * stop is counted too, and what was carried over is not lost. A row that was changed twice is counted twice.
 *
 * @param carried tables whose rows were carried over, all of them.
 */
export async function completeDataLoss(context: PhaseContext, carried: readonly string[]): Promise<DataLoss | null> {
  const { work, request } = context
  const known = request.status.dataLoss
  const original = work.swap?.displaced[0]?.to
  if (known === undefined || work.current?.damaged === true || original === undefined) return null
  const safety = work.changedSinceSafety === true ? safetyOf(work) : null
  const late = safety === null ? null : (await compared(context, original, safety)).comparison
  // Something was committed late, and what it was could not be found out.
  const missed = safety !== null && late === null ? { changed: null, vanishing: null, returning: null } : {}
  const before = new Map([...known.tables, ...(work.carriedLoss ?? [])].map((loss) => [loss.table, loss]))
  const names = [...new Set([...before.keys(), ...Object.keys(work.restoredRows ?? {}), ...namesOf(late)])]
  const tables = names.filter((table) => !carried.includes(table))
  const present = late === null ? await counts(context, original, work.current?.tables ?? []) : null
  const losses = tables.map((table) => {
    const restored = work.restoredRows?.[table] ?? null
    const same = { table, current: restored, restored, changed: 0, vanishing: 0, returning: 0 }
    // Of a database that was not compared nothing is known but the counts.
    const unknown = { table, current: null, restored, changed: null, vanishing: null, returning: null }
    const earlier = before.get(table) ?? (work.carriedLoss === undefined ? unknown : same)
    const since = late?.tables.find((each) => each.table === table)
    if (since !== undefined) return joined(earlier, since)
    return { ...earlier, ...missed, current: present?.get(table) ?? earlier.current }
  })
  const stoppedAt = work.downtimeStartedAtMs
  const remarks = [known.remark, safety !== null && late === null ? LATE_NOT_COMPARED : undefined]
  const remark = remarks.filter((each) => each !== undefined).join('; ')
  return {
    from: known.from,
    to: stoppedAt === undefined ? known.to : toRfc3339(stoppedAt),
    tables: losses.filter(isLoss).sort((a, b) => (a.table < b.table ? -1 : 1)),
    ...(remark === '' ? {} : { remark }),
  }
}

/** What of a comparison a person has to know before the restore; the tables of which nothing can be known by rule left out. */
export function lossesOf({ tables }: Comparison): TableLoss[] {
  return tables
    .filter(({ skipped, where }) => !skipped || where !== 'both')
    .map(({ table, where, present, backup, vanish, return: returning, change, remark }) => ({
      table,
      current: where === 'backup' ? 0 : present,
      restored: where === 'present' ? 0 : backup,
      changed: change,
      vanishing: vanish,
      returning,
      ...(remark === null ? {} : { remark }),
    }))
}

/** The application's own records, where the configuration names them: their newer rows are written into the restored database. */
export function tablesCarriedOver({ backups: { catalogTable, auditTable } }: Target): string[] {
  return [catalogTable, auditTable].filter((table) => table !== null)
}

/** Of a database that SQLite cannot read. */
export function damagedRemark({ damage }: CurrentNote): string {
  return `the present database cannot be read, and what it held is not known: ${damage ?? ''}`
}

/** Not known is no zero. */
export function isLoss({ current, restored, changed, vanishing, returning, remark }: TableLoss): boolean {
  if (current === null && restored === null) return true
  if (current !== restored || (changed ?? 0) > 0 || (vanishing ?? 0) > 0 || (returning ?? 0) > 0) return true
  return remark !== undefined && changed === null
}

/** @param since the replaced database against the safety backup. */
function joined(earlier: TableLoss, since: TableComparison): TableLoss {
  const sum = (one: number | null | undefined, other: number | null): number | null =>
    one === null || one === undefined || other === null ? null : one + other
  // Of a row that went after the safety backup nobody knows any more whether the backup has it.
  const clear = since.return === 0
  return {
    ...earlier,
    current: since.present ?? earlier.current,
    changed: sum(earlier.changed, since.change),
    vanishing: clear ? sum(earlier.vanishing, since.vanish) : null,
    returning: clear ? (earlier.returning ?? null) : null,
  }
}

function namesOf(comparison: Comparison | null): string[] {
  return comparison === null ? [] : lossesOf(comparison).map(({ table }) => table)
}

/** The copy that can be read; a raw one is of a database that cannot. */
function safetyOf({ safety }: RestoreWork): string | null {
  return safety?.raw === false && safety.sha256 !== null ? safety.path : null
}

async function compared(
  { deps, signal, log }: PhaseContext,
  present: string,
  backup: string,
): Promise<{ readonly comparison: Comparison | null; readonly why: string }> {
  try {
    const request = { present, backup, tables: null, rows: 0, budgetMs: BUDGET_MS }
    return { comparison: await deps.database.compare(request, { deadlineMs: QUICK_MS, signal }), why: '' }
  } catch (error) {
    if (signal.aborted) throw error
    log.debug('rows could not be compared', { err: error })
    return { comparison: null, why: messageOf(error) }
  }
}

/** Without a safety backup there is no file to compare that nobody writes to. */
async function countedLosses(context: PhaseContext, staged: string): Promise<TableLoss[]> {
  const { tables } = required(context.work, 'current')
  const present = await counts(context, required(context.work, 'database'), tables)
  const restored = await counts(context, staged, tables)
  return tables.map((table) => ({
    table,
    current: present.get(table) ?? null,
    restored: restored.get(table) ?? null,
    changed: null,
    vanishing: null,
    returning: null,
  }))
}

async function counts({ deps, signal, log }: PhaseContext, path: string, tables: readonly string[]) {
  try {
    const rows = await deps.database.rowCounts(path, tables, BUDGET_MS, { deadlineMs: QUICK_MS, signal })
    return new Map(rows.map((row: RowCount) => [row.table, row.rows]))
  } catch (error) {
    if (signal.aborted) throw error
    log.debug('rows could not be counted', { err: error })
    return new Map<string, number | null>()
  }
}
