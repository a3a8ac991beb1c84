/**
 * What requests still need (manual Q2): everything that one that is not finished could read or put back, and what one that
 * ended L2 or L3 would need until somebody has acknowledged it. In doubt a file is needed. Pure.
 */

import { basename } from 'node:path'

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

export class PinIndex {
  /** By target and file name without suffix: safety backups and backups that a request names. */
  readonly #named = new Map<string, Pin>()
  readonly #claimants: Claimant[] = []
  readonly #letGo = new Set<string>()

  constructor(requests: readonly StoredRequest[]) {
    for (const request of requests) {
      const why = whyPinned(request)
      if (why !== null) this.#claim(request, { request: request.name, why })
      else if (isLetGo(request)) this.#letGo.add(request.name)
    }
  }

  pinOf(set: PrunableSet): Pin | null {
    switch (set.kind) {
      case 'safety':
        return this.#named.get(key(set.target, baseOf(set))) ?? null
      case 'backups':
        return this.#named.get(key(set.target, baseOf(set))) ?? this.#chosen(set)
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
    for (const path of [...files, work.backup?.db, work.safety?.path]) {
      if (path !== undefined) this.#named.set(key(spec.target, baseName(path)), pin)
    }
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
