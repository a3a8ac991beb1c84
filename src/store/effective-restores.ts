/**
 * Which restores took effect on a target, in the order of the store itself, and where each one's predecessor is. Derived
 * from the outcomes, whose row number grows with each of them, and from the notes of their requests: no clock and no
 * file name has a say.
 */

import type { Phase } from '../domain/phases.ts'
import type { IdentityNote } from '../domain/work.ts'
import type { StateReader } from './reader.ts'
import type { OutcomeRecord, StoredRequest } from './rows.ts'

/** A file that holds the database which a restore has replaced. */
export interface KeptFile {
  /** `broken` and `displaced` lie beside the database. */
  readonly kind: 'safety' | 'broken' | 'displaced'
  readonly name: string
  readonly path: string
  /** Side files that belong to it, for a database that SQLite could not make one file of. */
  readonly wal: string | null
  readonly journal: string | null
  /** Recorded when it was proven; null where it never was. */
  readonly sha256: string | null
  /** Of the replaced database as it was put aside; null for a copy. */
  readonly identity: IdentityNote | null
  /** When the restore that kept it ended. */
  readonly putAsideAtMs: number
}

export interface EffectiveRestore {
  readonly request: string
  readonly uid: string
  /** When it ended, RFC 3339. */
  readonly endedAt: string
  readonly backupId: string
  /** The database's real path. */
  readonly database: string
  /** The file that it put in place. */
  readonly restored: IdentityNote | null
  /** False: its rollback failed, and nobody can say what the database holds since. */
  readonly certain: boolean
  /** False: there was no database to replace. */
  readonly replacedOne: boolean
  readonly waivedSafetyBackup: boolean
  /** Where what it replaced may be, the best first. The files may be gone by now. */
  readonly kept: readonly KeptFile[]
}

export interface RestoreHistory {
  /** Oldest first. */
  readonly effective: readonly EffectiveRestore[]
  /** Restores that ended later than the last effective one and changed nothing, oldest first. */
  readonly ineffective: readonly OutcomeRecord[]
}

/** What restores did to the database of a target; drills, dry runs and refused requests are no part of it. */
export function restoreHistory(reader: Pick<StateReader, 'outcomesAfter' | 'request'>, target: string): RestoreHistory {
  const effective: EffectiveRestore[] = []
  let ineffective: OutcomeRecord[] = []
  for (const outcome of reader.outcomesAfter(0)) {
    if (outcome.target !== target || outcome.mode !== 'Restore') continue
    const request = reader.request(outcome.request)
    const known = request?.uid === outcome.uid && request.generation === outcome.generation
    const restore = known ? effectOf(request, outcome) : null
    if (restore === null) ineffective.push(outcome)
    else {
      effective.push(restore)
      ineffective = []
    }
  }
  return { effective, ineffective: ineffective.filter(({ result }) => changedNothing(result as Phase)) }
}

/** Those that had begun: a request that was refused or called off surprises nobody by not having taken effect. */
function changedNothing(result: Phase): boolean {
  return result === 'RolledBack' || result === 'Failed'
}

function effectOf(request: StoredRequest, { result, at }: OutcomeRecord): EffectiveRestore | null {
  const { work, spec, status } = request
  const left = status.conditions.some((condition) => condition.type === 'RolledBack' && condition.status === 'False')
  const took = result === 'Succeeded' || result === 'RollbackFailed' || (result === 'Failed' && left)
  if (!took || work.database === undefined) return null
  return {
    request: request.name,
    uid: request.uid,
    endedAt: at,
    backupId: work.backup?.id ?? 'unknown',
    database: work.database,
    restored: work.staged?.identity ?? null,
    certain: result !== 'RollbackFailed',
    replacedOne: work.current?.exists ?? true,
    waivedSafetyBackup: !spec.backupCurrent,
    kept: keptBy(request, result === 'RollbackFailed', Date.parse(at)),
  }
}

/**
 * The proven safety backup first; then the replaced database itself, under the names that it can have been given. What a
 * rollback has put aside as `.broken.` is the restored database, and no predecessor of anything.
 */
function keptBy({ work, status }: StoredRequest, rollbackFailed: boolean, putAsideAtMs: number): readonly KeptFile[] {
  const kept: KeptFile[] = []
  const safety = status.safetyBackup ?? work.safety
  if (safety?.sha256 != null) {
    const { name, path, sha256, raw } = safety
    const sides = raw ? { wal: `${path}-wal`, journal: `${path}-journal` } : { wal: null, journal: null }
    kept.push({ kind: 'safety', name, path, sha256, identity: null, putAsideAtMs, ...sides })
  }
  const [main, ...sides] = work.swap?.displaced ?? []
  if (main === undefined) return kept
  const side = (suffix: string, named: (from: string, to: string) => string): string | null => {
    const found = sides.find(({ from }) => from === `${main.from}${suffix}`)
    return found === undefined ? null : named(found.from, found.to)
  }
  const beside = (kind: 'broken' | 'displaced', named: (from: string, to: string) => string): KeptFile => {
    const path = named(main.from, main.to)
    const name = path.slice(path.lastIndexOf('/') + 1)
    const identity = work.swap?.old ?? null
    const files = { name, path, wal: side('-wal', named), journal: side('-journal', named) }
    return { kind, ...files, sha256: null, identity, putAsideAtMs }
  }
  const { brokenSuffix } = work
  if (brokenSuffix !== undefined && !rollbackFailed)
    kept.push(beside('broken', (from) => `${from}.broken.${brokenSuffix}`))
  kept.push(beside('displaced', (_from, to) => to))
  return kept
}
