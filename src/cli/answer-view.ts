/** The answer to a question in SQL: as a table for a person, as JSON and CSV for a program. */

import type { QueryAnswer, QueryValue } from '../database/look-contract.ts'
import { real } from '../database/shown-values.ts'
import { printable } from './printable.ts'
import { jsonValue } from './shown-values.ts'
import { tableLines } from './table.ts'

/** Letters of a text in a cell; JSON and CSV have all of it. */
const CELL = 60
const BLOB_BYTES = 16

export function answerLines({ columns, rows }: QueryAnswer): string[] {
  return tableLines(
    columns.map((name) => (name === '' ? "''" : name)),
    rows.map((row) => row.map(cell)),
  )
}

function cell(value: QueryValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return real(value)
  if (value instanceof Uint8Array) return blob(value)
  if (value === '') return "''"
  const letters = Array.from(value.slice(0, 2 * CELL + 2))
  return letters.length > CELL ? `${letters.slice(0, CELL).join('')}…` : value
}

function blob(value: Uint8Array): string {
  const hex = Buffer.from(value.subarray(0, BLOB_BYTES)).toString('hex')
  return value.length > BLOB_BYTES ? `x'${hex}…' (${value.length} B)` : `x'${hex}'`
}

/** One object for each row. Of columns with one name the second is `NAME_2`. */
export function rowObjects({ columns, rows }: QueryAnswer): Record<string, unknown>[] {
  const names = distinct(columns)
  return rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index] ?? '', jsonValue(value)])))
}

function distinct(columns: readonly string[]): string[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    let name = column
    for (let count = 2; taken.has(name); count += 1) name = `${column}_${count}`
    taken.add(name)
    return name
  })
}

/** RFC 4180, with line feeds. NULL is empty, an empty text `""`, a blob hexadecimal. */
export function csvLines({ columns, rows }: QueryAnswer): string[] {
  return [columns.map(csvText).join(','), ...rows.map((row) => row.map(csvValue).join(','))]
}

function csvValue(value: QueryValue): string {
  if (value === null) return ''
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return real(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return csvText(value)
}

/** Line ends and tabs are data between quotes; what else drives a terminal is escaped as everywhere. */
function csvText(text: string): string {
  const safe = text
    .split(/([\r\n\t])/)
    .map((part) => (/^[\r\n\t]$/.test(part) ? part : printable(part)))
    .join('')
  return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
