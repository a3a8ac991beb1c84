/** A look at a database's files that tells whether anything was committed between two looks. Opens only the `-wal`. */

import { lstat } from 'node:fs/promises'
import { codeOf } from '../domain/errors.ts'
import type { Fingerprint } from './contract.ts'
import { resolveLinks } from './links.ts'
import { withRegularFile } from './regular-file.ts'

/** Kernels stamp files with the time of the last timer tick, up to 10 ms ago; five times that is safe. */
const TICK_NS = 50_000_000n
/** Of file systems that keep whole seconds, or every second one (FAT). */
const COARSE_NS = 2_100_000_000n
const SECOND_NS = 1_000_000_000n
/** The header: its two salts change whenever the `-wal` begins anew (https://sqlite.org/fileformat2.html, 4.1). */
const WAL_HEADER_BYTES = 32

interface Look {
  readonly text: string
  readonly mtimeNs: bigint
}

/**
 * See `DatabaseOperations.fingerprint`. An empty side file counts as none: it appears and goes when somebody only reads.
 *
 * @throws the system's error where the database is not there.
 */
export async function fingerprint(request: { readonly database: string }): Promise<Fingerprint> {
  const database = await resolveLinks(request.database)
  const main = await lstat(database, { bigint: true })
  const identity = `${main.dev}:${main.ino}:${main.size}:${main.mtimeNs}`
  const looks = [{ text: identity, mtimeNs: main.mtimeNs }, await walOf(database), await journalOf(database)]
  const present = looks.filter((look) => look !== null)
  return {
    text: looks.map((look) => look?.text ?? 'none').join('|'),
    racy: present.some(({ mtimeNs }) => wasJustWritten(mtimeNs)),
  }
}

/**
 * Written so shortly before now that a write after it could bear the same time. By the system's clock, for that stamps files;
 * a clock that is set back later is the caller's question (domain/clock.ts, `clockWentBack`).
 */
export function wasJustWritten(mtimeNs: bigint): boolean {
  const age = BigInt(Date.now()) * 1_000_000n - mtimeNs
  const window = mtimeNs % SECOND_NS === 0n ? COARSE_NS : TICK_NS
  return age < window && age > -window
}

async function walOf(database: string): Promise<Look | null> {
  const path = `${database}-wal`
  const look = await statOf(path)
  if (look === null) return null
  const header = Buffer.alloc(WAL_HEADER_BYTES)
  try {
    await withRegularFile(path, (file) => file.read(header, 0, WAL_HEADER_BYTES, 0))
  } catch (error) {
    // Gone between the two calls: what was in it is in the main file, whose time says so.
    if (codeOf(error) !== 'ENOENT') throw error
  }
  return { ...look, text: `${look.text}:${header.toString('hex')}` }
}

function journalOf(database: string): Promise<Look | null> {
  return statOf(`${database}-journal`)
}

async function statOf(path: string): Promise<Look | null> {
  try {
    const { ino, size, mtimeNs } = await lstat(path, { bigint: true })
    return size === 0n ? null : { text: `${ino}:${size}:${mtimeNs}`, mtimeNs }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
