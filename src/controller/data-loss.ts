/** What the restore takes away: the span between backup and now, and the difference in rows (manual 3.2-2, 10-5). */

import { toRfc3339 } from '../domain/clock.ts'
import type { RestoreStatus, TableLoss } from '../domain/resource.ts'
import type { RowCount } from '../database/contract.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'
import { required } from './required.ts'

/** Counting rows informs, it must not delay: what is not counted in this time stays unknown. */
const BUDGET_MS = 2000

type DataLoss = NonNullable<RestoreStatus['dataLoss']>

export interface LossReport {
  readonly dataLoss: DataLoss
  readonly restoredRows: Readonly<Record<string, number | null>>
}

/**
 * Before the stop, so that it costs no downtime: the safety backup against the staged file, which nobody writes to. What is
 * committed until the stop is added by `completeDataLoss`.
 *
 * Never rejects: a report that cannot be made says so by its nulls.
 */
export async function reportDataLoss(context: PhaseContext, staged: string): Promise<LossReport> {
  const { work, deps } = context
  const current = required(work, 'current')
  const span = { from: toRfc3339(required(work, 'backup').createdAtMs), to: toRfc3339(deps.clock.nowMs()) }
  if (!current.exists || current.damaged || current.tables.length === 0) {
    return { dataLoss: { ...span, tables: [] }, restoredRows: {} }
  }
  const present = await counts(context, required(work, 'database'), current.tables)
  const restored = await counts(context, staged, current.tables)
  const safety = work.safety?.raw === false && work.safety.sha256 !== null ? work.safety.path : null
  const changed = safety === null ? new Map<string, number | null>() : await changes(context, safety, staged)
  const tables = current.tables.map((table) =>
    lossOf(table, present.get(table) ?? null, restored.get(table) ?? null, changed.get(table) ?? null),
  )
  const restoredRows = Object.fromEntries(current.tables.map((table) => [table, restored.get(table) ?? null]))
  return { dataLoss: { ...span, tables: tables.filter(isLoss) }, restoredRows }
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
  const tables = (work.current?.tables ?? []).filter((table) => !carried.includes(table))
  const present = await counts(context, original, tables)
  const late = work.changedSinceSafety === true && work.safety?.raw === false
  const changed = late ? await changes(context, original, work.safety.path) : new Map<string, number | null>()
  const before = new Map(known.tables.map((loss) => [loss.table, loss]))
  const losses = tables.map((table) => {
    const earlier = before.get(table)
    const restored = work.restoredRows?.[table] ?? earlier?.restored ?? null
    const [first = 0, second = 0] = [earlier?.changed, changed.get(table)]
    const total = first === null || second === null ? null : first + second
    return lossOf(table, present.get(table) ?? earlier?.current ?? null, restored, total)
  })
  const stoppedAt = work.downtimeStartedAtMs
  return {
    from: known.from,
    to: stoppedAt === undefined ? known.to : toRfc3339(stoppedAt),
    tables: losses.filter(isLoss),
  }
}

function lossOf(table: string, current: number | null, restored: number | null, changed: number | null): TableLoss {
  return { table, current, restored, changed }
}

function isLoss({ current, restored, changed }: TableLoss): boolean {
  return current !== restored || (changed ?? 0) > 0
}

async function changes({ deps, signal, log, work }: PhaseContext, before: string, after: string) {
  const tables = work.current?.tables ?? []
  try {
    const options = { deadlineMs: QUICK_MS, signal }
    const found = await deps.database.rowDifferences(before, after, tables, BUDGET_MS, options)
    return new Map(found.map(({ table, changed }) => [table, changed]))
  } catch (error) {
    if (signal.aborted) throw error
    log.debug('changed rows could not be counted', { err: error })
    return new Map<string, number | null>()
  }
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
