/** Disk space before anything is written: twice the database, and what the restore itself needs (manual 2.4, 10-7; R24). */

import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

import { RestoreError } from '../../domain/errors.ts'
import { humanSize } from '../../domain/size.ts'
import type { BackupNote, CurrentNote } from '../../domain/work.ts'
import type { PhaseContext } from '../context.ts'

interface Demand {
  readonly path: string
  readonly bytes: number
}

/**
 * One file system must have twice the larger of database and backup; where the safety backups lie on another one, each
 * needs its own share.
 *
 * @throws RestoreError `InsufficientSpace`, with both numbers.
 */
export async function requireSpace(
  context: PhaseContext,
  database: string,
  backup: BackupNote,
  current: CurrentNote,
): Promise<void> {
  const { backupCurrent } = context.request.spec
  const wanted = { backupCurrent, database, backups: context.target.backups.path }
  for (const { path, bytes } of await demandsOf(wanted, backup.sizeBytes, current.exists ? current.sizeBytes : null)) {
    await requireBytes(context, { path, bytes })
  }
}

/** @throws RestoreError `InsufficientSpace`, with both numbers. */
export async function requireBytes({ target, request }: PhaseContext, { path, bytes }: Demand): Promise<void> {
  const available = await availableBytes(path)
  if (available >= bytes) return
  const sizes = `${humanSize(available)} free, ${humanSize(bytes)} needed, ${humanSize(bytes - available)} short`
  throw new RestoreError(`not enough space on the file system of ${path}: ${sizes}`, {
    reason: 'InsufficientSpace',
    hint: `what uses the space, and whether pruning would free any: modosu disk --target ${target.name}; then modosu retry ${request.name}`,
  })
}

/**
 * What a restore needs on each file system.
 *
 * @param currentBytes of the database; null: there is none.
 */
export async function demandsOf(
  { backupCurrent, database, backups }: { backupCurrent: boolean; database: string; backups: string },
  backupBytes: number,
  currentBytes: number | null,
): Promise<Demand[]> {
  const folder = dirname(database)
  if (!backupCurrent || currentBytes === null) return [{ path: folder, bytes: backupBytes }]
  const share = Math.max(currentBytes, backupBytes)
  const [here, there] = await Promise.all([stat(folder), stat(backups)])
  if (here.dev === there.dev) return [{ path: folder, bytes: 2 * share }]
  return [
    { path: folder, bytes: share },
    { path: backups, bytes: currentBytes },
  ]
}

/** Bytes that an ordinary user may still write. */
export async function availableBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}
