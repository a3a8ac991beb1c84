/** Values of a database as text: each type can be told from the others. */

import type { ShownValue } from './look-contract.ts'

/**
 * As SQLite's own shell prints a literal: `NULL`, `17`, `1.0`, `'text'`, `x'00ff'`.
 *
 * @param clean makes a text safe for the place where it is shown.
 */
export function literalOf(value: ShownValue, clean: (text: string) => string): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return `'${clean(value).replaceAll("'", "''")}'`
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return real(value)
  const { hex, bytes } = value
  return hex.length < bytes * 2 ? `x'${hex.toLowerCase()}…' (${bytes} B)` : `x'${hex.toLowerCase()}'`
}

/** A real number keeps its point, so that it is not taken for an integer. */
export function real(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value)
}
