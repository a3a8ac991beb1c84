/**
 * Which restore an undo takes back, and from which file. The state store knows both; the names of files decide nothing. An
 * undo is a restore that takes effect too: the next one takes back the undo, as `kubectl rollout undo` does (decision 0047).
 */

import { lstatSync, realpathSync } from 'node:fs'

import { codeOf, RestoreError } from '../domain/errors.ts'
import type { Target } from '../domain/target.ts'
import { identityOf, sameFile, unchanged } from '../database/place.ts'
import { restoreHistory, type EffectiveRestore, type KeptFile } from '../store/effective-restores.ts'
import type { StateReader } from '../store/reader.ts'
import type { OutcomeRecord } from '../store/rows.ts'

/** Names the restore that a rollback takes back; the preflight asks whether it still is the newest one. */
export const UNDOES = 'modosu.dev/undoes'

export interface Undo {
  readonly restore: EffectiveRestore
  /** Later restores that never took effect, oldest first. */
  readonly ineffective: readonly OutcomeRecord[]
  readonly file: KeptFile
  readonly sizeBytes: number
  /** Somebody else has put another file in the place of the restored one since. */
  readonly replacedSince: boolean
}

type Reader = Pick<StateReader, 'outcomesAfter' | 'request' | 'running'>

/**
 * The newest restore of the target that took effect, and the file that holds what it replaced.
 *
 * @returns null where the state store knows of no restore of this database.
 * @throws RestoreError `RestoreRunning`, `NothingKept`, `PredecessorGone`, `PredecessorChanged`.
 */
export async function chooseUndo(reader: Reader, target: Target): Promise<Undo | null> {
  const running = reader.running(target.name)
  if (running !== undefined) throw stillRunning(target, running.name)
  const { effective, ineffective } = restoreHistory(reader, target.name)
  const restore = effective.at(-1)
  if (restore === undefined) return null
  requireSameDatabase(target, restore)
  const file = await requireKept(target, restore)
  const present = await identityOf(restore.database)
  const replacedSince = restore.certain && restore.restored !== null && !sameFile(present, restore.restored)
  return { restore, ineffective, file, sizeBytes: (await identityOf(file.path))?.sizeBytes ?? 0, replacedSince }
}

/**
 * Asked when the target is this request's own: another restore may have taken effect since the undo was asked for.
 *
 * @throws RestoreError `UndoOutdated`.
 */
export function requireStillNewest(reader: Reader, target: Target, undoes: string): void {
  const newest = restoreHistory(reader, target.name).effective.at(-1)
  if (newest?.request === undoes) return
  const now = newest === undefined ? 'no restore of it is known now' : `the last one is ${newest.request} now`
  throw new RestoreError(`${undoes} is no longer the last restore of ${target.name} that took effect: ${now}`, {
    reason: 'UndoOutdated',
    hint: `look what happened: modosu get requests; then: modosu rollback --target ${target.name}`,
  })
}

/** What the history of the target's restores says of a file that one of them kept, by its name; undefined for any other. */
export function recordedFile(reader: Reader, target: Target, name: string): KeptFile | undefined {
  const files = restoreHistory(reader, target.name).effective.flatMap(({ kept }) => kept)
  return files.findLast((file) => file.name === name)
}

/** @throws RestoreError `PredecessorChanged` where the file was written since it was put aside. */
export async function requireAsPutAside(target: Target, { path, identity }: KeptFile): Promise<void> {
  if (identity === null || unchanged(await identityOf(path), identity)) return
  throw new RestoreError(`${path} is not as it was when it was put aside: it was written or replaced since`, {
    reason: 'PredecessorChanged',
    hint: `look at it on a copy with sqlite3; other ways back: modosu get safety --target ${target.name}`,
  })
}

async function requireKept(target: Target, restore: EffectiveRestore): Promise<KeptFile> {
  const there = restore.kept.filter(({ path }) => isRegularFile(path))
  const [best] = there
  const wanted = restore.kept[0]
  if (best !== undefined && (best === wanted || wanted?.kind !== 'safety')) {
    await requireAsPutAside(target, best)
    return best
  }
  if (!restore.replacedOne) throw nothingKept(target, restore, 'there was no database before it')
  if (restore.waivedSafetyBackup) {
    throw nothingKept(
      target,
      restore,
      'it was made without a safety backup, and what it replaced is not there any more',
    )
  }
  const other = best === undefined ? 'nothing else of what it replaced is there' : `what else is there: ${best.path}`
  throw new RestoreError(
    `what ${restore.request} replaced cannot be put back: ${wanted?.path ?? 'its safety backup'} is gone; ${other}`,
    {
      reason: 'PredecessorGone',
      hint:
        best === undefined
          ? `when it was deleted: modosu get audit; ${otherWays(target)}`
          : `modosu rollback --target ${target.name} --to ${best.name}; ${otherWays(target)}`,
    },
  )
}

function isRegularFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** A target that was given another database has other predecessors. */
function requireSameDatabase(target: Target, { request, database }: EffectiveRestore): void {
  const now = realPath(target.database)
  if (now === null || now === database) return
  throw new RestoreError(
    `the last restore of ${target.name}, ${request}, was one of ${database}; the target's database is ${now} now`,
    { reason: 'NothingToUndo', hint: otherWays(target) },
  )
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** @returns the error for a target of which the state store knows no restore. */
export function nothingToUndo(target: Pick<Target, 'name'>): RestoreError {
  return new RestoreError(`the state store knows of no restore of ${target.name} that took effect`, {
    reason: 'NothingToUndo',
    hint: otherWays(target),
  })
}

function nothingKept(target: Target, { request }: EffectiveRestore, why: string): RestoreError {
  return new RestoreError(`what ${request} replaced cannot be put back: ${why}`, {
    reason: 'NothingKept',
    hint: otherWays(target),
  })
}

function stillRunning(target: Target, running: string): RestoreError {
  return new RestoreError(
    `restore ${running} of ${target.name} is running: what can be undone is known when it has ended`,
    {
      reason: 'RestoreRunning',
      hint: `modosu wait ${running}; then: modosu rollback --target ${target.name}`,
    },
  )
}

function otherWays({ name }: Pick<Target, 'name'>): string {
  return (
    `name one yourself: modosu get safety --target ${name}, then modosu rollback --target ${name} --to NAME; ` +
    `or restore a backup (manual 7.3): modosu restore --latest --target ${name}`
  )
}
