/** Lays out what `modosu describe` shows: labels in a column, sections indented under theirs, as kubectl does. */

import { padTo } from '../display-width.ts'
import { printable } from '../printable.ts'
import { NONE, tableLines, type Row } from '../table.ts'

const INDENT = '  '
const LABEL_COLUMNS = 18

export type Value = string | number | boolean | null | undefined

/** Columns that hold sentences. */
const SAID = ['MESSAGE', 'HINT']

export class Sheet {
  readonly #lines: string[] = []
  readonly #say: (text: string) => string

  /** @param say lists and the columns of sentences are in the language of the command; a field is shown as it is given. */
  constructor(say: (text: string) => string) {
    this.#say = say
  }

  /** @param style applied to the value after it was made printable. */
  field(label: string, value: Value, style: (text: string) => string = (text) => text): this {
    this.#lines.push(padTo(`${label}: `, LABEL_COLUMNS) + style(textOf(value)))
    return this
  }

  /** Only where there is a value. */
  optional(label: string, value: Value): this {
    return value === null || value === undefined || value === '' ? this : this.field(label, value)
  }

  /** Labelled values under a label of their own; nothing at all where none has a value. */
  section(label: string, fields: readonly (readonly [label: string, value: Value])[]): this {
    const present = fields.filter(([, value]) => value !== null && value !== undefined && value !== '')
    if (present.length === 0) return this
    this.#lines.push(`${label}:`)
    for (const [name, value] of present) {
      this.#lines.push(INDENT + padTo(`${name}:`, LABEL_COLUMNS - INDENT.length) + textOf(value))
    }
    return this
  }

  table(label: string, header: readonly string[], rows: readonly Row[]): this {
    if (rows.length === 0) return this.field(label, null)
    const said = rows.map((row) =>
      row.map((cell, column) =>
        typeof cell === 'string' && SAID.includes(header[column] ?? '') ? this.#say(cell) : cell,
      ),
    )
    this.#lines.push(`${label}:`, ...tableLines(header, said).map((line) => INDENT + line))
    return this
  }

  list(label: string, items: readonly string[]): this {
    if (items.length === 0) return this
    this.#lines.push(`${label}:`, ...items.map((item) => INDENT + printable(this.#say(item))))
    return this
  }

  get lines(): readonly string[] {
    return this.#lines
  }
}

function textOf(value: Value): string {
  if (value === null || value === undefined || value === '') return NONE
  return printable(String(value))
}

/** `key=value`, as kubectl writes labels. */
export function pairs(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}
