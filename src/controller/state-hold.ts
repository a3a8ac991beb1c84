/**
 * A state store that is older than the world: nothing runs until a person has said so. Requests that are waiting may have
 * run already, and one that is under way may have ended long ago.
 */

import { toRfc3339 } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import { isTerminal } from '../domain/phases.ts'
import { STATE_HOLD_KEY } from '../domain/state-hold.ts'
import type { AuditInput } from '../store/change.ts'
import { acceptedFacts } from '../store/state-lineage.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { StateStore } from '../store/store.ts'

export const HELD_MESSAGE =
  'held: the state store is older than what was seen of it before, so this request may have run already'

export interface StateHold {
  /** RFC 3339. */
  readonly since: string
  /** What shows it, a sentence each. */
  readonly signs: readonly string[]
}

/** The hold that is in force, or null. */
export function stateHold(reader: Pick<StateReader, 'meta'>): StateHold | null {
  const text = reader.meta(STATE_HOLD_KEY) ?? ''
  return text === '' ? null : (JSON.parse(text) as StateHold)
}

/** @throws RestoreError `StateRolledBack` while the hold is in force: what is still needed is not known. */
export function requireNoHold(reader: Pick<StateReader, 'meta'>): void {
  if (stateHold(reader) === null) return
  throw new RestoreError('the state store is older than what was seen of it before: what may be deleted is not known', {
    reason: 'StateRolledBack',
    hint: 'modosu state; docs/runbooks/ModosuStateRolledBack.md',
  })
}

/** Held for the state store, whether the hold is in force or was accepted since. */
export function isHeldForState(reader: Pick<StateReader, 'meta'>, { held, status }: StoredRequest): boolean {
  return held && (status.reason === 'StateRolledBack' || stateHold(reader) !== null)
}

/** Holds everything that is not at its end, in one transaction with the reason. Repeatable. */
export function holdEverything(store: StateStore, signs: readonly string[], nowMs: number): void {
  store.atomically(() => {
    const since = stateHold(store)?.since ?? toRfc3339(nowMs)
    store.setMeta(STATE_HOLD_KEY, JSON.stringify({ since, signs } satisfies StateHold))
  })
  for (const request of store.unfinished()) {
    if (request.held && request.status.reason === 'StateRolledBack') continue
    store.commit(request.name, {
      from: request.phase,
      reason: 'StateRolledBack',
      message: HELD_MESSAGE,
      held: true,
      status: { reason: 'StateRolledBack', message: HELD_MESSAGE, hint: hintFor(request) },
      events: [{ type: 'Warning', reason: 'StateRolledBack', message: HELD_MESSAGE }],
    })
  }
}

/** What is held stays held, each until it is approved or cancelled; what comes from now on runs. */
export function acceptState(
  store: StateStore,
  lineage: string,
  auditOf: (message: string) => readonly AuditInput[],
): StateHold {
  const hold = stateHold(store)
  if (hold === null) {
    throw new RestoreError('the state store is the one that was written last: there is nothing to accept', {
      reason: 'Conflict',
    })
  }
  // First: a process that dies between the two leaves a hold that was to be accepted, never one that nobody has accepted.
  const message = `accepted an older state store: ${hold.signs.join('; ')}`
  for (const record of auditOf(message)) {
    store.recordAudit('', '', { ...record, details: { ...record.details, since: hold.since } })
  }
  store.atomically(() => {
    for (const [key, value] of acceptedFacts(store.stateDir, lineage)) store.setMeta(key, value)
    store.setMeta(STATE_HOLD_KEY, '')
  })
  return hold
}

export function hintFor({ name, phase }: Pick<StoredRequest, 'name' | 'phase'>): string {
  const cancel =
    phase === 'Pending' || isTerminal(phase) ? `modosu cancel ${name}` : `modosu cancel ${name} (touches nothing)`
  return `look whether it has run (modosu state); it has: ${cancel}; it has not: modosu approve ${name}`
}
