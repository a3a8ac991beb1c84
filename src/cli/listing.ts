/** A kind of thing that `modosu get` lists, and how a list of it is printed in each format. */

import { toList } from '../domain/resource-view.ts'
import type { CliContext } from './context.ts'
import { toJson, toYaml, type Format } from './format.ts'
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

/** Prints lists of one kind; a second batch continues the first one's table. */
export class ListPrinter {
  readonly #context: CliContext
  readonly #listing: Listing
  readonly #format: Format
  readonly #table = new TableRenderer()
  #headed = false

  constructor(context: CliContext, listing: Listing, format: Format) {
    this.#context = context
    this.#listing = listing
    this.#format = format
  }

  /** @param single print the object itself and not a list of it. */
  print(entries: readonly Entry[], single: boolean): void {
    const { output } = this.#context
    switch (this.#format) {
      case 'json':
        output.line(toJson(this.#object(entries, single)))
        return
      case 'yaml':
        output.line(toYaml(this.#object(entries, single)))
        return
      case 'name':
        for (const { reference } of entries) output.line(reference)
        return
      case 'table':
      case 'wide':
        this.#printTable(entries)
    }
  }

  #object(entries: readonly Entry[], single: boolean): unknown {
    const objects = entries.map(({ object }) => object)
    return single ? objects[0] : toList(this.#listing.kind, objects)
  }

  #printTable(entries: readonly Entry[]): void {
    const { output } = this.#context
    if (entries.length === 0) {
      if (!this.#headed) output.message(`no ${this.#listing.title} found`)
      return
    }
    const wide = this.#format === 'wide'
    const { columns, wideColumns } = this.#listing
    const header = this.#headed ? [] : [[...columns, ...(wide ? wideColumns : [])]]
    this.#headed = true
    const rows = entries.map((entry) => [...entry.cells, ...(wide ? entry.wide : [])])
    for (const line of this.#table.lines([...header, ...rows])) output.line(line)
  }
}
