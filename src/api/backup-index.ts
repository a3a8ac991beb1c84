/**
 * The backups of each target as they were listed last. A listing of thousands reads thousands of files, so a call looks
 * whether anything has changed and lists anew only then. What decides about a restore is never taken from here: the
 * restore resolves its backup itself.
 */

import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { CatalogListing, CatalogRowInput } from '../catalog/contract.ts'
import { ChecksumMemory } from '../catalog/checksum-memory.ts'
import { newestFirst } from '../catalog/future.ts'
import { scanBackups } from '../catalog/scan.ts'
import { QUICK_MS } from '../controller/deadlines.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import type { Clock } from '../domain/clock.ts'
import { isTerminal, occupiesTarget } from '../domain/phases.ts'
import { BACKUP_TYPES } from '../domain/resource.ts'
import type { Target } from '../domain/target.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'

/** Looked at for somebody who watches: files that come and go are seen at once, the rest may be a minute old. */
export const PATIENT_MS = 60_000
/** Younger than this a listing is given as it is, unless a file came or went. */
const FRESH_MS = 5000
/** Older than this nobody is given it; in between it is given and renewed behind the caller's back. */
const STALE_MS = 60_000
/** A directory that never rests must not keep a call for ever. */
const MOST_TRIES = 3

export interface BackupIndexOptions {
  readonly database: Pick<DatabaseOperations, 'catalogRows'>
  readonly reader: Pick<StateReader, 'running'>
  readonly clock: Clock
}

interface Listed {
  readonly target: Target
  readonly listing: CatalogListing
  readonly rows: readonly CatalogRowInput[]
  readonly checksums: ChecksumMemory
  /** Of the folders, from before they were read. */
  readonly folders: string
  /** `performance.now()`: no clock that steps has a say. */
  readonly atMs: number
}

export class BackupIndex {
  readonly #options: BackupIndexOptions
  readonly #listed = new Map<string, Listed>()
  readonly #underWay = new Map<string, { readonly done: Promise<void>; readonly abort: AbortController }>()

  constructor(options: BackupIndexOptions) {
    this.#options = options
  }

  /**
   * The listing of a target, newest first. It shows every file that lay there when the call came; what changed inside a
   * file, and rows of the application's catalog, may be a minute old.
   *
   * @param freshMs younger than this it is given as it is, unless a file came or went.
   * @throws RestoreError `BackupDirectoryUnreadable`.
   */
  async list(target: Target, freshMs = FRESH_MS): Promise<CatalogListing> {
    for (let tries = 1; ; tries += 1) {
      const known = this.#listed.get(target.name)
      if (known?.target === target && known.folders === (await foldersOf(target))) {
        const ageMs = performance.now() - known.atMs
        if (ageMs < freshMs) return known.listing
        if (ageMs < STALE_MS) {
          void this.#renew(target).catch(() => undefined)
          return known.listing
        }
      }
      await this.#renew(target)
      const renewed = this.#listed.get(target.name)
      if (tries >= MOST_TRIES && renewed !== undefined) return renewed.listing
    }
  }

  /**
   * Lists anew, for whoever wants what is there now; who calls `list` meanwhile waits for the same one.
   *
   * @throws RestoreError `BackupDirectoryUnreadable`.
   */
  async renewed(target: Target): Promise<CatalogListing> {
    // One that runs already may have looked before what the caller wants to see was there.
    await this.#underWay.get(target.name)?.done.catch(() => undefined)
    await this.#renew(target)
    const known = this.#listed.get(target.name)
    return known?.target === target ? known.listing : this.list(target)
  }

  /** After each commit: a restore that begins breaks off the reading of the database that it replaces, its end makes the listing old. */
  requestCommitted({ phase, spec }: Pick<StoredRequest, 'phase' | 'spec'>): void {
    if (occupiesTarget(phase)) this.#underWay.get(spec.target)?.abort.abort()
    else if (isTerminal(phase)) this.forget(spec.target)
  }

  /** Something about the target's backups has changed that its folders do not show. */
  forget(target: string): void {
    const known = this.#listed.get(target)
    if (known !== undefined) this.#listed.set(target, { ...known, atMs: -Infinity })
  }

  /** One at a time for each target: who comes meanwhile waits for the same one. */
  #renew(target: Target): Promise<void> {
    const running = this.#underWay.get(target.name)
    if (running !== undefined) return running.done
    const abort = new AbortController()
    const done = this.#scan(target, abort.signal).finally(() => this.#underWay.delete(target.name))
    this.#underWay.set(target.name, { done, abort })
    return done
  }

  async #scan(target: Target, signal: AbortSignal): Promise<void> {
    const folders = await foldersOf(target)
    const rows = await this.#rows(target, signal)
    const checksums = new ChecksumMemory(this.#options.clock.nowMs(), this.#listed.get(target.name)?.checksums)
    const { sets, ...rest } = await scanBackups(target, rows, checksums.read)
    const listing = { ...rest, sets: newestFirst(sets, this.#options.clock.nowMs()) }
    this.#listed.set(target.name, { target, listing, rows, checksums, folders, atMs: performance.now() })
  }

  /** A database that is about to be replaced is not opened: what its catalog said last stands in. A wrecked one has none to offer. */
  async #rows({ name, database, backups: { catalogTable } }: Target, signal: AbortSignal) {
    if (catalogTable === null) return []
    const last = this.#listed.get(name)?.rows ?? []
    if (this.#options.reader.running(name) !== undefined) return last
    try {
      return await this.#options.database.catalogRows(database, catalogTable, { deadlineMs: QUICK_MS, signal })
    } catch {
      return signal.aborted ? last : []
    }
  }
}

/** Changes whenever a file comes, goes or is renamed in one of the folders in which backups lie. */
async function foldersOf({ backups: { path } }: Target): Promise<string> {
  const folders = [path, ...BACKUP_TYPES.map((type) => join(path, type))]
  const stamps = await Promise.all(
    folders.map((folder) =>
      stat(folder, { bigint: true }).then(
        ({ dev, ino, mtimeNs }) => `${dev}:${ino}:${mtimeNs}`,
        () => '-',
      ),
    ),
  )
  return stamps.join(' ')
}
