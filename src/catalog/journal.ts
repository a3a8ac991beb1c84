/** Tells a rollback journal that SQLite would play back from one that is left over (https://sqlite.org/fileformat2.html, 3). */

import { constants } from 'node:fs'

import { messageOf } from '../domain/errors.ts'
import { openUnmarked } from '../sandbox/unmarked.ts'
import type { MemberFile } from './members.ts'

const HEADER_BYTES = 28
const MAGIC = Buffer.from('d9d505f920a163d7', 'hex')

/** `cold`, `hot`, or what makes it neither. */
export type JournalState = string

/**
 * The state of a journal by its header. journal_mode=TRUNCATE leaves it empty after a commit and PERSIST zeroes its
 * header: both are cold. A damaged header rolls nothing back in SQLite, which proves nothing of the database. Never throws.
 */
export async function readJournal({ path, sizeBytes }: MemberFile): Promise<JournalState> {
  if (sizeBytes === 0) return 'cold'
  try {
    // O_NONBLOCK: a pipe put in the file's place must not hang the daemon
    const file = await openUnmarked(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const header = Buffer.alloc(HEADER_BYTES)
      const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0)
      if (header.subarray(0, bytesRead).every((byte) => byte === 0)) return 'cold'
      if (bytesRead < HEADER_BYTES) return `it has only ${bytesRead} bytes`
      return header.subarray(0, MAGIC.length).equals(MAGIC) ? 'hot' : 'it does not begin like a journal'
    } finally {
      await file.close()
    }
  } catch (error) {
    return messageOf(error)
  }
}
