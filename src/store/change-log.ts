/**
 * Each change of a request, with the request as it was then, under a number that only grows: what a watcher reads on from
 * where it was, over a restart of the daemon too. The newest some thousand are kept; who is further behind begins anew.
 */

import type Database from 'better-sqlite3'

import type { RequestResource } from '../domain/resource-view.ts'

export interface ChangeRecord {
  readonly version: number
  /** `DELETED`: it left the lists; `ADDED` again: an edit brought it back. */
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly request: string
  readonly target: string
  readonly object: RequestResource
}

/** Some tens of MB at most: a request is a few KB, and a restore makes about thirty changes. */
export const KEPT_CHANGES = 5000
/** Looking for what is too old reads what is kept, so it is done now and then. */
const PRUNED_EVERY = 500

export class ChangeLogReader {
  protected readonly database: Database.Database

  constructor(database: Database.Database) {
    this.database = database
  }

  /** Of the last change; 0 where a daemon of this version has not opened the store yet. */
  version(): number {
    if (!this.#exists()) return 0
    return this.database.prepare<[], number>('SELECT MAX(version) FROM changes').pluck().get() ?? 0
  }

  /** Whether everything after that number is here. A number that was never given, as by a store of another day, is not known. */
  knows(version: number): boolean {
    return this.#exists() && this.database.prepare('SELECT 1 FROM changes WHERE version = ?').get(version) !== undefined
  }

  /** Oldest first. */
  after(version: number, limit: number): readonly ChangeRecord[] {
    if (!this.#exists()) return []
    const sql = `SELECT version, type, request, target, object FROM changes
      WHERE version > ? AND request <> '' ORDER BY version LIMIT ?`
    return this.database.prepare<[number, number], ChangeRow>(sql).all(version, limit).map(toRecord)
  }

  /** Of one request, oldest first. */
  ofRequest(request: string, version: number, limit: number): readonly ChangeRecord[] {
    if (!this.#exists()) return []
    const sql = `SELECT version, type, request, target, object FROM changes
      WHERE request = ? AND version > ? ORDER BY version LIMIT ?`
    return this.database.prepare<[string, number, number], ChangeRow>(sql).all(request, version, limit).map(toRecord)
  }

  /** The change of the same request before that one; undefined where it is kept no more or there was none. */
  before(request: string, version: number): ChangeRecord | undefined {
    const sql = `SELECT version, type, request, target, object FROM changes
      WHERE request = ? AND version < ? ORDER BY version DESC LIMIT 1`
    const row = this.database.prepare<[string, number], ChangeRow>(sql).get(request, version)
    return row === undefined ? undefined : toRecord(row)
  }

  #exists(): boolean {
    return (
      this.database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'changes'").get() !== undefined
    )
  }
}

type ChangeRow = Omit<ChangeRecord, 'object'> & { readonly object: string }

function toRecord({ object, ...row }: ChangeRow): ChangeRecord {
  return { ...row, object: JSON.parse(object) as RequestResource }
}

export class ChangeLog extends ChangeLogReader {
  readonly #keep: number
  #sincePruned = PRUNED_EVERY

  constructor(database: Database.Database, keep: number) {
    super(database)
    this.#keep = keep
  }

  /**
   * Marks the start of a daemon. Its number is the present in ms where that is greater: what a store of another day gave out
   * before it was put back is never given out again.
   */
  begin(nowMs: number): void {
    const version = Math.max(this.version() + 1, Math.floor(nowMs))
    this.database
      .prepare("INSERT INTO changes (version, type, request, target, object) VALUES (?, 'STARTED', '', '', '{}')")
      .run(version)
  }

  /** To be called in the transaction of the change itself. @returns its number. */
  record(change: Omit<ChangeRecord, 'version' | 'object'>, objectOf: (version: number) => RequestResource): number {
    const version = this.version() + 1
    this.database
      .prepare('INSERT INTO changes (version, type, request, target, object) VALUES (?, ?, ?, ?, ?)')
      .run(version, change.type, change.request, change.target, JSON.stringify(objectOf(version)))
    this.#sincePruned += 1
    if (this.#sincePruned >= PRUNED_EVERY) this.#prune()
    return version
  }

  #prune(): void {
    this.#sincePruned = 0
    this.database
      .prepare(
        'DELETE FROM changes WHERE version <= (SELECT version FROM changes ORDER BY version DESC LIMIT 1 OFFSET ?)',
      )
      .run(this.#keep)
  }
}
