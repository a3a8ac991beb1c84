/**
 * What goes and what stays: a pure function of files, rules, requests, free space and a clock (manual 2.3, 5.5, 8.4, Q2;
 * R22, R75 to R79). Everything that speaks for keeping a set is asked first, so that no later rule can overrule it.
 */

import { isFuture, toRfc3339 } from '../domain/clock.ts'
import type { BackupType } from '../domain/resource.ts'
import {
  PRUNE_KINDS,
  sizeOfSet,
  type Decision,
  type PrunableSet,
  type PruneKind,
  type PrunePlan,
  type RetentionRules,
} from '../domain/retention.ts'
import { dayText, durationText } from './texts.ts'

const DAY_MS = 86_400_000

export interface Pin {
  readonly request: string
  readonly why: string
}

export interface Space {
  readonly target: string
  /** The file system of its backup directory. */
  readonly dev: string
  readonly availableBytes: number
}

export interface PolicyInput<S extends PrunableSet = PrunableSet> {
  readonly sets: readonly S[]
  readonly rules: RetentionRules
  /** What may be deleted now; of every other kind there is no decision. */
  readonly kinds: ReadonlySet<PruneKind>
  readonly nowMs: number
  readonly pinOf: (set: S) => Pin | null
  /** Whether a person has seen that the restore which made this safety backup went well, or nothing came of it. */
  readonly isAcknowledged: (set: S) => boolean
  readonly space: readonly Space[]
}

export function planPrune<S extends PrunableSet>(input: PolicyInput<S>): PrunePlan {
  const sets = input.sets.filter(({ kind }) => input.kinds.has(kind)).toSorted(byTargetKindAge)
  // one that is dated in the future takes no other's place: nobody can say whether it is newer
  const dated = sets.filter((set) => set.createdAtMs === null || !isFuture(set.createdAtMs, input.nowMs))
  const kept = keepers(dated, input.rules.safetyBackups.keepLast)
  const decisions = sets.map((set) => decide(set, input, kept))
  const { freed, shortBytes } = relieve(decisions, input)
  return {
    decisions: decisions.map((decision) => {
      const why = freed.get(decision.set)
      return why === undefined ? decision : { ...decision, act: 'delete' as const, why }
    }),
    shortBytes,
  }
}

/**
 * Whether a file is older than so long, counted as `find -mtime +N` counts (manual 5.5): in whole days, so that +14 begins
 * with the fifteenth.
 */
export function isOlderThan(ageMs: number, maxAgeMs: number): boolean {
  return Math.floor(ageMs / DAY_MS) * DAY_MS > maxAgeMs
}

/** The first instant at which `isOlderThan` holds. */
function oldFrom(createdAtMs: number, maxAgeMs: number): number {
  return createdAtMs + (Math.floor(maxAgeMs / DAY_MS) + 1) * DAY_MS
}

function decide<S extends PrunableSet>(
  set: S,
  input: PolicyInput<S>,
  kept: ReadonlyMap<PrunableSet, string>,
): Decision {
  const { createdAtMs } = set
  const keep = (why: string, rest: Partial<Decision> = {}): Decision => ({
    set,
    act: 'keep',
    why,
    pinnedBy: null,
    deletableAfterMs: null,
    ...rest,
  })
  const maxAgeMs = maxAgeOf(set, input.rules)
  const pin = input.pinOf(set)
  const deletableAfterMs = maxAgeMs === null || createdAtMs === null ? null : oldFrom(createdAtMs, maxAgeMs)
  if (pin !== null) return keep(pin.why, { pinnedBy: pin.request, deletableAfterMs })
  if (createdAtMs === null) return keep('the request that it belongs to is not known: nobody can say what it is worth')
  if (isFuture(createdAtMs, input.nowMs))
    return keep(`dated in the future (${toRfc3339(createdAtMs)}): nobody can say how old it is`)
  const keeper = kept.get(set)
  if (keeper !== undefined) return keep(keeper)
  if (maxAgeMs === null) return keep('manual backups are never deleted')
  const ageMs = input.nowMs - createdAtMs
  if (set.kind === 'safety' && !set.whole) return unfinishedCopy(keep, set, ageMs, input.rules)
  if (isOlderThan(ageMs, maxAgeMs))
    return { ...keep(`older than ${durationText(maxAgeMs)}`, { deletableAfterMs }), act: 'delete' }
  const { minAgeMs } = input.rules.safetyBackups
  if (set.kind === 'safety' && ageMs < minAgeMs)
    return keep(`younger than ${durationText(minAgeMs)}`, { deletableAfterMs })
  return keep(`not older than ${durationText(maxAgeMs)}`, { deletableAfterMs })
}

function unfinishedCopy(
  keep: (why: string, rest: Partial<Decision>) => Decision,
  { createdAtMs }: PrunableSet,
  ageMs: number,
  { safetyBackups: { minAgeMs } }: RetentionRules,
): Decision {
  const kept = keep('the rest of a copy that was never finished', { deletableAfterMs: (createdAtMs ?? 0) + minAgeMs })
  return ageMs < minAgeMs ? kept : { ...kept, act: 'delete' }
}

/** null: never by age. */
function maxAgeOf({ kind, type }: PrunableSet, rules: RetentionRules): number | null {
  switch (kind) {
    case 'safety':
      return rules.safetyBackups.maxAgeMs
    case 'displaced':
      return rules.displacedOriginals.maxAgeMs
    case 'broken':
      return rules.brokenFiles.maxAgeMs
    case 'presqldump':
      return rules.preSqlDumpFiles.maxAgeMs
    case 'backups':
      return type === null ? null : ageOfType(type, rules.backups)
  }
}

function ageOfType(type: BackupType, rules: RetentionRules['backups']): number | null {
  switch (type) {
    case 'daily':
      return rules.dailyMs
    case 'weekly':
      return rules.weeklyMs
    case 'monthly':
      return rules.monthlyMs
    case 'manual':
      return null
  }
}

/** What stays whatever its age: the newest of each target's safety backups and types of backup, and the newest good one. */
function keepers(sets: readonly PrunableSet[], keepLast: number): Map<PrunableSet, string> {
  const kept = new Map<PrunableSet, string>()
  const groups = grouped(
    sets.filter(({ kind }) => kind === 'safety' || kind === 'backups'),
    ({ target, kind }) => `${kind} ${target}`,
  )
  for (const group of groups.values()) {
    const newestFirst = group.toReversed()
    const good =
      newestFirst.find((set) => set.whole && set.good === true) ??
      newestFirst.find((set) => set.whole && set.good === null)
    if (good !== undefined) kept.set(good, 'the newest that passed its checks')
    for (const [type, members] of grouped(newestFirst, (set) => set.type)) {
      const whole = members.filter((set) => set.whole)
      const newest = whole.length === 0 && type !== null ? members.slice(0, 1) : whole
      const [first, ...others] = newest.slice(0, type === null ? keepLast : 1)
      if (first !== undefined) kept.set(first, type === null ? 'the newest' : `the newest ${type} backup`)
      for (const other of others) kept.set(other, `one of the newest ${keepLast}`)
    }
  }
  return kept
}

/** Disk pressure (manual 5.5, third rule): the oldest first, and only those that somebody has let go. */
function relieve<S extends PrunableSet>(decisions: readonly Decision[], input: PolicyInput<S>) {
  const freed = new Map<PrunableSet, string>()
  const shortBytes = new Map<string, number>()
  const floor = input.rules.safetyBackups.minFreeBytes
  if (floor === null || !input.kinds.has('safety')) return { freed, shortBytes }
  const candidates = decisions.filter((decision) => mayGoEarly(decision, input))
  candidates.sort((a, b) => (a.set.createdAtMs ?? 0) - (b.set.createdAtMs ?? 0))
  for (const [dev, sharers] of grouped(input.space, (space) => space.dev)) {
    const available = Math.min(...sharers.map(({ availableBytes }) => availableBytes))
    const going = decisions.filter(({ act, set }) => act === 'delete' && deviceOf(set) === dev)
    let short = floor - available - going.reduce((sum, { set }) => sum + sizeOfSet(set), 0)
    for (const { set } of candidates) {
      if (short <= 0) break
      if (deviceOf(set) !== dev) continue
      freed.set(set, 'free space is short: the oldest goes first')
      short -= sizeOfSet(set)
    }
    if (short > 0) for (const { target } of sharers) shortBytes.set(target, short)
  }
  return { freed, shortBytes }
}

function mayGoEarly<S extends PrunableSet>({ act, set, pinnedBy, deletableAfterMs }: Decision, input: PolicyInput<S>) {
  if (act === 'delete' || set.kind !== 'safety' || !set.whole || pinnedBy !== null || deletableAfterMs === null) {
    return false
  }
  const ageMs = input.nowMs - (set.createdAtMs ?? input.nowMs)
  return ageMs >= input.rules.safetyBackups.minAgeMs && input.isAcknowledged(set as S)
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function deviceOf(set: PrunableSet): string | undefined {
  return set.files[0]?.dev
}

function byTargetKindAge(a: PrunableSet, b: PrunableSet): number {
  return (
    compare(a.target, b.target) ||
    PRUNE_KINDS.indexOf(a.kind) - PRUNE_KINDS.indexOf(b.kind) ||
    (a.createdAtMs ?? 0) - (b.createdAtMs ?? 0) ||
    // Of two of one second the higher number is the later one (D20): `…_2.db` after `….db`, `…_10.db` after `…_9.db`.
    clashNumber(a.name) - clashNumber(b.name) ||
    compare(a.name, b.name)
  )
}

function clashNumber(name: string): number {
  return Number(/^restore_safety_\d{14}_(\d{1,4})\.db/.exec(name)?.[1] ?? 1)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/** For a person who asks when: the day from which age alone lets a set go. */
export function deletableText({ act, pinnedBy, deletableAfterMs }: Decision): string {
  if (act === 'delete') return 'now'
  if (pinnedBy !== null) return 'pinned'
  return deletableAfterMs === null ? 'never' : dayText(deletableAfterMs)
}
