/** Values of a database as text and as JSON: each type can be told from the others, and nothing drives the terminal. */

import type { Comparison, QueryValue, ShownRow, ShownValue } from '../database/look-contract.ts'
import { printable } from './printable.ts'

/** As SQLite's own shell prints a literal: `NULL`, `17`, `1.0`, `'text'`, `x'00ff'`. */
export function literal(value: ShownValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return `'${printable(value).replaceAll("'", "''")}'`
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return real(value)
  const { hex, bytes } = value
  return hex.length < bytes * 2 ? `x'${hex.toLowerCase()}…' (${bytes} B)` : `x'${hex.toLowerCase()}'`
}

/** A real number keeps its point, so that it is not taken for an integer. */
export function real(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value)
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
