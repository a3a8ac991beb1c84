/**
 * What a database holds, and whether it is sound, found out on a copy: opening a database in WAL mode writes beside it, and a
 * check must leave no byte and no time behind. The files are read in a child process, so that nobody's locks are dropped.
 */

import { accessSync, constants, existsSync, mkdtempSync, realpathSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { deadlineFor } from '../../controller/deadlines.ts'
import type { CallOptions, CheckReport, DatabaseOperations } from '../../database/contract.ts'
import { sideFiles } from '../../database/place.ts'
import { asRestoreError, type RestoreError } from '../../domain/errors.ts'
import { humanSize } from '../../domain/size.ts'
import type { Target } from '../../domain/target.ts'

/** Where tools keep which migrations have run; each a row. */
export const MIGRATION_TABLES = [
  ...['knex_migrations', 'migrations', 'schema_migrations', '_prisma_migrations', 'SequelizeMeta', 'django_migrations'],
  ...['alembic_version', 'flyway_schema_history', '__drizzle_migrations', '_sqlx_migrations', '__EFMigrationsHistory'],
] as const

/** A database that is written to all the time cannot be copied as one. */
const ATTEMPTS = 3
const PAUSE_MS = 150
const COUNT_MS = 10_000
/** Room for what SQLite writes beside the copy. */
const MARGIN_BYTES = 1024 * 1024

export type Content =
  | { readonly kind: 'read'; readonly report: CheckReport; readonly migrations: ReadonlyMap<string, number> }
  /** The file is no database, or SQLite cannot read it. */
  | { readonly kind: 'unreadable'; readonly error: RestoreError }
  /** Nothing is known: no room for a copy, no permission, a writer that never pauses. */
  | { readonly kind: 'unseen'; readonly why: string; readonly late?: boolean }

const FAULTS_OF_THE_FILE: readonly string[] = ['DatabaseCorrupt', 'NotADatabase', 'DatabaseEncrypted', 'Unverifiable']

export class ContentLook {
  readonly #database: DatabaseOperations
  readonly #places: readonly string[]
  readonly #signal: AbortSignal

  constructor(database: DatabaseOperations, stateDir: string, temporary: string, signal: AbortSignal) {
    this.#database = database
    this.#signal = signal
    // Not made where it is missing: the daemon's user could not write to a folder of root's.
    this.#places = [join(stateDir, 'scratch'), temporary]
  }

  ofDatabase(target: Target): Promise<Content> {
    return this.ofFile(target.database, target)
  }

  /** Never rejects. @param target whose deadlines count; null: those of a small file. */
  async ofFile(name: string, target: Target | null): Promise<Content> {
    try {
      const path = realpathSync(name)
      const sizeBytes = [path, ...sideFiles(path)].reduce((sum, file) => sum + sizeOf(file), 0)
      const place = this.#places.find((each) => hasRoom(each, sizeBytes))
      if (place === undefined) {
        return {
          kind: 'unseen',
          why: `there is no room for a copy of ${humanSize(sizeBytes)} in ${this.#places.join(' or ')}`,
        }
      }
      const scratch = realpathSync(mkdtempSync(join(place, 'doctor-')))
      try {
        return await this.#copyAndCheck(
          path,
          join(scratch, 'copy.db'),
          target === null ? 60_000 : deadlineFor(target, sizeBytes),
        )
      } finally {
        rmSync(scratch, { recursive: true, force: true })
      }
    } catch (error) {
      return judged(asRestoreError(error, 'IoError'))
    }
  }

  async #copyAndCheck(path: string, copy: string, deadlineMs: number): Promise<Content> {
    const options = { deadlineMs, signal: this.#signal }
    if (!(await this.#copy(path, copy, options))) {
      return { kind: 'unseen', why: `${path} was written to each time while it was copied` }
    }
    const report = await this.#database.check({ path: copy, foreignKeys: false, absorb: true, seal: false }, options)
    const tables = MIGRATION_TABLES.filter((table) => report.inspection.tables.includes(table))
    const counts = await this.#database.rowCounts(copy, tables, COUNT_MS, options)
    const migrations = counts.flatMap(({ table, rows }) => (rows === null ? [] : [[table, rows] as const]))
    return { kind: 'read', report, migrations: new Map(migrations) }
  }

  /** @returns false where somebody writes all the time. */
  async #copy(path: string, copy: string, options: CallOptions): Promise<boolean> {
    const files = [path, ...sideFiles(path).filter((side) => !side.endsWith('-shm'))]
    const pairs = files.map((from) => ({ from, to: `${copy}${from.slice(path.length)}` }))
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { fingerprint } = await this.#database.rawCopy(pairs, options)
      if (!fingerprint.racy) return true
      for (const { to } of pairs) rmSync(to, { force: true })
      await sleep(PAUSE_MS)
    }
    // Whoever writes has the side files open: a reader through SQLite makes none and removes none.
    if (!['-wal', '-shm'].every((side) => existsSync(`${path}${side}`))) return false
    await this.#database.safetyCopy(path, copy, options)
    return true
  }
}

function judged(error: RestoreError): Content {
  if (FAULTS_OF_THE_FILE.includes(error.reason)) return { kind: 'unreadable', error }
  return { kind: 'unseen', why: error.message, late: error.reason === 'CheckTimedOut' }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function hasRoom(folder: string, bytes: number): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= bytes + MARGIN_BYTES
  } catch {
    return false
  }
}
