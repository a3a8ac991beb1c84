/** What the manual's calls work with, and the one question that each of them asks first: which target is meant. */

import type { BackupSet } from '../../catalog/contract.ts'
import { findBackup } from '../../catalog/resolve.ts'
import type { Commands } from '../../controller/commands-contract.ts'
import type { Clock } from '../../domain/clock.ts'
import { RestoreError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import type { BackupIndex } from '../backup-index.ts'
import type { BackupVerifier } from '../backup-verification.ts'
import { mayAct, requireRole, type Caller, type Role } from '../caller.ts'
import type { VersionInfo } from '../protocol.ts'
import type { RequestFeed } from '../request-feed.ts'

export interface ManualDoor {
  readonly commands: Commands
  readonly reader: StateReader
  readonly targets: () => readonly Target[]
  readonly backups: BackupIndex
  readonly feed: RequestFeed
  readonly verifier?: BackupVerifier
  readonly clock: Clock
  readonly version: VersionInfo
  /** What is not well, a sentence each; empty: ready. */
  readonly notReady: () => Promise<readonly string[]>
  readonly log: Log
}

export interface BackupParams {
  readonly Params: { readonly id: string }
  readonly Querystring: { readonly target?: string }
}

/**
 * The targets that a call is about: the named one, or all that the caller may see.
 *
 * @throws Forbidden where the caller has the role on none of them, whether they exist or not.
 */
export function targetsFor(
  { targets }: Pick<ManualDoor, 'targets'>,
  caller: Caller,
  role: Role,
  name: string | undefined,
): readonly Target[] {
  const named = targets().filter((target) => name === undefined || target.name === name)
  const open = named.filter((target) => mayAct(caller, role, target.name))
  if (open.length === 0) requireRole(caller, role, named[0]?.name)
  if (named.length === 0) throw noSuchTarget(name)
  return open
}

function noSuchTarget(name: string | undefined): RestoreError {
  return new RestoreError(`unknown target: ${name ?? 'none is configured'}`, {
    reason: 'TargetNotFound',
    hint: 'modosu get targets',
  })
}

export interface Found {
  readonly target: Target
  readonly set: BackupSet
}

/**
 * The backup that the call names, in either spelling of its id, among the targets that the caller may see.
 *
 * @throws Forbidden; RestoreError `BackupNotFound`, `BackupAmbiguous`, `BackupDirectoryUnreadable`.
 */
export async function backupFor(
  door: Pick<ManualDoor, 'targets' | 'backups'>,
  caller: Caller,
  role: Role,
  { id, target: targetName }: { readonly id: string; readonly target: string | undefined },
): Promise<Found> {
  const found: Found[] = []
  let missing: unknown
  for (const target of targetsFor(door, caller, role, targetName)) {
    try {
      found.push({ target, set: findBackup(await door.backups.list(target), id) })
    } catch (error) {
      if (!(error instanceof RestoreError) || error.reason !== 'BackupNotFound') throw error
      missing ??= error
    }
  }
  const [only, ...others] = found
  if (only === undefined) throw missing
  if (others.length > 0) throw ambiguous(id, found)
  return only
}

export function ambiguous(id: string, found: readonly { readonly target: Target }[]): RestoreError {
  const names = found.map(({ target }) => target.name)
  return new RestoreError(`backup id ${id} names a backup of each of ${names.join(', ')}`, {
    reason: 'Conflict',
    hint: `name the target: ?target=${names[0] ?? ''}`,
  })
}
