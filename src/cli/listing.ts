/** A kind of thing that `modosu get` lists, and how a list of it is printed in each format. */

import { toList } from '../domain/resource-view.ts'
import type { CliContext } from './context.ts'
import { toJson, toYaml } from './format.ts'
import { isPicked, picker, sortedBy, type ListFormat } from './list-format.ts'
import { fieldSelector, labelSelector } from '../manifest/selectors.ts'
import { TableRenderer, type Cell } from './table.ts'

export interface Filter {
  /** Only the one with this name. */
  readonly name?: string
  readonly target?: string
  readonly phase?: string
  /** The newest so many. */
  readonly limit?: number
}

/** One thing of a list. */
export interface Entry {
  /** As `-o name` prints it: `restorerequest.modosu.dev/inc-4711`. */
  readonly reference: string
  /** What `-o json` and `-o yaml` print, and what a watch compares. */
  readonly object: unknown
  /** The cells of a table; those of `wide` follow. */
  readonly cells: readonly Cell[]
  readonly wide: readonly Cell[]
}

export interface Listing {
  /** What a person calls several of them. */
  readonly title: string
  /** The word after `get`, and the others that mean the same. */
  readonly names: readonly string[]
  readonly kind: string
  /** Whether a name picks one entry, or all entries of that name (the events of a request). */
  readonly named: 'one' | 'many'
  readonly columns: readonly string[]
  readonly wideColumns: readonly string[]
  /** How often a watch looks again, in milliseconds; null: whenever the state store changes. */
  readonly lookEveryMs: number | null
  /** @throws RestoreError `NotFound`, or of its kind, where the filter names one that is not there. */
  load(context: CliContext, filter: Filter): Promise<readonly Entry[]>
}

/** How a list is printed, and what of it. */
export interface PrintOptions {
  readonly output: ListFormat
  readonly headers?: boolean
  readonly selector?: string
  readonly fieldSelector?: string
  readonly sortBy?: string
}

/**
 * Those that the options ask for, in their order.
 *
 * @throws RestoreError `UsageError` where a selector or a path cannot be understood.
 */
export function chosen(
  entries: readonly Entry[],
  { selector, fieldSelector: fields, sortBy }: PrintOptions,
): readonly Entry[] {
  const tests = [
    ...(selector === undefined ? [] : [labelSelector(selector)]),
    ...(fields === undefined ? [] : [fieldSelector(fields)]),
  ]
  const found = entries.filter(({ object }) => tests.every((test) => test(object)))
  return sortBy === undefined ? found : sortedBy(found, sortBy)
}

/** Prints lists of one kind; a second batch continues the first one's table. */
export class ListPrinter {
  readonly #context: CliContext
  readonly #listing: Listing
  readonly #options: PrintOptions
  readonly #table = new TableRenderer()
  #headed = false

  constructor(context: CliContext, listing: Listing, options: PrintOptions) {
    this.#context = context
    this.#listing = listing
    this.#options = options
    this.#headed = options.headers === false
  }

  /** Prints several kinds: tables one below the other, objects as one list. */
  static printAll(context: CliContext, found: ReadonlyMap<Listing, readonly Entry[]>, options: PrintOptions): void {
    const { output: format } = options
    const all = Array.from(found, ([listing, entries]) => ({ listing, entries: chosen(entries, options) }))
    const [only, another] = all
    if (only !== undefined && another === undefined) {
      new ListPrinter(context, only.listing, options).print(only.entries, false)
      return
    }
    if (format === 'table' || format === 'wide' || format === 'name') {
      const shown = all.filter(({ entries }) => entries.length > 0)
      shown.forEach(({ listing, entries }, index) => {
        if (index > 0 && format !== 'name') context.output.line()
        new ListPrinter(context, listing, options).print(entries, false)
      })
      return
    }
    const objects = all.flatMap(({ entries }) => entries.map(({ object }) => object))
    printObjects(context, toList('', objects), objects, options)
  }

  /** @param single print the object itself and not a list of it. */
  print(entries: readonly Entry[], single: boolean): void {
    const { output } = this.#context
    const format = this.#options.output
    if (format === 'name') {
      for (const { reference } of entries) output.line(reference)
      return
    }
    if (format === 'table' || format === 'wide') {
      this.#printTable(entries)
      return
    }
    const objects = entries.map(({ object }) => object)
    printObjects(this.#context, single ? objects[0] : toList(this.#listing.kind, objects), objects, this.#options)
  }

  #printTable(entries: readonly Entry[]): void {
    const { output } = this.#context
    if (entries.length === 0) {
      if (!this.#headed || this.#options.headers === false) output.message(`no ${this.#listing.title} found`)
      return
    }
    const wide = this.#options.output === 'wide'
    const { columns, wideColumns } = this.#listing
    const header = this.#headed ? [] : [[...columns, ...(wide ? wideColumns : [])]]
    this.#headed = true
    const rows = entries.map((entry) => [...entry.cells, ...(wide ? entry.wide : [])])
    for (const line of this.#table.lines([...header, ...rows])) output.line(line)
  }
}

/** @param object what `-o json` prints: an object, or a list of the items. */
function printObjects(
  { output }: CliContext,
  object: unknown,
  items: readonly unknown[],
  { output: format, headers = true }: PrintOptions,
): void {
  if (format === 'json') output.line(toJson(object))
  else if (format === 'yaml') output.line(toYaml(object))
  else if (isPicked(format)) output.write(picker(format)(object, items, headers))
}
