/** Whether data was lost, which and how much (manual 12.2, 10-5). */

import { isTerminal } from '../phases.ts'
import type { TableLoss } from '../resource.ts'
import type { ReportFacts } from './report-facts.ts'
import type { ReportWords } from './report-words.ts'
import { isUncertain, neverRan, type Wording } from './verdicts.ts'
import { minuteOf, oneLine } from './wording.ts'

/** More of them stand in the table below the template. */
const MOST_TABLES = 5

export function lossText(
  { request, transitions, replacedOne, timezone }: ReportFacts,
  words: ReportWords,
  { say }: Wording,
): string {
  const { phase, spec, status } = request
  if (spec.mode !== 'Restore' || neverRan(phase)) return words.remark(words.none, words.notTouched)
  if (!isTerminal(phase)) return words.remark(words.unknown, words.notEnded)
  if (isUncertain(status)) return words.remark(words.unknown, words.lossUncertain)
  if (phase === 'Failed') return words.remark(words.none, words.notTouched)
  if (phase === 'RolledBack') {
    const ran = transitions.some(({ to }) => to === 'Resuming')
    return words.remark(words.none, ran ? `${words.putBack}; ${words.writtenMeanwhile}` : words.putBack)
  }
  if (replacedOne === false) return words.remark(words.none, words.nothingBefore)
  const { dataLoss } = status
  if (dataLoss === undefined) return words.remark(words.unknown, words.lossNotMeasured)
  const time = (at: string): string => minuteOf(at, timezone) ?? words.unknown
  const span = words.span(time(dataLoss.from), time(dataLoss.to))
  // Rows may have changed though their number has not, and not every table could be counted: no difference proves no "none".
  const unknown = dataLoss.remark === undefined ? [] : [oneLine(say(dataLoss.remark))]
  if (dataLoss.tables.length === 0) {
    const told = unknown.length > 0 ? unknown : [words.noRowDifference]
    return words.remark(words.unknown, [span, ...told].join('; '))
  }
  const named = dataLoss.tables.slice(0, MOST_TABLES).map((loss) => rowsText(loss, words))
  const more = dataLoss.tables.length - named.length
  return words.remark(
    words.some,
    [span, ...named, ...(more > 0 ? [words.moreTables(more)] : []), ...unknown].join('; '),
  )
}

function rowsText({ table, current, restored, changed }: TableLoss, words: ReportWords): string {
  const count = (rows: number | null): string => (rows === null ? words.unknown : String(rows))
  const also = typeof changed === 'number' && changed > 0 ? words.changedRows(String(changed)) : ''
  return words.rows(oneLine(table), count(current), count(restored), also)
}

/** Each row of the table of lost rows. */
export function lossRows(tables: readonly TableLoss[], unknown: string): readonly (readonly string[])[] {
  const count = (rows: number | null | undefined): string => (typeof rows === 'number' ? String(rows) : unknown)
  return tables.map(({ table, current, restored, changed }) => [
    oneLine(table),
    count(current),
    count(restored),
    count(changed),
  ])
}
