/** The database as it is now: what the restore will replace, and whether SQLite can still read it. */

import { lstat, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { codeOf, RestoreError } from '../../domain/errors.ts'
import type { CurrentNote } from '../../domain/work.ts'
import { identityOf } from '../../database/place.ts'
import type { PhaseContext } from '../context.ts'
import { QUICK_MS } from '../deadlines.ts'
import { unlessItDiesTwice } from '../dies-twice.ts'

/** Bits of a new database where there was none to copy them from: the owner writes, nobody else. */
const NEW_FILE_MODE = 0o640

export async function examineCurrent(context: PhaseContext, database: string): Promise<CurrentNote> {
  const identity = await identityOf(database)
  if (identity === null) {
    const folder = await stat(dirname(database))
    return { ...blank(), exists: false, uid: folder.uid, gid: folder.gid, mode: NEW_FILE_MODE }
  }
  const { uid, gid, mode } = await lstat(database)
  const walSize = (await identityOf(`${database}-wal`))?.sizeBytes ?? 0
  const found = { ...blank(), exists: true, sizeBytes: identity.sizeBytes + walSize, uid, gid, mode: mode & 0o7777 }
  try {
    const options = { deadlineMs: QUICK_MS, signal: context.signal }
    const inspection = await unlessItDiesTwice(() => context.deps.database.inspect(database, options))
    return { ...found, tables: inspection.tables }
  } catch (error) {
    return { ...found, ...damageOf(context, error) }
  }
}

function blank(): CurrentNote {
  return { exists: true, damaged: false, damage: null, sizeBytes: 0, uid: 0, gid: 0, mode: 0, tables: [] }
}

/** A request that carries this annotation with the value "true" says that nobody can read the present database. */
const OVERRIDE = 'modosu.dev/replace-unreadable'

/** To us it looks like noise; to its application, which has the key, it may be whole. */
function whatMayBeEncrypted(
  { request }: PhaseContext,
  { message }: RestoreError,
): Pick<CurrentNote, 'damaged' | 'damage'> {
  if (request.annotations[OVERRIDE] === 'true') return { damaged: true, damage: message }
  throw new RestoreError(`the present database cannot be read: ${message}`, {
    reason: 'DatabaseEncrypted',
    hint:
      'an encrypted database is not restored by this program; where it is wreckage all the same, submit the request ' +
      `with the annotation ${OVERRIDE}: "true": its files are kept`,
  })
}

/** A wrecked database is why we are here: it is no obstacle. Anything else that went wrong is. */
function damageOf(context: PhaseContext, error: unknown): Pick<CurrentNote, 'damaged' | 'damage'> {
  if (error instanceof RestoreError) {
    if (error.reason === 'NeedsRecovery') return { damaged: false, damage: null }
    if (error.reason === 'DatabaseEncrypted') return whatMayBeEncrypted(context, error)
    const wrecked = ['DatabaseCorrupt', 'NotADatabase', 'Unverifiable', 'CheckTimedOut']
    if (wrecked.includes(error.reason)) return { damaged: true, damage: error.message }
  }
  if (codeOf(error) === 'ENOENT') return { damaged: true, damage: 'the database vanished while it was looked at' }
  throw error
}
