/** How a list is printed: kubectl's `-o`, with the formats that pick fields out of the objects. */

import { InvalidArgumentError, Option } from 'commander'

import { nearest } from '../manifest/edit-distance.ts'
import { FORMATS, type Format } from './format.ts'
import { fillTemplate, parsePath, parseTemplate, valuesAt, valueText } from '../manifest/json-path.ts'
import { NONE, tableLines } from './table.ts'

export type ListFormat = Format | `jsonpath=${string}` | `custom-columns=${string}`

export function listFormatOption(): Option {
  const option = new Option(
    '-o, --output <format>',
    'table, wide, json, yaml, name, jsonpath=TEMPLATE, or custom-columns=HEADER:PATH,…',
  )
  return option
    .choices([...FORMATS])
    .argParser(listFormat)
    .default('table')
}

function listFormat(text: string): ListFormat {
  const plain = FORMATS.find((format) => format === text)
  if (plain !== undefined) return plain
  if (isPicked(text)) {
    // Refused before anything is read or printed.
    picker(text)
    return text
  }
  const near = nearest(text, FORMATS)
  throw new InvalidArgumentError(
    `Allowed are ${FORMATS.join(', ')}, jsonpath=… and custom-columns=….${near === undefined ? '' : ` Did you mean ${near}?`}`,
  )
}

export type PickedFormat = Exclude<ListFormat, Format>

export function isPicked(text: string): text is PickedFormat {
  return text.startsWith('jsonpath=') || text.startsWith('custom-columns=')
}

/**
 * @returns from what `-o json` would print to text.
 * @throws RestoreError `UsageError`.
 */
export function picker(format: PickedFormat): (object: unknown, items: readonly unknown[], headers: boolean) => string {
  const value = format.slice(format.indexOf('=') + 1)
  if (format.startsWith('jsonpath=')) {
    const template = parseTemplate(value)
    return (object) => fillTemplate(template, object)
  }
  const columns = value.split(/,(?![^[]*\])/).map((column) => {
    const colon = column.indexOf(':')
    if (colon < 1) throw new InvalidArgumentError(`custom-columns: HEADER:PATH is expected, not ${column}.`)
    return { header: column.slice(0, colon), path: parsePath(column.slice(colon + 1)) }
  })
  return (_object, items, headers) => {
    const rows = items.map((item) =>
      columns.map(({ path }) => {
        const found = valuesAt(item, path)
        return found.length === 0 ? NONE : found.map(valueText).join(',')
      }),
    )
    const lines = tableLines(
      columns.map(({ header }) => header),
      rows,
    )
    return (headers ? lines : lines.slice(1)).map((line) => `${line}\n`).join('')
  }
}

/** In the order of a field: numbers as numbers, all else as text; what lacks the field comes first. */
export function sortedBy<Item extends { readonly object: unknown }>(
  items: readonly Item[],
  path: string,
): readonly Item[] {
  const steps = parsePath(path)
  const keyed = items.map((item) => ({ item, key: valuesAt(item.object, steps)[0] }))
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ item }) => item)
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [a, b].map((each) => (each === undefined || each === null ? '' : valueText(each)))
  if (left === right) return 0
  return (left ?? '') < (right ?? '') ? -1 : 1
}
