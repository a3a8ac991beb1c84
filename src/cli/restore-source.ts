/** What `modosu restore` is told to restore, and the set that it means. */

import type { BackupSet } from '../catalog/contract.ts'
import { findBackup, latestCandidates, requireRestorable, resolveFile } from '../catalog/resolve.ts'
import { resolveSafetyBackup } from '../catalog/safety-backups.ts'
import { resolveKept, type KeptSet } from '../controller/kept.ts'
import { toRfc3339 } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import { ERRORS } from '../domain/messages.ts'
import type { BackupType, LatestSource, Source } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import type { StateReader } from '../store/reader.ts'
import type { CliContext } from './context.ts'
import { plainName } from './reference.ts'
import { printable } from './printable.ts'
import { backupListing, verifications } from './resources/backups.ts'

export interface SourceOptions {
  readonly latest?: boolean
  readonly type?: readonly BackupType[]
  readonly before?: string
}

/**
 * From the command line to `spec.source`: a backup's id, a safety backup's name, the path of a `.db` or `.sql.gz` file in
 * the backup directory, or `--latest`.
 *
 * @throws RestoreError `UsageError`.
 */
export function sourceOf(backup: string | undefined, { latest, type, before }: SourceOptions): Source {
  if ((backup === undefined) === (latest !== true)) {
    throw usage('name one backup, or say --latest', 'list them: modosu get backups')
  }
  if (backup === undefined) return { latest: latestOf(type, before) }
  if (type !== undefined || before !== undefined) throw usage('--type and --before go with --latest alone')
  const name = plainName(backup)
  if (/^restore_safety_[^/]*\.db$/.test(name)) return { safetyBackup: { name } }
  if (name.endsWith('.sql.gz')) return { sqlDump: { path: name } }
  if (name.endsWith('.db')) return { file: { path: name } }
  return { backupId: name }
}

function latestOf(types: readonly BackupType[] | undefined, before: string | undefined): LatestSource {
  return { ...(types === undefined ? {} : { types }), ...(before === undefined ? {} : { before }) }
}

function usage(message: string, hint?: string): RestoreError {
  return new RestoreError(message, { reason: 'UsageError', ...(hint === undefined ? {} : { hint }) })
}

/**
 * The set that would be restored, for the warning. The daemon judges again, and alone decides.
 *
 * @returns undefined where this process may not read the backup directory.
 * @throws RestoreError `BackupNotFound`, or the first reason for which the set cannot be restored.
 */
export async function setOf(context: CliContext, target: Target, source: Source): Promise<BackupSet | undefined> {
  try {
    return await lookUp(context, target, source)
  } catch (error) {
    if (!(error instanceof RestoreError) || error.reason !== 'BackupDirectoryUnreadable') throw error
    context.output.warning(`${error.message}; the daemon looks for itself`)
    return undefined
  }
}

/**
 * What was agreed to. A person who was asked agreed to one backup, and is asked again before another takes its place; who
 * said yes to all has older ones step in, but none that was made after the question.
 */
export function agreedSource(source: Source, set: BackupSet | undefined, asked: boolean): Source {
  if (source.latest === undefined || set === undefined) return source
  if (asked) return { backupId: set.id }
  return { latest: { ...source.latest, before: toRfc3339(set.createdAtMs + 1) } }
}

async function lookUp(context: CliContext, target: Target, source: Source): Promise<BackupSet> {
  const { backupId, safetyBackup, file, sqlDump, latest } = source
  if (safetyBackup !== undefined) {
    const { set, warning } = await keptSet(context, target, safetyBackup.name)
    if (warning !== null) context.output.warning(warning)
    return requireRestorable(set)
  }
  if (file !== undefined) return requireRestorable(await resolveFile(target, file.path))
  if (sqlDump !== undefined) return resolveFile(target, sqlDump.path)
  const listing = await backupListing(context, target)
  if (backupId !== undefined) return requireRestorable(findBackup(listing, backupId))
  const candidates = latestCandidates(listing, latest ?? {}, context.clock.nowMs())
  const verdicts = await verifications(context, target, candidates)
  for (const candidate of candidates) {
    const verdict = verdicts.get(candidate.id)
    if (verdict?.passed !== false) return candidate
    context.output.warning(context.sayings.notUsed(candidate.id, printable(verdict.message)))
  }
  throw new RestoreError(ERRORS.backupNotFound('latest'), {
    reason: 'BackupNotFound',
    hint: `none can be restored; why: modosu get backups --target ${target.name}`,
  })
}

/** A kept file by its name, as the daemon would resolve it; by its name alone where there is no state store to ask. */
export async function keptSet(context: CliContext, target: Target, name: string): Promise<KeptSet> {
  const reader = readerIfAny(context)
  if (reader !== null) return resolveKept(reader, target, name)
  return { set: await resolveSafetyBackup(target, name), stated: null, warning: null }
}

/** After the loss of the state store there is none to ask. */
export function readerIfAny(context: CliContext): StateReader | null {
  try {
    return context.reader()
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'NoStateStore') return null
    throw error
  }
}
