/** The spool directory itself: listing it, and knowing whether it still is the one that it was. */

import type { BigIntStats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { messageOf, RestoreError } from '../domain/errors.ts'
import { isCandidate, keyOf, type EntryKey } from './entry-name.ts'

export interface Listing {
  /** The directory, every link resolved. */
  readonly realPath: string
  /** Device, inode and birth: another one means that the directory was replaced, mounted over or unmounted. */
  readonly identity: string
  /** Entries that are requests by their names, sorted by bytes. */
  readonly candidates: readonly EntryKey[]
  /** How many other entries there are. */
  readonly ignored: number
  /** Everybody may rename and remove what is in it, and so delete requests. */
  readonly openToAll: boolean
}

function identityOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`
}

/** Writable for others without the sticky bit, which keeps them from each other's files (inode(7)). */
function isOpenToAll({ mode }: BigIntStats): boolean {
  return (mode & 0o1002n) === 0o0002n
}

async function list(path: string): Promise<Listing> {
  const before = await stat(path, { bigint: true })
  const names = await readdir(path, { encoding: 'buffer' })
  const realPath = await realpath(path)
  const after = await stat(path, { bigint: true })
  if (identityOf(before) !== identityOf(after)) throw new Error('it was replaced while it was being read')
  const candidates = names.map(keyOf).filter(isCandidate).sort()
  return {
    realPath,
    identity: identityOf(after),
    candidates,
    ignored: names.length - candidates.length,
    openToAll: isOpenToAll(after),
  }
}

export class SpoolDirectory {
  readonly #path: string
  #last: Listing | null = null

  constructor(path: string) {
    this.#path = path
  }

  /** The last listing that succeeded. */
  get last(): Listing | null {
    return this.#last
  }

  /**
   * Lists the directory.
   *
   * @throws RestoreError `SpoolUnreadable`: it cannot be read, or it was replaced by an empty one, as an unmounted file
   *   system leaves behind. What was in it is then not known, and nothing may count as deleted.
   */
  async list(): Promise<Listing> {
    let listing: Listing
    try {
      listing = await list(this.#path)
    } catch (error) {
      throw this.#unreadable(`cannot be read: ${messageOf(error)}`, error)
    }
    const replaced = this.#last !== null && this.#last.identity !== listing.identity
    if (replaced && listing.candidates.length === 0 && this.#last?.candidates.length !== 0) {
      throw this.#unreadable('was replaced by an empty one', undefined)
    }
    this.#last = listing
    return listing
  }

  #unreadable(what: string, cause: unknown): RestoreError {
    return new RestoreError(`the spool directory ${this.#path} ${what}`, {
      reason: 'SpoolUnreadable',
      disposition: 'retry',
      hint: 'is it mounted, and may the daemon read it? until then nothing counts as deleted',
      cause,
    })
  }
}
