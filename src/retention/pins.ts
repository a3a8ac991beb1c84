/**
 * What requests still need (manual Q2): everything that one that is not finished could read or put back, what one that
 * ended L2 or L3 would need until somebody has acknowledged it, and what the last restore of each target has replaced. In
 * doubt a file is needed, and by its path as well as by its name: targets may share a directory. Pure.
 */

import { basename, dirname, join } from 'node:path'

import { splitMemberName } from '../catalog/file-name.ts'
import { canonicalBackupId, parseBackupId } from '../domain/backup-id.ts'
import { isTerminal } from '../domain/phases.ts'
import type { LatestSource } from '../domain/resource.ts'
import type { PrunableSet } from '../domain/retention.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Pin } from './policy.ts'

/** A name's digits are whole seconds, a request's time is not. */
const ROUNDING_MS = 1000

interface Claimant {
  readonly pin: Pin
  readonly target: string
  readonly name: string
  readonly createdAtMs: number
  /** Backups that it may choose from: `source.latest`, or an id that only the application's catalog can resolve. */
  readonly choices: readonly LatestSource[]
}

/** What is needed besides what the requests say themselves. */
export interface Surroundings {
  /** Targets that keep their files in the directory of the given one. */
  readonly sharedWith: (target: string) => readonly string[]
  /** By its real path: the file that holds what the last restore of a target has replaced. */
  readonly predecessors: ReadonlyMap<string, Pin>
}

const ALONE: Surroundings = { sharedWith: () => [], predecessors: new Map() }

export class PinIndex {
  /** By target and file name without suffix, and by path: safety backups and backups that a request names. */
  readonly #named = new Map<string, Pin>()
  readonly #claimants: Claimant[] = []
  readonly #letGo = new Set<string>()
  readonly #surroundings: Surroundings

  constructor(requests: readonly StoredRequest[], surroundings: Surroundings = ALONE) {
    this.#surroundings = surroundings
    for (const request of requests) {
      const why = whyPinned(request)
      if (why !== null) this.#claim(request, { request: request.name, why })
      else if (isLetGo(request)) this.#letGo.add(request.name)
    }
  }

  pinOf(set: PrunableSet): Pin | null {
    return this.#pinOfFile(set) ?? this.#pinOfKind(set)
  }

  #pinOfFile(set: PrunableSet): Pin | null {
    const [main] = set.files
    const needed = this.#named.get(key(set.target, baseOf(set))) ?? this.#named.get(join(set.folder, baseOf(set)))
    return needed ?? this.#surroundings.predecessors.get(join(set.folder, main?.name ?? set.name)) ?? null
  }

  #pinOfKind(set: PrunableSet): Pin | null {
    switch (set.kind) {
      case 'safety':
        return null
      case 'backups':
        return this.#chosen(set)
      case 'displaced':
        return this.#of(set)?.find(({ name }) => name === set.request)?.pin ?? null
      case 'broken':
      case 'presqldump':
        return this.#of(set)?.find(({ createdAtMs }) => (set.createdAtMs ?? 0) + ROUNDING_MS > createdAtMs)?.pin ?? null
    }
  }

  /** Whether the request that made this safety backup succeeded and was acknowledged, or came to nothing. */
  isAcknowledged({ request }: PrunableSet): boolean {
    return request !== null && this.#letGo.has(request)
  }

  #claim(request: StoredRequest, pin: Pin): void {
    const { spec, work, status, name, createdAt } = request
    const choices: LatestSource[] = []
    const { backupId, latest, file, sqlDump, safetyBackup } = spec.source
    if (latest !== undefined) choices.push(latest)
    if (backupId !== undefined) {
      const id = parseBackupId(backupId)
      this.#named.set(key(spec.target, canonicalBackupId(backupId)), pin)
      if (work.backup === undefined) choices.push(id === undefined ? {} : { types: [id.type] })
    }
    const files = [file?.path, sqlDump?.path, safetyBackup?.name, work.safety?.name, status.safetyBackup?.name]
    const paths = [work.backup?.db, work.safety?.path, status.safetyBackup?.path].filter((path) => path !== undefined)
    for (const path of [...files, ...paths]) {
      if (path === undefined) continue
      for (const target of [spec.target, ...this.#surroundings.sharedWith(spec.target)]) {
        this.#named.set(key(target, baseName(path)), pin)
      }
    }
    for (const path of paths) this.#named.set(join(dirname(path), baseName(path)), pin)
    this.#claimants.push({ pin, target: spec.target, name, createdAtMs: Date.parse(createdAt), choices })
  }

  #chosen(set: PrunableSet): Pin | null {
    const byId = this.#named.get(key(set.target, set.name))
    if (byId !== undefined) return byId
    const { type, createdAtMs } = set
    const claimant = this.#of(set)?.find(({ choices }) =>
      choices.some(
        ({ types, before }) =>
          (types === undefined || type === null || types.includes(type)) &&
          (before === undefined || (createdAtMs ?? 0) < Date.parse(before)),
      ),
    )
    return claimant?.pin ?? null
  }

  #of(set: PrunableSet): readonly Claimant[] | undefined {
    const own = this.#claimants.filter(({ target }) => target === set.target)
    return own.length === 0 ? undefined : own
  }
}

function whyPinned({ name, phase, status, spec }: StoredRequest): string | null {
  if (!isTerminal(phase)) {
    const what = spec.mode === 'Drill' ? 'the drill' : 'the request'
    return `${what} ${name} needs it (${phase})`
  }
  const { escalation } = status
  if (escalation === undefined || escalation.level === 'L1' || escalation.acknowledged) return null
  return `the request ${name} ended ${phase} (${escalation.level}) and is not acknowledged: modosu ack ${name}`
}

/** An outcome without a level changed nothing and needs nobody. */
function isLetGo({ status }: StoredRequest): boolean {
  return status.escalation?.acknowledged ?? true
}

function key(target: string, name: string): string {
  return `${target}\0${name}`
}

/** Of a set whose main file has the suffix of a database. */
function baseOf({ files }: PrunableSet): string {
  return baseName(files[0]?.name ?? '')
}

/** `.restore_safety_X.db.partial` and `daily/x.db` alike: the name that every file of the set shares. */
function baseName(path: string): string {
  const name = basename(path)
    .replace(/^\./, '')
    .replace(/\.db\.partial.*$/, '.db')
  return splitMemberName(name)?.base ?? name
}
