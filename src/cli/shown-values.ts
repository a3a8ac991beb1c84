/** Values of a database as text and as JSON: each type can be told from the others, and nothing drives the terminal. */

import type { Comparison, QueryValue, ShownRow, ShownValue } from '../database/look-contract.ts'
import { literalOf } from '../database/shown-values.ts'
import { printable } from './printable.ts'

export function literal(value: ShownValue): string {
  return literalOf(value, printable)
}

/** An integer that JSON's readers would round is a string; a blob is an object. */
export function jsonValue(value: ShownValue | QueryValue): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  // SQLite has infinities, JSON has none.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex'), bytes: value.length }
  return value
}

function jsonRow(row: ShownRow): Record<string, unknown> {
  return Object.fromEntries(row.map(({ column, value }) => [column, jsonValue(value)]))
}

export function comparisonObject({ tables, schema }: Comparison): object {
  return {
    tables: tables.map(({ vanishing, returning, changing, ...figures }) => ({
      ...figures,
      vanishing: vanishing.map(jsonRow),
      returning: returning.map(jsonRow),
      changing: changing.map(({ key, columns }) => ({
        key: jsonRow(key),
        columns: columns.map(({ column, present, backup }) => ({
          column,
          present: jsonValue(present),
          backup: jsonValue(backup),
        })),
      })),
    })),
    schema,
  }
}
