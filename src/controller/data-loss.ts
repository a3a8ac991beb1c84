/** What the restore takes away: the span between backup and now, and the difference in rows (manual 3.2-2, 10-5). */

import { toRfc3339 } from '../domain/clock.ts'
import type { RestoreStatus, TableLoss } from '../domain/resource.ts'
import type { RowCount } from '../database/contract.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'
import { required } from './required.ts'

/** Counting rows informs, it must not delay: what is not counted in this time stays unknown. */
const BUDGET_MS = 2000

/** Never rejects: a report that cannot be made says so by its nulls. */
export async function reportDataLoss(
  context: PhaseContext,
  staged: string,
): Promise<NonNullable<RestoreStatus['dataLoss']>> {
  const { work, deps } = context
  const current = required(work, 'current')
  const nowMs = deps.clock.nowMs()
  // never backwards: a backup that is dated in the future tells nothing of the span
  const span = { from: toRfc3339(Math.min(required(work, 'backup').createdAtMs, nowMs)), to: toRfc3339(nowMs) }
  if (!current.exists || current.damaged || current.tables.length === 0) return { ...span, tables: [] }
  const present = await counts(context, required(work, 'database'), current.tables)
  const restored = await counts(context, staged, current.tables)
  const tables = current.tables.map((table): TableLoss => {
    return { table, current: present.get(table) ?? null, restored: restored.get(table) ?? null }
  })
  return { ...span, tables: tables.filter((table) => table.current !== table.restored) }
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
