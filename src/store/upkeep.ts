/** What the daemon's own housekeeping remembers: deletions under way, verifications of backups, runs of scheduled jobs. */

import type Database from 'better-sqlite3'

import { toRfc3339, type Clock } from '../domain/clock.ts'
import type { PrunableFile, PruneKind } from '../domain/retention.ts'

export interface DeletionRecord {
  readonly id: number
  readonly target: string
  readonly kind: PruneKind
  readonly name: string
  /** Real path. */
  readonly folder: string
  /** In the order in which they go. */
  readonly files: readonly PrunableFile[]
  readonly why: string
  readonly actor: string
  readonly at: string
}

export interface VerificationRecord {
  readonly target: string
  readonly backupId: string
  /** Of the bytes that were verified (catalog, `setIdentity`). */
  readonly identity: string
  readonly passed: boolean
  readonly message: string
  readonly at: string
  readonly durationMs: number
  /** The check that failed, or the empty text. */
  readonly check: string
  readonly sqliteVersion: string
  readonly foundBy: 'schedule' | 'arrival' | 'verify' | 'restore'
}

/** What is said of a backup; when, and by which SQLite, the store adds. */
export type NewVerdict = Omit<VerificationRecord, 'at' | 'sqliteVersion' | 'check' | 'foundBy'> &
  Partial<Pick<VerificationRecord, 'check' | 'foundBy'>>

export interface JobRecord {
  readonly job: string
  /** The cron text and its time zone: under another one nothing was missed. */
  readonly schedule: string
  readonly nextRunMs: number | null
  readonly lastRunMs: number | null
  readonly lastSuccessMs: number | null
}

interface VerificationRow {
  readonly target: string
  readonly backup_id: string
  readonly identity: string
  readonly passed: number
  readonly message: string
  readonly at: string
  readonly duration_ms: number
  readonly check_name?: string
  readonly sqlite_version?: string
  readonly found_by?: VerificationRecord['foundBy']
}

export class UpkeepReader {
  protected readonly database: Database.Database

  constructor(database: Database.Database) {
    this.database = database
  }

  /** Sets whose deletion has begun and not ended, oldest first. */
  deletions(target?: string): DeletionRecord[] {
    const sql = 'SELECT id, target, kind, name, folder, files, why, actor, at FROM deletions ORDER BY id'
    return this.#rows<Omit<DeletionRecord, 'files'> & { files: string }>('deletions', sql)
      .filter((row) => target === undefined || row.target === target)
      .map((row) => ({ ...row, files: JSON.parse(row.files) as PrunableFile[] }))
  }

  verifications(target: string): VerificationRecord[] {
    // Every column: a store that an older version wrote has fewer.
    return this.#rows<VerificationRow>('verifications', 'SELECT * FROM verifications')
      .filter((row) => row.target === target)
      .map((row) => ({
        target: row.target,
        backupId: row.backup_id,
        identity: row.identity,
        passed: row.passed === 1,
        message: row.message,
        at: row.at,
        durationMs: row.duration_ms,
        check: row.check_name ?? '',
        sqliteVersion: row.sqlite_version ?? '',
        foundBy: row.found_by ?? 'schedule',
      }))
  }

  job(name: string): JobRecord | undefined {
    return this.jobs().find(({ job }) => job === name)
  }

  /** Scheduled jobs that have ever been planned. */
  jobs(): JobRecord[] {
    const sql = `SELECT job, schedule, next_run_ms AS nextRunMs, last_run_ms AS lastRunMs,
      last_success_ms AS lastSuccessMs FROM jobs ORDER BY job`
    return this.#rows<JobRecord>('jobs', sql)
  }

  /** A reader may meet a store that the daemon of this version has not opened yet: then there is nothing to tell. */
  #rows<T>(table: string, sql: string): T[] {
    const known = this.database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table)
    return known === undefined ? [] : this.database.prepare<[], T>(sql).all()
  }
}

export class Upkeep extends UpkeepReader {
  readonly #clock: Clock

  constructor(database: Database.Database, clock: Clock) {
    super(database)
    this.#clock = clock
  }

  /** To be called in one transaction with the decision that it rests on. */
  beginDeletion(deletion: Omit<DeletionRecord, 'id' | 'at'>): number {
    const { target, kind, name, folder, files, why, actor } = deletion
    const { lastInsertRowid } = this.database
      .prepare(
        'INSERT INTO deletions (target, kind, name, folder, files, why, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(target, kind, name, folder, JSON.stringify(files), why, actor, toRfc3339(this.#clock.nowMs()))
    return Number(lastInsertRowid)
  }

  endDeletion(id: number): void {
    this.database.prepare('DELETE FROM deletions WHERE id = ?').run(id)
  }

  recordVerification(record: NewVerdict): void {
    const { target, backupId, identity, passed, message, durationMs, check = '', foundBy = 'schedule' } = record
    this.database
      .prepare(
        `INSERT INTO verifications (target, backup_id, identity, passed, message, at, duration_ms, check_name, found_by,
          sqlite_version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, sqlite_version()) ON CONFLICT (target, backup_id) DO UPDATE SET
        identity = excluded.identity, passed = excluded.passed, message = excluded.message, at = excluded.at,
        duration_ms = excluded.duration_ms, check_name = excluded.check_name, found_by = excluded.found_by,
        sqlite_version = excluded.sqlite_version`,
      )
      .run(
        target,
        backupId,
        identity,
        Number(passed),
        message,
        toRfc3339(this.#clock.nowMs()),
        Math.round(durationMs),
        check,
        foundBy,
      )
  }

  /** Of sets that are no more. */
  forgetVerifications(target: string, keep: ReadonlySet<string>): void {
    const remove = this.database.prepare('DELETE FROM verifications WHERE target = ? AND backup_id = ?')
    for (const { backupId } of this.verifications(target)) if (!keep.has(backupId)) remove.run(target, backupId)
  }

  saveJob(record: JobRecord): void {
    const { job, schedule, nextRunMs, lastRunMs, lastSuccessMs } = record
    this.database
      .prepare(
        `INSERT INTO jobs (job, schedule, next_run_ms, last_run_ms, last_success_ms) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (job) DO UPDATE SET schedule = excluded.schedule, next_run_ms = excluded.next_run_ms,
        last_run_ms = excluded.last_run_ms, last_success_ms = excluded.last_success_ms`,
      )
      .run(job, schedule, nextRunMs, lastRunMs, lastSuccessMs)
  }
}
