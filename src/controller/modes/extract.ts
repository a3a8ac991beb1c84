/**
 * `mode: Extract`: the checked backup becomes one file in the target's folder for extracts. Nothing is stopped, and the
 * database is not even looked at: a backup can be taken out while the disk of the database is dead.
 *
 * The copy is made under a hidden name in that folder, of this request alone. What is left if the process dies:
 * 1. while the copy is made, absorbed or checked: the hidden file. The note names it, and the next start removes it.
 * 2. after the note that announces the final name: the same.
 * 3. after the link: both names of one whole, synced file. The next start removes both, for nobody was told of it yet, and the
 *    request begins again.
 * 4. after the hidden name is gone and before the end is recorded: the final name, and the same.
 * 5. after the end is recorded: the file, for good. Nothing here removes it any more.
 * The name is given by a link, which never takes another file's place.
 */

import { access, constants, lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { codeOf, messageOf, RestoreError } from '../../domain/errors.ts'
import { shellWord } from '../../domain/shell-word.ts'
import { humanSize } from '../../domain/size.ts'
import type { Target } from '../../domain/target.ts'
import type { BackupNote, CurrentNote } from '../../domain/work.ts'
import { deliver, placeTaken, requireDeliverable } from '../../database/delivery.ts'
import { resolveLinks } from '../../database/links.ts'
import { identityOf, removeIfPresent, syncFolderOf, unchanged } from '../../database/place.ts'
import { advanceTo, type PhaseContext } from '../context.ts'
import { requireBytes } from '../preflight/space.ts'
import { required } from '../required.ts'
import type { ModeRules } from './contract.ts'
import { ownedByUsAlone } from './ownership.ts'

/** Of the database nothing is asked. */
const NOT_LOOKED_AT: CurrentNote = {
  exists: false,
  damaged: false,
  damage: null,
  sizeBytes: 0,
  uid: 0,
  gid: 0,
  mode: 0,
  tables: [],
}

export const EXTRACT: ModeRules = {
  operation: 'extract',
  replacesDatabase: false,
  folders: () => [],
  requireConfigured: requireExtracts,
  survey: async (context, backup) => {
    const to = await placeOf(context)
    await requireDeliverable(to, false)
    await requireBytes(context, { path: dirname(to), bytes: await bytesFor(backup) })
    return { database: context.target.database, current: NOT_LOOKED_AT, folder: null }
  },
  staging: async (context) => {
    const folder = dirname(await placeOf(context))
    const { name, uid } = context.request
    // Another daemon with the same requests may share the folder: the name is of this request of this daemon.
    return { staged: join(folder, `.${name}.${uid}.partial`), attributesOf: null, ownership: ownedByUsAlone() }
  },
  conclude: async (context, { sha256, identity }, findings) => {
    const { deps, work } = context
    const { path: made } = required(work, 'staged')
    if (sha256 === null || identity === null) {
      throw new RestoreError(`${made} was not sealed`, { reason: 'InternalError' })
    }
    const to = await placeOf(context)
    context.note({ extract: { path: to, identity } })
    deps.reach('VerifyingBackup.extractNoted')
    await deliver(made, to, identity, false)
    deps.reach('VerifyingBackup.extractPublished')
    const { sizeBytes } = identity
    const { id } = required(work, 'backup')
    return advanceTo(
      'Succeeded',
      'ExtractSucceeded',
      `${id} was extracted to ${to} (${humanSize(sizeBytes)}); it passed every check`,
      { ...findings, status: { extract: { path: to, sha256, sizeBytes } } },
    )
  },
  /** A file that was written to since belongs to somebody by now: it stays. */
  discard: async ({ extract }) => {
    if (extract === undefined) return
    const found = await identityOf(extract.path)
    if (found === null || !unchanged(found, extract.identity)) return
    await removeIfPresent(extract.path)
    await syncFolderOf(extract.path)
  },
}

/** @throws RestoreError `ExtractsNotConfigured`. */
export function requireExtracts({ name, extracts }: Target): string {
  if (extracts !== undefined) return extracts.path
  throw new RestoreError(`the target ${name} has no folder for extracts`, {
    reason: 'ExtractsNotConfigured',
    hint:
      `set extracts.path of the target ${name} in the configuration and reload it; ` +
      'or write the file yourself, without the daemon: modosu extract BACKUP --to FILE',
  })
}

/**
 * The name that the file is going to have. Names of requests are DNS labels and are given once: it needs no escape and does not repeat.
 *
 * @throws RestoreError `ExtractsUnusable`.
 */
async function placeOf({ target, request }: Pick<PhaseContext, 'target' | 'request'>): Promise<string> {
  const path = requireExtracts(target)
  const folder = await folderOf(path)
  const to = join(folder, `${request.name}.db`)
  const taken = placeTaken(to, target)
  if (taken === null) return to
  const why = taken === 'database' ? 'the database lies there' : 'it lies among the backups'
  throw unusable(path, why, 'give extracts.path a directory of its own, and reload the configuration')
}

async function folderOf(path: string): Promise<string> {
  let folder: string
  try {
    folder = await resolveLinks(path)
    if (!(await lstat(folder)).isDirectory())
      throw unusable(path, 'it is no directory', `see what it is: ls -ld ${shellWord(path)}`)
  } catch (error) {
    if (error instanceof RestoreError) throw error
    if (codeOf(error) === 'ENOENT') {
      const hint = `make it, as the user of the daemon: mkdir -m 0700 ${shellWord(path)}; or mount its file system`
      throw unusable(path, 'it does not exist', hint)
    }
    throw unusable(path, messageOf(error), `see the way to it: namei -l ${shellWord(path)}`)
  }
  try {
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unusable(
      path,
      `the daemon cannot write to it (${codeOf(error) ?? messageOf(error)})`,
      `correct its owner, mode or mount, and list it in ReadWritePaths= of the unit: ls -ld ${shellWord(path)}`,
    )
  }
  return folder
}

function unusable(path: string, why: string, hint: string): RestoreError {
  return new RestoreError(`no file can be extracted into ${path}: ${why}`, { reason: 'ExtractsUnusable', hint })
}

/** While a `-wal` is taken in, its content lies there twice. */
async function bytesFor({ sizeBytes, wal }: BackupNote): Promise<number> {
  const walBytes = wal === null ? 0 : ((await identityOf(wal))?.sizeBytes ?? 0)
  return sizeBytes + walBytes
}
