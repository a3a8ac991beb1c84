/** A comparison for a person at a terminal of 80 columns: the figures first, then some rows, each on one line. */

import type { ChangedRow, Comparison, SchemaDifference, ShownRow, TableComparison } from '../database/look-contract.ts'
import type { CliContext } from './context.ts'
import { displayWidth } from './display-width.ts'
import { printable } from './printable.ts'
import { literal } from './shown-values.ts'
import { tableLines, UNKNOWN } from './table.ts'

const HEADER = ['TABLE', 'NOW', 'BACKUP', 'VANISH', 'RETURN', 'CHANGE']
const INDENT = '  '

export function comparisonLines(context: CliContext, { tables, schema }: Comparison): string[] {
  const differing = tables.filter((table) => !isEqual(table))
  const equal = tables.length - differing.length
  const { say } = context
  return [
    ...(differing.length === 0 ? [] : tableLines(HEADER, differing.map(figures))),
    say(summary(equal, differing.length)),
    ...remarks(context, differing),
    ...schemaLines(context, schema),
    ...differing.flatMap((table) => samples(context, table)),
  ]
}

function isEqual({ where, vanish, return: back, change, remark }: TableComparison): boolean {
  return where === 'both' && vanish === 0 && back === 0 && change === 0 && remark === null
}

function summary(equal: number, differing: number): string {
  if (differing === 0) return equal === 1 ? 'the only table is the same' : `all ${equal} tables have the same rows`
  if (equal === 0) return 'no table has the same rows'
  return equal === 1 ? '1 other table has the same rows' : `${equal} other tables have the same rows`
}

/** A table that only one of the two has holds nothing in the other. */
function figures({ table, where, present, backup, vanish, return: back, change }: TableComparison) {
  const of = (rows: number | null, side: 'present' | 'backup'): string | number =>
    where === 'both' || where === side ? (rows ?? UNKNOWN) : '-'
  return [table, of(present, 'present'), of(backup, 'backup'), vanish ?? UNKNOWN, back ?? UNKNOWN, change ?? UNKNOWN]
}

function remarks({ say }: CliContext, tables: readonly TableComparison[]): string[] {
  return tables.flatMap(({ table, where, remark }) => {
    const only = where === 'both' ? [] : [where === 'present' ? 'only in the present database' : 'only in the backup']
    const told = [...only, ...(remark === null ? [] : [remark])]
    return told.map((text) => `${printable(table)}: ${printable(say(text))}`)
  })
}

function schemaLines({ say }: CliContext, schema: readonly SchemaDifference[]): string[] {
  if (schema.length === 0) return []
  const told = schema.map(({ type, name, where, columnsPresent, columnsBackup }) => {
    const columns = [
      ...(columnsPresent.length === 0 ? [] : [say(`only now: ${columnsPresent.map(printable).join(', ')}`)]),
      ...(columnsBackup.length === 0 ? [] : [say(`only in the backup: ${columnsBackup.map(printable).join(', ')}`)]),
    ]
    const how =
      where === 'present'
        ? say('only in the present database')
        : where === 'backup'
          ? say('only in the backup')
          : columns.length === 0
            ? say('defined otherwise')
            : columns.join('; ')
    return `${INDENT}${printable(type)} ${printable(name)}: ${how}`
  })
  return ['', say('Schema:'), ...told]
}

function samples(context: CliContext, table: TableComparison): string[] {
  const { say, output } = context
  const fitted = (text: string): string => fit(text, output.columns)
  const part = (told: string, rows: readonly string[]): string[] =>
    rows.length === 0 ? [] : ['', say(told), ...rows.map((row) => fitted(`${INDENT}${row}`))]
  const { vanishing, returning, changing, vanish, return: back, change } = table
  const name = printable(table.table)
  const of = (rows: number | null): number | string => rows ?? UNKNOWN
  return [
    ...part(`${name}: ${vanishing.length} of ${of(vanish)} rows that would vanish`, vanishing.map(rowText)),
    ...part(`${name}: ${returning.length} of ${of(back)} rows that would return`, returning.map(rowText)),
    ...part(
      `${name}: ${changing.length} of ${of(change)} rows that would change (now -> backup)`,
      changing.map(changeText),
    ),
  ]
}

function rowText(row: ShownRow): string {
  return row.map(({ column, value }) => `${printable(column)}=${literal(value)}`).join('  ')
}

function changeText({ key, columns }: ChangedRow): string {
  const changes = columns.map(
    ({ column, present, backup }) => `${printable(column)}: ${literal(present)} -> ${literal(backup)}`,
  )
  return `${rowText(key)}  ${changes.join('  ')}`
}

/** Cut to the columns of the terminal, wide letters counted as two. */
function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let width = 0
  let cut = ''
  for (const letter of text) {
    width += displayWidth(letter)
    if (width > columns - 1) break
    cut += letter
  }
  return `${cut}…`
}
