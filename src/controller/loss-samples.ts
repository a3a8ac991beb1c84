/**
 * Sample rows in the status of a dry run. The status is read by more people than the database, so that it has the keys of rows
 * unless the configuration asks for more, and few of them: it is stored, mirrored and sent.
 */

import type { ChangedRow, ShownRow, ShownValue, TableComparison } from '../database/look-contract.ts'
import { literalOf } from '../database/shown-values.ts'
import type { LossSamples, TableLoss } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import { escapeHidden } from '../domain/unsafe-text.ts'

/** Of each kind and table. */
const ROWS = 3
/** That have samples; the figures of all are there. */
const TABLES = 20
const COLUMNS = 8
/** Of a text, in letters. */
const TEXT = 80

/** How many sample rows to ask for. */
export function samplesWanted({ dryRun }: Target): number {
  return dryRun?.samples === 'none' ? 0 : ROWS
}

/** The losses, the first tables with sample rows. @param comparison with at least `samplesWanted` rows of each kind. */
export function withSamples(
  losses: readonly TableLoss[],
  comparison: readonly TableComparison[],
  target: Target,
): readonly TableLoss[] {
  if (samplesWanted(target) === 0) return losses
  const found = new Map(comparison.map((table) => [table.table, table]))
  return losses.map((loss, index) => {
    const table = found.get(loss.table)
    if (table === undefined || index >= TABLES) return loss
    const samples = samplesOf(table, target.dryRun?.samples === 'values')
    return Object.values(samples).every((rows: readonly string[]) => rows.length === 0) ? loss : { ...loss, samples }
  })
}

function samplesOf({ key, vanishing, returning, changing }: TableComparison, values: boolean): LossSamples {
  const shown = (row: ShownRow): string => rowText(values ? row : row.filter(({ column }) => key.includes(column)))
  return {
    vanishing: vanishing.map(shown),
    returning: returning.map(shown),
    changing: changing.map((row) => changeText(row, values)),
  }
}

function rowText(row: ShownRow): string {
  return listed(row.map(({ column, value }) => `${clean(column)}=${literal(value)}`))
}

function changeText({ key, columns }: ChangedRow, values: boolean): string {
  const changes = columns.map(({ column, present, backup }) =>
    values ? `${clean(column)}: ${literal(present)} -> ${literal(backup)}` : clean(column),
  )
  return `${rowText(key)}: ${listed(changes)}`
}

function listed(texts: readonly string[]): string {
  return texts.length > COLUMNS ? [...texts.slice(0, COLUMNS), '…'].join(', ') : texts.join(', ')
}

function literal(value: ShownValue): string {
  return literalOf(value, clean)
}

/** One line, cut, with every character that is not seen as its code. */
function clean(text: string): string {
  const letters = Array.from(text)
  const cut = letters.length > TEXT ? `${letters.slice(0, TEXT).join('')}…` : text
  const oneLine = cut.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
  return escapeHidden(oneLine)
}
