/**
 * One table that both databases have. SQLite walks through the one in the order of its file and finds each row's partner
 * in the other by key: no row is sorted or kept, so the memory is that of two page caches.
 */

import type { Connection } from './connection.ts'
import type { Limits } from './compare-limits.ts'
import { commonColumns, pairing, statements } from './compare-pairing.ts'
import { Sampler } from './compare-samples.ts'
import type { TableShape } from './compare-shape.ts'
import type { TableComparison } from './look-contract.ts'

const ANOTHER_KEY = 'not compared row by row: its primary key is another one in the backup'

export function compareTable(
  connection: Connection,
  present: TableShape,
  backup: TableShape,
  rows: number,
  limits: Limits,
): TableComparison {
  const table = present.name
  const unknown = {
    skipped: false,
    vanish: null,
    return: null,
    change: null,
    vanishing: [],
    returning: [],
    changing: [],
  }
  const skip = present.skip ?? backup.skip
  if (skip !== null) {
    return { table, where: 'both', key: [], present: null, backup: null, ...unknown, skipped: true, remark: skip }
  }
  const { value: found } = limits.walk(() => pairing(connection, present, backup)) ?? { value: limits.why }
  if (found === null || typeof found === 'string') {
    const counts = { present: limits.count(present, 'main'), backup: limits.count(backup, 'other') }
    return { table, where: 'both', key: [], ...counts, ...unknown, remark: found ?? ANOTHER_KEY }
  }
  const { pair, remark } = found
  const columns = commonColumns(present, backup)
  const sampler = new Sampler(connection, { present, backup, pair, columns, wanted: rows, limits })
  const sql = statements(present, backup, pair, columns)
  const key = pair.names
  const gone = limits.walk(() => sampler.take(sql.goneOrChanged))
  const back = gone === null ? null : limits.walk(() => sampler.take(sql.back))
  const why = gone === null || back === null ? limits.why : null
  return {
    table,
    where: 'both',
    key,
    present: gone?.rows ?? null,
    backup: back?.rows ?? null,
    vanish: gone?.value.vanish ?? null,
    return: back?.value.return ?? null,
    change: gone?.value.change ?? null,
    skipped: false,
    remark: why ?? remark,
    ...sampler.samples(),
  }
}
