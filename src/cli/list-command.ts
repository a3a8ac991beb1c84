/** What `get` and `events` share: one list, or one that is looked at again and again. */

import type { CliContext } from './context.ts'
import { chosen, ListPrinter, type Entry, type Filter, type Listing, type PrintOptions } from './listing.ts'
import { lookAtChanges, lookEvery } from './watch.ts'

export interface ListOptions extends PrintOptions {
  readonly watch?: boolean
}

/** Prints the list; with `watch` prints what is new or changed until stdout's reader goes away or the process is ended. */
export async function runList(
  context: CliContext,
  listing: Listing,
  filter: Filter,
  options: ListOptions,
): Promise<void> {
  const { output, watch = false } = options
  const printer = new ListPrinter(context, listing, options)
  if (!watch) {
    printer.print(
      chosen(await listing.load(context, filter), options),
      filter.name !== undefined && listing.named === 'one',
    )
    return
  }
  const { gone } = context.output
  const shown = new Map<string, string>()
  const look = async (): Promise<boolean> => {
    const fresh = chosen(await listing.load(context, filter), options).filter((entry) => remember(shown, entry))
    // An object each, as `kubectl get -w -o json` prints them: a stream that `jq` reads.
    if (output === 'json' || output === 'yaml') for (const entry of fresh) printer.print([entry], true)
    else if (fresh.length > 0) printer.print(fresh, false)
    return false
  }
  if (listing.lookEveryMs === null) await lookAtChanges(context.reader(), gone, look)
  else await lookEvery(listing.lookEveryMs, gone, look)
}

/** Whether it is new or has changed. */
function remember(shown: Map<string, string>, { reference, object }: Entry): boolean {
  const text = JSON.stringify(object)
  if (shown.get(reference) === text) return false
  shown.set(reference, text)
  return true
}
