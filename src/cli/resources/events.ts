/** `modosu get events` and `modosu events`: what happened, oldest first, as kubectl prints it. */

import type { EventRecord } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { age } from '../human.ts'
import type { Entry, Filter, Listing } from '../listing.ts'

export const EVENTS: Listing = {
  title: 'events',
  names: ['events', 'event', 'ev'],
  kind: 'Event',
  named: 'many',
  columns: ['LAST SEEN', 'TYPE', 'REASON', 'REQUEST', 'MESSAGE'],
  wideColumns: ['TARGET', 'TIME', 'ID'],
  lookEveryMs: null,
  load: (context, filter) => Promise.resolve(load(context, filter)),
}

function load(context: CliContext, { name, target, limit }: Filter): readonly Entry[] {
  const events = context
    .reader()
    .events(name === undefined ? {} : { request: name })
    .filter((event) => target === undefined || event.target === target)
  return (limit === undefined ? events : events.slice(-limit)).map((event) => toEntry(context, event))
}

function toEntry({ output, clock, say }: CliContext, event: EventRecord): Entry {
  return {
    reference: `event/${event.id}`,
    object: event,
    cells: [
      age(event.at, clock.nowMs()),
      {
        text: event.type,
        style: (text) => (event.type === 'Warning' ? output.onStdout('yellow', text) : text),
      },
      event.reason,
      event.request,
      say(event.message),
    ],
    wide: [event.target, event.at, event.id],
  }
}
