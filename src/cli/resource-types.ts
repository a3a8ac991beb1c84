/** The kinds that `modosu get` knows, under every name that a person may type, and `TYPE/NAME`. */

import { RestoreError } from '../domain/errors.ts'
import { nearest } from '../manifest/edit-distance.ts'
import type { Listing } from './listing.ts'
import { plainName } from './reference.ts'
import { AUDIT } from './resources/audit.ts'
import { BACKUPS } from './resources/backups.ts'
import { EVENTS } from './resources/events.ts'
import { REQUESTS } from './resources/requests.ts'
import { SAFETY_BACKUPS } from './resources/safety-backups.ts'
import { TARGETS } from './resources/targets.ts'

export const LISTINGS: readonly Listing[] = [REQUESTS, BACKUPS, SAFETY_BACKUPS, TARGETS, AUDIT, EVENTS]
/** What `get all` shows: what there is, not what was said of it. */
const ALL: readonly Listing[] = [TARGETS, REQUESTS, SAFETY_BACKUPS, BACKUPS]
export const ALL_WORD = 'all'

/** kubectl prints and takes `restorerequests.modosu.dev` too. */
const GROUP = /\.modosu\.dev$/

/** @throws RestoreError `UsageError`, with the nearest name. */
export function listingOf(word: string): Listing {
  const wanted = word.toLowerCase().replace(GROUP, '')
  const listing = LISTINGS.find(({ names }) => names.includes(wanted))
  if (listing !== undefined) return listing
  const near = nearest(wanted, [...LISTINGS.flatMap(({ names }) => names), ALL_WORD])
  throw new RestoreError(`there is no type ${word}`, {
    reason: 'UsageError',
    hint: `${near === undefined ? '' : `did you mean ${near}? `}types are: ${typeNames()}, all`,
  })
}

/** Each type with its short names. */
export function typeNames(): string {
  return LISTINGS.map(({ names: [first = '', ...others] }) => {
    const short = others.filter((name) => name.length <= 3)
    return short.length === 0 ? first : `${first} (${short.join(', ')})`
  }).join(', ')
}

export interface Wanted {
  readonly listing: Listing
  /** null: all of the kind. */
  readonly name: string | null
}

/**
 * What `get` is asked for: `TYPE`, `TYPE,TYPE`, `all`, `TYPE NAME…`, `TYPE/NAME…`.
 *
 * @throws RestoreError `UsageError`.
 */
export function wantedOf(type: string, names: readonly string[]): readonly Wanted[] {
  const slashed = [type, ...names]
  // A backup's name may hold a slash itself: only a known type before it makes it TYPE/NAME.
  if (isReference(type)) return slashed.map(referenceOf)
  if (type.toLowerCase() === ALL_WORD) {
    if (names.length > 0) throw new RestoreError('all takes no names', { reason: 'UsageError', hint: 'name a type' })
    return ALL.map((listing) => ({ listing, name: null }))
  }
  const listings = type.split(',').map(listingOf)
  const [listing, another] = listings
  if (names.length === 0 || listing === undefined) return listings.map((each) => ({ listing: each, name: null }))
  if (another !== undefined) {
    throw new RestoreError('several types take no names', { reason: 'UsageError', hint: 'name each as TYPE/NAME' })
  }
  return names.map((name) => ({ listing, name: plainName(name) }))
}

function isReference(text: string): boolean {
  const slash = text.indexOf('/')
  return slash > 0
}

function referenceOf(text: string): Wanted {
  const slash = text.indexOf('/')
  if (slash < 1) {
    throw new RestoreError(`TYPE/NAME is expected, as in the words before it, not ${text}`, {
      reason: 'UsageError',
      hint: 'for example: modosu get request/inc-4711 target/itsm-nexus',
    })
  }
  const type = text.slice(0, slash)
  const listing = type === 'spoolfile' ? REQUESTS : listingOf(type)
  return { listing, name: text.slice(slash + 1) }
}
