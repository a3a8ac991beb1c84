/**
 * The last look before a request starts: whether each file that gives its name is whole, is what was told of, and is being
 * written by nobody. What is edited, removed or contradicted in the meantime decides, not what was read before.
 */

import type { FileVerdict } from '../controller/intake-contract.ts'
import { isValid } from '../manifest/parse.ts'
import { displayName, type EntryKey } from './entry-name.ts'
import type { FileTable, FileTableOptions } from './file-table.ts'
import { identityAt, type Identity } from './look.ts'
import type { SpoolFile } from './spool-file.ts'
import { inodeKey } from './writers.ts'

export interface ConfirmationOptions extends Pick<FileTableOptions, 'elapsedMs' | 'settleMs' | 'lookForWriters'> {
  readonly files: FileTable
  /** The spool directory with every link resolved. */
  readonly directory: string
}

/** A file that arrived with others waits for them so many settles at most: one of them may give its name too. */
const NEIGHBOURS_SETTLES = 4

/** To be asked after a complete scan. Never throws. */
export async function judgeFilesOf(name: string, options: ConfirmationOptions): Promise<FileVerdict> {
  const { files, directory, lookForWriters } = options
  const givers = files.names.giversOf(name).flatMap((key) => files.get(key) ?? [])
  if (givers.length === 0) return changing('no file of the spool holds this request any more')
  const problems = givers.flatMap((file) => problemOf(file, name) ?? [])
  const problem = problems[0] ?? unreadNeighbour(givers, options)
  if (problem !== null) return problem
  const present: { readonly file: SpoolFile; readonly identity: Identity }[] = []
  for (const file of givers) {
    const identity = await identityNow(file.key, directory)
    if (identity === null || identity.text !== file.identity) return changing(`${displayName(file.key)} is changing`)
    present.push({ file, identity })
  }
  const looked = present.map(({ file, identity }) => ({ ...identity, name: displayName(file.key) }))
  const { writers } = await lookForWriters(directory, looked)
  for (const { file, identity } of present) {
    const writer = writers.get(inodeKey(identity))
    if (writer !== undefined) return openForWriting(file.key, writer.pid, writer.command)
    const after = await identityNow(file.key, directory)
    if (after?.text !== identity.text) return changing(`${displayName(file.key)} is changing`)
  }
  return { ready: true }
}

function problemOf(file: SpoolFile, name: string): FileVerdict | null {
  const shown = displayName(file.key)
  const { unsettled } = file
  if (unsettled !== null && unsettled.writer !== null)
    return openForWriting(file.key, unsettled.writer.pid, unsettled.writer.command)
  if (unsettled !== null || file.identity === null) return changing(`${shown} is changing`)
  const own = file.documents.filter((document) => document.name === name)
  if (own.length > 0 && own.every(isValid)) return null
  const message = `${shown} holds no valid request of this name now: mend it, or remove it to cancel`
  return { ready: false, reason: 'InvalidSpec', message }
}

function unreadNeighbour(givers: readonly SpoolFile[], options: ConfirmationOptions): FileVerdict | null {
  const { files, elapsedMs, settleMs } = options
  const sinceMs = Math.max(...givers.map(({ carriedAtMs }) => carriedAtMs))
  if (elapsedMs() - sinceMs > NEIGHBOURS_SETTLES * settleMs) return null
  const young = files.keysWhere(({ unsettled }) => unsettled !== null && unsettled.writer === null)[0]
  return young === undefined ? null : changing(`${displayName(young)} arrived too and is not read yet`)
}

async function identityNow(key: EntryKey, directory: string): Promise<Identity | null> {
  try {
    return await identityAt(key, directory)
  } catch {
    return null
  }
}

function openForWriting(key: EntryKey, pid: number, command: string): FileVerdict {
  return changing(`${displayName(key)} is open for writing by process ${pid} (${command})`)
}

function changing(message: string): FileVerdict {
  return { ready: false, reason: 'FileChanging', message }
}
