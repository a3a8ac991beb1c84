/**
 * Whether the file systems of a target are there. After a boot they may be mounted later than the daemon starts: an empty
 * mount point looks like a directory from which everything was deleted, and no verdict may rest on that.
 */

import { dirname } from 'node:path'

import { displacedPath, identityOf, rollbackStagedPath, sameFile } from '../database/place.ts'
import { shellWord } from '../domain/shell-word.ts'
import { MODE_RULES } from './modes/table.ts'
import { waitFor, type Outcome, type PhaseContext } from './context.ts'

const LOOK_MS = 5000

type Looked = Pick<PhaseContext, 'work' | 'request' | 'target'>
type Wait = Extract<Outcome, { kind: 'wait' }>

/** What a request waits for before it has begun: the directories that its target names. null: they are there. */
export async function awayBeforeStart({ target, request }: Looked): Promise<Wait | null> {
  for (const folder of [...MODE_RULES[request.spec.mode].folders(target), target.backups.path]) {
    if ((await identityOf(folder).catch(() => null)) === null) return unavailable(folder, 'does not exist')
  }
  return null
}

/**
 * What a restore waits for that is under way: the directory of its database, if it is missing, or if it is not the one that
 * was noted and holds no file of this restore. null: it is there, whatever lies in it.
 */
export async function awayUnderWay({ work, request }: Looked): Promise<Wait | null> {
  const { database } = work
  if (database === undefined || request.spec.mode !== 'Restore') return null
  const folder = dirname(database)
  const found = await identityOf(folder).catch(() => null)
  if (found === null) return unavailable(folder, 'does not exist')
  if (work.folder !== undefined ? sameFile(found, work.folder) : work.current?.exists !== true)
    return awayToRollBack(work)
  const known = [work.swap?.old ?? null, work.staged?.identity ?? null, work.staged?.made ?? null]
  for (const path of namesOf(database, request.name, work)) {
    const file = await identityOf(path)
    if (file === null) continue
    if (work.folder === undefined || known.some((each) => sameFile(file, each))) return awayToRollBack(work)
  }
  return unavailable(folder, 'is not the directory that this restore began in, and holds none of its files')
}

/** Where only the safety backup is left to go back to, its directory has to be there. */
async function awayToRollBack({ failure, safety, swap }: PhaseContext['work']): Promise<Wait | null> {
  const original = swap?.displaced[0]?.to
  if (failure === undefined || safety?.sha256 == null || original === undefined) return null
  if ((await identityOf(original)) !== null) return null
  const folder = dirname(safety.path)
  return (await identityOf(folder).catch(() => null)) === null ? unavailable(folder, 'does not exist') : null
}

function namesOf(database: string, request: string, { staged, brokenSuffix }: PhaseContext['work']): string[] {
  return [
    database,
    displacedPath(database, request),
    rollbackStagedPath(database, request),
    ...(staged === undefined ? [] : [staged.path]),
    ...(brokenSuffix === undefined ? [] : [`${database}.broken.${brokenSuffix}`]),
  ]
}

function unavailable(folder: string, why: string): Wait {
  const hint = `mount its file system: findmnt -T ${shellWord(folder)}; the restore goes on by itself once it is there`
  const wait = waitFor('TargetUnavailable', `${folder} ${why}: waiting for its file system`, LOOK_MS, {
    status: { hint },
  })
  return wait as Wait
}
