/**
 * One look at one entry of the spool: is it there, is it quiet, may it be read, and what does it hold. Never blocks on
 * a FIFO or a device, and never follows a link out of the spool. Whether somebody is still writing what it read is the
 * question of whole.ts.
 */

import { constants, type BigIntStats } from 'node:fs'
import { lstat, open, realpath, type FileHandle } from 'node:fs/promises'
import { sep } from 'node:path'
import { codeOf, messageOf } from '../domain/errors.ts'
import { tooLarge } from '../manifest/decode.ts'
import { MAX_FILE_BYTES } from '../manifest/parse.ts'
import { fileProblem, type ManifestProblem } from '../manifest/problem.ts'
import { bytesOf, isPlain, type EntryKey } from './entry-name.ts'
import type { Writer } from './writers.ts'

export interface Identity {
  /** Device, inode, size, times, and where a link leads: equal means the same content, once the file is quiet. */
  readonly text: string
  /** Of the file itself, where a link leads to it. */
  readonly dev: bigint
  readonly ino: bigint
  readonly sizeBytes: number
  readonly ownerUid: number
  /** Its inode changed after its content did: by a rename, or by a tool that sets attributes when it has written all. */
  readonly changedLater: boolean
  /** Time of the last change of content or inode, in milliseconds since the epoch. */
  readonly changedMs: number
}

export type Look =
  | { readonly kind: 'gone' }
  | { readonly kind: 'unchanged' }
  /** Too young, changed while it was read, or still being written. */
  | { readonly kind: 'unsettled'; readonly identity: Identity; readonly writer?: Writer }
  | { readonly kind: 'read'; readonly identity: Identity; readonly bytes: Uint8Array; readonly linked: boolean }
  | {
      readonly kind: 'refused'
      readonly identity: Identity
      readonly problem: ManifestProblem
      readonly linked: boolean
    }
  /** The file system failed: nothing is known of the file, and it is looked at again. */
  | { readonly kind: 'failed'; readonly error: Error }

export interface LookOptions {
  /** The spool directory with every link resolved. */
  readonly directory: string
  /** The daemon's user: it and root may own requests. */
  readonly uid: number
  /** What was seen at the last look that was carried through; null: none. */
  readonly known: string | null
  /** Whether a file of this identity has been quiet for long enough. */
  readonly isQuiet: (identity: Identity) => boolean
}

/** O_NOFOLLOW: what lstat said was a file is not opened as a link; O_NONBLOCK: nor waited for as a FIFO (open(2)). */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

const WORLD_WRITABLE = 0o002n

function identify(stats: BigIntStats, via: string): Identity {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats
  const changedNs = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
  return {
    text: [dev, ino, size, mtimeNs, ctimeNs, via].join(':'),
    dev,
    ino,
    sizeBytes: Number(size),
    ownerUid: Number(stats.uid),
    changedLater: ctimeNs > mtimeNs,
    changedMs: Number(changedNs / 1_000_000n),
  }
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a named pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}

/** Why a file may not be read as a request although it could be; null where it may. */
function refusalOf(stats: BigIntStats, key: EntryKey, uid: number): ManifestProblem | null {
  if (!isPlain(key)) return fileProblem('the file name contains control characters or is not UTF-8', 'rename the file')
  if (!stats.isFile()) return fileProblem(`is ${kindOf(stats)}, not a regular file`, 'remove it from the spool')
  if (stats.uid !== 0n && stats.uid !== BigInt(uid)) {
    return fileProblem(
      `is owned by user ${stats.uid}; requests belong to root or to the daemon's user`,
      'chown the file',
    )
  }
  if (stats.nlink > 1n) {
    return fileProblem(
      `has ${stats.nlink} hard links: it may be a file from elsewhere, and may be changed from there`,
      'copy the request into the spool instead of linking it',
    )
  }
  if ((stats.mode & WORLD_WRITABLE) !== 0n) return fileProblem('everybody may write to the file', 'chmod o-w the file')
  return Number(stats.size) > MAX_FILE_BYTES ? tooLarge(MAX_FILE_BYTES) : null
}

interface Located {
  readonly path: string | Buffer
  readonly stats: BigIntStats
  /** Where a link leads; empty where the entry is none. */
  readonly via: string
  /** Set where the link must not or cannot be followed. */
  readonly problem: ManifestProblem | null
}

async function locate(key: EntryKey, directory: string): Promise<Located> {
  const path = Buffer.concat([Buffer.from(directory + sep), bytesOf(key)])
  const stats = await lstat(path, { bigint: true })
  if (!stats.isSymbolicLink()) return { path, stats, via: '', problem: null }
  let target: string
  try {
    target = await realpath(path)
  } catch (error) {
    const why = codeOf(error) === 'ELOOP' ? 'is a link that leads in a circle' : 'is a link that leads nowhere'
    return { path, stats, via: codeOf(error) ?? '', problem: fileProblem(why, 'copy the request into the spool') }
  }
  if (!target.startsWith(directory + sep)) {
    const problem = fileProblem('is a link that leads out of the spool', 'copy the request into the spool')
    return { path, stats, via: target, problem }
  }
  return { path: target, stats: await lstat(target, { bigint: true }), via: target, problem: null }
}

/** Reads at most one byte more than allowed: a file that grew meanwhile is noticed by fstat. */
async function readBounded(handle: FileHandle): Promise<Uint8Array> {
  const buffer = Buffer.alloc(MAX_FILE_BYTES + 1)
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}

async function readQuiet({ path, via }: Located, identity: Identity): Promise<Look> {
  const linked = via !== ''
  let handle: FileHandle
  try {
    handle = await open(path, OPEN_FLAGS)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EACCES' || code === 'EPERM') {
      const problem = fileProblem('the daemon may not read the file', 'chmod or chown the file')
      return { kind: 'refused', identity, problem, linked }
    }
    // It was replaced by a link, a socket or nothing since lstat: look again.
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'ENOENT') return { kind: 'unsettled', identity }
    throw error
  }
  try {
    const before = identify(await handle.stat({ bigint: true }), via)
    if (before.text !== identity.text) return { kind: 'unsettled', identity: before }
    const bytes = await readBounded(handle)
    const after = identify(await handle.stat({ bigint: true }), via)
    if (after.text !== identity.text) return { kind: 'unsettled', identity: after }
    return { kind: 'read', identity, bytes, linked }
  } finally {
    await handle.close()
  }
}

/** What stands at an entry now. @throws the file system's error; ENOENT where nothing does. */
export async function identityAt(key: EntryKey, directory: string): Promise<Identity> {
  const { stats, via } = await locate(key, directory)
  return identify(stats, via)
}

/** Looks at an entry of the spool. Never throws. */
export async function lookAt(key: EntryKey, options: LookOptions): Promise<Look> {
  try {
    const located = await locate(key, options.directory)
    const identity = identify(located.stats, located.via)
    if (identity.text === options.known) return { kind: 'unchanged' }
    if (!options.isQuiet(identity)) return { kind: 'unsettled', identity }
    const problem = located.problem ?? refusalOf(located.stats, key, options.uid)
    if (problem !== null) return { kind: 'refused', identity, problem, linked: located.via !== '' }
    return await readQuiet(located, identity)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'gone' }
    return { kind: 'failed', error: error instanceof Error ? error : new Error(messageOf(error)) }
  }
}
