/** Brings together what the disk, the state store and the rules say, and makes the plan of it. Reads only; works with the daemon down. */

import { createHash } from 'node:crypto'
import { stat, statfs } from 'node:fs/promises'
import { basename } from 'node:path'

import { SafetyOwners } from '../catalog/safety-owner.ts'
import { scanBackups } from '../catalog/scan.ts'
import { setIdentity } from '../catalog/set-identity.ts'
import { isFuture } from '../domain/clock.ts'
import { asRestoreError, type RestoreError } from '../domain/errors.ts'
import {
  keyOfSet,
  PRUNE_KINDS,
  sizeOfSet,
  type PrunableSet,
  type PruneKind,
  type PrunePlan,
  type RetentionRules,
} from '../domain/retention.ts'
import type { Target } from '../domain/target.ts'
import type { StateReader } from '../store/reader.ts'
import type { DeletionRecord } from '../store/upkeep.ts'
import { findSets, type FoundSet } from './inventory.ts'
import { pinsOf } from './needs.ts'
import { planPrune, type Space } from './policy.ts'

export interface SurveyOptions {
  readonly targets: readonly Target[]
  readonly rules: RetentionRules
  readonly kinds: ReadonlySet<PruneKind>
  readonly reader: StateReader
  readonly nowMs: number
}

export interface Survey {
  readonly plan: PrunePlan
  /** Targets that could not be looked at: nothing of theirs is in the plan. */
  readonly failures: readonly { readonly target: string; readonly error: RestoreError }[]
  /** Begun before and not ended, by a crash or an error: finished first, whatever the plan says. */
  readonly underWay: readonly DeletionRecord[]
}

/**
 * The kinds that may be deleted. Unnamed: what the configuration has turned on. Named by a person: those, though the
 * schedule leaves them alone; the application's own backups only ever when the configuration says so.
 */
export function kindsToPrune(rules: RetentionRules, named: readonly PruneKind[] | null): Set<PruneKind> {
  const enabled: Readonly<Record<PruneKind, boolean>> = {
    safety: rules.safetyBackups.enabled,
    displaced: rules.displacedOriginals.enabled,
    broken: rules.brokenFiles.enabled,
    presqldump: rules.preSqlDumpFiles.enabled,
    backups: rules.backups.enabled,
  }
  const wanted = named ?? PRUNE_KINDS
  return new Set(wanted.filter((kind) => enabled[kind] || (named !== null && kind !== 'backups')))
}

export async function survey(options: SurveyOptions): Promise<Survey> {
  const { targets, rules, kinds, reader, nowMs } = options
  const sets: PrunableSet[] = []
  const space: Space[] = []
  const failures: { target: string; error: RestoreError }[] = []
  for (const target of targets) {
    try {
      const [found, room] = [await setsOf(target, kinds, reader, nowMs), await spaceOf(target)]
      sets.push(...found)
      space.push(room)
    } catch (error) {
      failures.push({ target: target.name, error: asRestoreError(error, 'IoError') })
    }
  }
  // After the disk, so that a request that came meanwhile is seen; the deletion itself asks once more.
  const pins = pinsOf(reader, targets)
  const underWay = reader.upkeep.deletions().filter(({ target }) => targets.some(({ name }) => name === target))
  const begun = new Set(underWay.flatMap(({ folder, files }) => files.map(({ name }) => `${folder}/${name}`)))
  const plan = planPrune({
    sets: sets.filter(({ folder, files }) => !files.some(({ name }) => begun.has(`${folder}/${name}`))),
    rules,
    kinds,
    nowMs,
    pinOf: (set) => pins.pinOf(set),
    isAcknowledged: (set) => pins.isAcknowledged(set),
    space,
  })
  return { plan, failures, underWay }
}

/** Two plans with one digest delete the same files: what a person has seen and confirmed is what is deleted. */
export function digestOf({ decisions }: PrunePlan): string {
  const going = decisions.filter(({ act }) => act === 'delete')
  const lines = going.map(({ set }) => JSON.stringify([keyOfSet(set), set.files.map(({ name, ino }) => [name, ino])]))
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex')
}

async function setsOf(
  target: Target,
  kinds: ReadonlySet<PruneKind>,
  reader: StateReader,
  nowMs: number,
): Promise<PrunableSet[]> {
  const found = inRecordedOrder(await findSets(target, kinds), reader.safetyOrder(target.name), nowMs)
  const owners = new SafetyOwners(target, reader.safetyBackups())
  const judge = kinds.has('backups') ? await backupJudge(target, reader) : null
  // A safety backup of another target is that target's to judge; one that could be anybody's has no age that counts.
  const ours = found.filter(({ kind, mainPath }) => kind !== 'safety' || owners.of(mainPath).whose !== 'other')
  return Promise.all(
    ours.map(async ({ mainPath, ...set }): Promise<PrunableSet> => {
      switch (set.kind) {
        case 'safety': {
          const { whose, record } = owners.of(mainPath)
          if (whose === 'unknown') return { ...set, createdAtMs: null, good: null }
          return { ...set, request: record?.request ?? null, good: safetyGood(set, record !== null) }
        }
        case 'displaced':
          return { ...set, createdAtMs: endOf(set.request, target.name, reader), good: null }
        case 'backups':
          return { ...set, good: judge === null ? null : await judge(set, mainPath) }
        case 'broken':
        case 'presqldump':
          return { ...set, good: null }
      }
    }),
  )
}

/**
 * A safety backup is no older than one that was recorded before it. Where a clock was behind when it was named, the order of the
 * records says what its name does not.
 */
function inRecordedOrder(found: readonly FoundSet[], order: readonly string[], nowMs: number): FoundSet[] {
  const named = new Map(found.filter(({ kind }) => kind === 'safety').map((set) => [set.name, set]))
  const times = new Map<FoundSet, number>()
  let newestMs = -Infinity
  for (const name of order) {
    const set = named.get(name)
    if (set?.createdAtMs == null || isFuture(set.createdAtMs, nowMs)) continue
    newestMs = Math.max(set.createdAtMs, newestMs + 1)
    times.set(set, newestMs)
  }
  return found.map((set) => ({ ...set, createdAtMs: times.get(set) ?? set.createdAtMs }))
}

/** A recorded one was proven when it was made; a byte copy of what SQLite could not read never was. */
function safetyGood({ whole, files }: Omit<FoundSet, 'mainPath'>, recorded: boolean): boolean | null {
  const raw = files.some(({ name, sizeBytes }) => /-(wal|journal)$/.test(name) && sizeBytes > 0)
  const empty = (files[0]?.sizeBytes ?? 0) === 0
  if (!whole || raw || empty) return false
  return recorded ? true : null
}

/** A displaced original has no time in its name: it is as old as the end of its request. */
function endOf(request: string | null, target: string, reader: StateReader): number | null {
  const stored = request === null ? undefined : reader.request(request)
  const ended = stored?.spec.target === target ? stored.terminalAt : null
  return ended === null ? null : Date.parse(ended)
}

/** By the last verification of these very bytes; where there was none, by what a listing knows against the set. */
async function backupJudge(target: Target, reader: StateReader) {
  const verified = new Map(reader.upkeep.verifications(target.name).map((record) => [record.backupId, record]))
  const { sets } = await scanBackups(target, [])
  const flawed = new Set(sets.filter(({ problems }) => problems.length > 0).map(({ id }) => id))
  // A part of it is gone: good only where a restore or a drill has proven it.
  const unproven = new Set(sets.filter(({ absorbed }) => absorbed != null).map(({ id }) => id))
  return async ({ name, files }: Omit<FoundSet, 'mainPath'>, mainPath: string): Promise<boolean | null> => {
    if (flawed.has(name)) return false
    const record = verified.get(name)
    if (record === undefined) return unproven.has(name) ? false : null
    const wal = files.some((file) => file.name === `${basename(mainPath)}-wal`) ? `${mainPath}-wal` : null
    return (await isOf(record.identity, mainPath, wal)) ? record.passed : unproven.has(name) ? false : null
  }
}

async function spaceOf({ name, backups }: Target): Promise<Space> {
  const [{ dev }, { bavail, bsize }] = await Promise.all([stat(backups.path, { bigint: true }), statfs(backups.path)])
  return { target: name, dev: String(dev), availableBytes: bavail * bsize }
}

/** What a plan frees, by kind. */
export function freedBytes({ decisions }: Pick<PrunePlan, 'decisions'>): ReadonlyMap<PruneKind, number> {
  const freed = new Map<PruneKind, number>()
  for (const { act, set } of decisions) {
    if (act === 'delete') freed.set(set.kind, (freed.get(set.kind) ?? 0) + sizeOfSet(set))
  }
  return freed
}

/** The checksum file, which comes last in an identity, is no part of what is deleted or kept. */
async function isOf(identity: string, mainPath: string, wal: string | null): Promise<boolean> {
  return identity.startsWith(`${await setIdentity([mainPath, wal])} `)
}
