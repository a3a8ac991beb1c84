/** A copy of a database for somebody who only looks: whatever is done to find something out is done to the copy. */

import type { FileHandle } from 'node:fs/promises'
import { requireContent } from './connection.ts'
import type { Inspection } from './contract.ts'
import { fingerprint } from './fingerprint.ts'
import { inspect } from './inspect.ts'
import { resolveLinks } from './links.ts'
import { withObserver } from './observer.ts'
import { requireFree } from './partial.ts'
import { identityOf, removeIfPresent, sideFiles } from './place.ts'
import { copyUnwritten, recoveredCopy } from './recover.ts'
import { copyContent, proven } from './safety-copy.ts'

export interface SnapshotRequest {
  readonly database: string
  /** In a directory of the caller's own. */
  readonly to: string
}

/**
 * See `DatabaseOperations.snapshot`. The bytes of the files are copied where nobody writes to them meanwhile: that leaves
 * no trace at all. A database that is being written to is read through SQLite, beside its application.
 *
 * The copy is not synced: nobody relies on it after the next power cut.
 */
export async function snapshot({ database: name, to }: SnapshotRequest): Promise<Inspection> {
  const database = await resolveLinks(name)
  await requireContent(database)
  await requireFree(to)
  const copy = (await quietCopy(database, to)) ?? (await busyCopy(database, to))
  try {
    await proven(database, to)
  } finally {
    await copy.close()
  }
  return inspect({ path: to })
}

async function quietCopy(database: string, to: string): Promise<FileHandle | null> {
  const { racy, text } = await fingerprint({ database })
  return racy ? null : copyUnwritten(database, to, text)
}

async function busyCopy(database: string, to: string): Promise<FileHandle> {
  for (const path of [to, ...sideFiles(to)]) await removeIfPresent(path)
  if (await needsIndex(database)) return recoveredCopy(database, to)
  return copyContent(database, to, withObserver)
}

/** Whether SQLite would have to make a `-shm` to read it: then the bytes are copied, and it makes one beside the copy. */
async function needsIndex(database: string): Promise<boolean> {
  const wal = await identityOf(`${database}-wal`)
  return wal !== null && wal.sizeBytes > 0 && (await identityOf(`${database}-shm`)) === null
}
