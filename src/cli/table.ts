/** Tables as kubectl prints them: no lines, columns three spaces apart, an empty cell says `<none>`. */

import { displayWidth, padTo } from './display-width.ts'
import { printable } from './printable.ts'

/** A coloured cell: its text is made printable first, so that only our own escapes are left in it. */
export interface StyledCell {
  readonly text: string
  readonly style: (text: string) => string
}

export type Cell = string | number | null | undefined | StyledCell
export type Row = readonly Cell[]

/** What stands for nothing. */
export const NONE = '<none>'
/** What stands for something that is there, or may be, and could not be read. */
export const UNKNOWN = '<unknown>'

const GAP = '   '

function textOf(cell: Cell): string {
  if (typeof cell === 'object' && cell !== null) return textOf(cell.text)
  if (cell === null || cell === undefined || cell === '') return NONE
  return typeof cell === 'number' ? String(cell) : printable(cell)
}

function styled(cell: Cell, padded: string): string {
  return typeof cell === 'object' && cell !== null ? cell.style(padded) : padded
}

/** Keeps its columns from one batch of rows to the next, as a watch needs them: a column may grow, never shrink. */
export class TableRenderer {
  readonly #widths: number[] = []

  /** @returns lines without trailing spaces. */
  lines(rows: readonly Row[]): string[] {
    for (const row of rows) {
      row.forEach((cell, column) => {
        this.#widths[column] = Math.max(this.#widths[column] ?? 0, displayWidth(textOf(cell)))
      })
    }
    return rows.map((row) => this.#line(row))
  }

  #line(row: Row): string {
    const last = row.length - 1
    return row
      .map((cell, column) => {
        const text = textOf(cell)
        return styled(cell, column === last ? text : padTo(text, this.#widths[column] ?? 0))
      })
      .join(GAP)
  }
}

/** One table, its header first. */
export function tableLines(header: readonly string[], rows: readonly Row[]): string[] {
  return new TableRenderer().lines([header, ...rows])
}
