/** Who ticked which point of a checklist, and when. Rows are only ever added: the last one of a point counts. */

import type Database from 'better-sqlite3'

import type { ChecklistName } from '../domain/papers/checklist-words.ts'
import type { Tick } from '../domain/papers/checklist.ts'

export interface TickInput {
  readonly list: ChecklistName
  readonly point: number
  readonly ticked: boolean
  readonly actor: string
  readonly note: string | null
}

/** A spec that was edited is another one: what was ticked for the one before does not count. */
interface Ticked {
  readonly name: string
  readonly uid: string
  readonly generation: number
}

type Row = Omit<Tick, 'ticked'> & { readonly ticked: number }

/** The last word on each point. A store that an older version wrote has none. */
export function ticksOf(database: Database.Database, { uid, generation }: Ticked, list: ChecklistName): Tick[] {
  const known = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'checklist_ticks'").get()
  if (known === undefined) return []
  const rows = database
    .prepare<[string, number, string], Row>(
      `SELECT point, ticked, actor, note, at FROM checklist_ticks WHERE id IN (
        SELECT MAX(id) FROM checklist_ticks WHERE uid = ? AND generation = ? AND list = ? GROUP BY point) ORDER BY point`,
    )
    .all(uid, generation, list)
  return rows.map((row) => ({ ...row, ticked: row.ticked === 1 }))
}

/** To be called in the transaction of the step. */
export function recordTick(database: Database.Database, of: Ticked, tick: TickInput, at: string): void {
  const { list, point, ticked, actor, note } = tick
  database
    .prepare(
      `INSERT INTO checklist_ticks (request, uid, generation, list, point, ticked, actor, note, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(of.name, of.uid, of.generation, list, point, Number(ticked), actor, note, at)
}
