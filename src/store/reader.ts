/** Reading the state store: what the command line does with the daemon down, and what the metrics are rebuilt from. */

import Database from 'better-sqlite3'
import { statSync } from 'node:fs'
import { join } from 'node:path'

import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { isTerminal, occupiesTarget, ACTIVE_PHASES } from '../domain/phases.ts'
import {
  auditHasCall,
  auditPage,
  lastRestores,
  type AuditFilter,
  type AuditPage,
  type RestoreMark,
} from './audit-page.ts'
import { ChangeLogReader } from './change-log.ts'
import {
  toStoredRequest,
  type AuditRecord,
  type EventRecord,
  type OutcomeRecord,
  type RequestRow,
  type SafetyBackupRecord,
  type StoredRequest,
  type TransitionRecord,
} from './rows.ts'
import { UpkeepReader } from './upkeep.ts'
import type { ChecklistName } from '../domain/papers/checklist-words.ts'
import type { Tick } from '../domain/papers/checklist.ts'
import { ticksOf } from './checklists.ts'

const EVENT_COLUMNS = 'id, request, target, type, reason, message, at'
const AUDIT_COLUMNS =
  'id, at, operation, actor, target, request, backup_id AS backupId, status, message, details, previous_hash AS previousHash, hash'
const OUTCOME_COLUMNS =
  'rowid, uid, generation, request, target, source, mode, result, reason, duration_ms AS durationMs, downtime_ms AS downtimeMs, application, application_downtime_ms AS applicationDowntimeMs, at'
const OCCUPYING = ACTIVE_PHASES.filter(occupiesTarget)

/** Where the state store lies inside the state directory. */
export function stateStorePath(stateDir: string): string {
  return join(stateDir, 'modosu.db')
}

export class StateReader {
  protected readonly database: Database.Database

  constructor(database: Database.Database) {
    this.database = database
  }

  request(name: string): StoredRequest | undefined {
    const row = this.database.prepare<[string], RequestRow>('SELECT * FROM requests WHERE name = ?').get(name)
    return row === undefined ? undefined : toStoredRequest(row)
  }

  /** What a list shows: without those that somebody had forgotten. */
  listed(): StoredRequest[] {
    return this.requests().filter(({ forgottenAt }) => forgottenAt === null)
  }

  /** All that the store knows, in the order in which they came. */
  requests(): StoredRequest[] {
    return this.database.prepare<[], RequestRow>('SELECT * FROM requests ORDER BY seq').all().map(toStoredRequest)
  }

  /** The next ones in the order in which they came. */
  requestsAfter(seq: number, limit: number): StoredRequest[] {
    const sql = 'SELECT * FROM requests WHERE seq > ? ORDER BY seq LIMIT ?'
    return this.database.prepare<[number, number], RequestRow>(sql).all(seq, limit).map(toStoredRequest)
  }

  unfinished(): StoredRequest[] {
    return this.#inPhases(ACTIVE_PHASES)
  }

  /** The restore that occupies the target now, if one does. */
  running(target: string): StoredRequest | undefined {
    return this.#inPhases(OCCUPYING).find((request) => request.spec.target === target)
  }

  transitions(uid: string): TransitionRecord[] {
    const sql = `SELECT id, request, uid, from_phase AS "from", to_phase AS "to", reason, message, at
      FROM transitions WHERE uid = ? ORDER BY id`
    return this.database.prepare<[string], TransitionRecord>(sql).all(uid)
  }

  /** All transitions, oldest first, after the given id. */
  transitionsAfter(id: number): TransitionRecord[] {
    const sql = `SELECT id, request, uid, from_phase AS "from", to_phase AS "to", reason, message, at
      FROM transitions WHERE id > ? ORDER BY id`
    return this.database.prepare<[number], TransitionRecord>(sql).all(id)
  }

  /** Whether a transition was recorded at this very time. */
  hasTransitionAt(at: string): boolean {
    return this.database.prepare('SELECT 1 FROM transitions WHERE at = ?').get(at) !== undefined
  }

  /** Oldest first, after the given id. */
  events(
    filter: { readonly request?: string; readonly afterId?: number; readonly limit?: number } = {},
  ): EventRecord[] {
    const { request = null, afterId = 0, limit = 10_000 } = filter
    const sql = `SELECT ${EVENT_COLUMNS} FROM (
      SELECT * FROM events WHERE id > ? AND (? IS NULL OR request = ?) ORDER BY id DESC LIMIT ?) ORDER BY id`
    return this.database.prepare<unknown[], EventRecord>(sql).all(afterId, request, request, limit)
  }

  /** Oldest first. */
  audit(limit = 1_000_000): AuditRecord[] {
    const sql = `SELECT ${AUDIT_COLUMNS} FROM (SELECT * FROM audit ORDER BY id DESC LIMIT ?) ORDER BY id`
    const rows = this.database.prepare<[number], AuditRecord & { details: string }>(sql).all(limit)
    return rows.map((row) => ({ ...row, details: detailsOf(row.details) }))
  }

  /** The records of one request, oldest first. */
  auditOf(request: string): AuditRecord[] {
    const sql = `SELECT ${AUDIT_COLUMNS} FROM audit WHERE request = ? ORDER BY id`
    const rows = this.database.prepare<[string], AuditRecord & { details: string }>(sql).all(request)
    return rows.map((row) => ({ ...row, details: detailsOf(row.details) }))
  }

  /** What people have said last of each point of a checklist, for the spec as it is now. */
  ticks(request: Pick<StoredRequest, 'name' | 'uid' | 'generation'>, list: ChecklistName): Tick[] {
    return ticksOf(this.database, request, list)
  }

  /** One page of the audit records, newest first. */
  auditPage(filter: AuditFilter): AuditPage {
    return auditPage(this.database, filter)
  }

  auditHasCall(requestId: string, afterId: number): boolean {
    return auditHasCall(this.database, requestId, afterId)
  }

  /** The last restore of each backup of a target, by backup id. */
  lastRestores(target: string): ReadonlyMap<string, RestoreMark> {
    return lastRestores(this.database, target)
  }

  /** Number, hash and time of the audit records after the given one, in order. */
  auditHeadsAfter(id: number): Pick<AuditRecord, 'id' | 'hash' | 'at'>[] {
    const sql = 'SELECT id, hash, at FROM audit WHERE id > ? ORDER BY id'
    return this.database.prepare<[number], Pick<AuditRecord, 'id' | 'hash' | 'at'>>(sql).all(id)
  }

  /** The greatest number that an audit record ever had, whatever became of it since; 0 where there was none. */
  greatestAuditId(): number {
    const sql = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'"
    return Number(this.database.prepare(sql).pluck().get() ?? 0)
  }

  /** The hash of the last audit record, or undefined where there is none. */
  auditHead(): { readonly id: number; readonly hash: string } | undefined {
    return this.database.prepare<[], { id: number; hash: string }>('SELECT id, hash FROM audit ORDER BY id DESC').get()
  }

  /** How long the last restore of the target that succeeded kept it away; undefined where none has. */
  lastDowntime(
    target: string,
  ): { readonly downtimeMs: number; readonly applicationDowntimeMs: number | null } | undefined {
    return this.database
      .prepare<[string], { downtimeMs: number; applicationDowntimeMs: number | null }>(
        `SELECT downtime_ms AS downtimeMs, application_downtime_ms AS applicationDowntimeMs FROM outcomes
        WHERE target = ? AND mode = 'Restore' AND result = 'Succeeded' AND downtime_ms IS NOT NULL
        ORDER BY rowid DESC LIMIT 1`,
      )
      .get(target)
  }

  /** How the last restore of the target ended; drills and dry runs are none. */
  lastOutcome(target: string): OutcomeRecord | undefined {
    const sql = `SELECT ${OUTCOME_COLUMNS} FROM outcomes WHERE target = ? AND mode = 'Restore' ORDER BY rowid DESC LIMIT 1`
    return this.database.prepare<[string], OutcomeRecord>(sql).get(target)
  }

  /** How the last restore of the target that ran ended: neither a drill nor a request that was refused or called off. */
  lastResult(target: string): OutcomeRecord | undefined {
    const sql = `SELECT ${OUTCOME_COLUMNS} FROM outcomes WHERE target = ? AND mode = 'Restore'
      AND result IN ('Succeeded', 'Failed', 'RolledBack', 'RollbackFailed') ORDER BY rowid DESC LIMIT 1`
    return this.database.prepare<[string], OutcomeRecord>(sql).get(target)
  }

  /** Listed requests that ended longer ago than their ttlSecondsAfterFinished, in the order in which they came. */
  overdue(nowMs: number, afterSeq: number, limit: number): Pick<StoredRequest, 'seq' | 'name'>[] {
    const sql = `SELECT seq, name FROM requests WHERE terminal_at IS NOT NULL AND forgotten_at IS NULL AND seq > ?
      AND CAST(strftime('%s', terminal_at) AS INTEGER) + json_extract(spec, '$.ttlSecondsAfterFinished') <= ?
      ORDER BY seq LIMIT ?`
    const nowSeconds = Math.floor(nowMs / 1000)
    return this.database
      .prepare<[number, number, number], Pick<StoredRequest, 'seq' | 'name'>>(sql)
      .all(afterSeq, nowSeconds, limit)
  }

  /** Terminal outcomes, each once, oldest first, after the given rowid, at most `limit`. */
  outcomesAfter(rowid: number, limit = 1_000_000): OutcomeRecord[] {
    const sql = `SELECT ${OUTCOME_COLUMNS} FROM outcomes WHERE rowid > ? ORDER BY rowid LIMIT ?`
    return this.database.prepare<[number, number], OutcomeRecord>(sql).all(rowid, limit)
  }

  /** In the order in which they were recorded, the last one first: no clock has a say. */
  safetyBackups(target?: string): SafetyBackupRecord[] {
    const sql = `SELECT path, name, target, request, sha256, raw, created_at AS createdAt FROM safety_backups
      WHERE ? IS NULL OR target = ? ORDER BY rowid DESC`
    const rows = this.database
      .prepare<unknown[], Omit<SafetyBackupRecord, 'raw'> & { raw: number }>(sql)
      .all(target ?? null, target ?? null)
    return rows.map((row) => ({ ...row, raw: row.raw === 1 }))
  }

  /** The names of a target's safety backups in the order in which they were recorded, whatever a clock said then. */
  safetyOrder(target: string): string[] {
    const sql = 'SELECT name FROM safety_backups WHERE target = ? ORDER BY rowid'
    return this.database
      .prepare<[string], { name: string }>(sql)
      .all(target)
      .map(({ name }) => name)
  }

  /**
   * When restores of a target interrupted it (manual Q6 counts these; checks, dry runs, drills and rollbacks do not).
   *
   * @param untilMs a stamp that is later was made by a wrong clock: it would count for years.
   * @returns milliseconds since the epoch, oldest first, those from `sinceMs` to `untilMs`.
   */
  interruptions(target: string, sinceMs: number, untilMs: number): number[] {
    return this.database
      .prepare<[string, number, number], { at_ms: number }>(
        'SELECT at_ms FROM interruptions WHERE target = ? AND at_ms BETWEEN ? AND ? ORDER BY at_ms',
      )
      .all(target, sinceMs, untilMs)
      .map((row) => row.at_ms)
  }

  /** What changed, in the order in which it did. */
  get changes(): ChangeLogReader {
    return new ChangeLogReader(this.database)
  }

  /** What the housekeeping remembers. */
  get upkeep(): UpkeepReader {
    return new UpkeepReader(this.database)
  }

  meta(key: string): string | undefined {
    return this.database.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?').get(key)?.value
  }

  /** The latest time that anything here bears, in milliseconds since the epoch; null: nothing is here. */
  newestStampMs(): number | null {
    const sql = 'SELECT MAX(at) AS at FROM (SELECT MAX(at) AS at FROM events UNION ALL SELECT MAX(at) FROM audit)'
    const at = this.database.prepare<[], { at: string | null }>(sql).get()?.at ?? null
    return at === null ? null : Date.parse(at)
  }

  /** As the program that wrote it last knew it. */
  schemaVersion(): number {
    return this.database.pragma('user_version', { simple: true }) as number
  }

  /** Grows with every write of any process; equal numbers mean that nothing changed. */
  dataVersion(): number {
    return this.database.pragma('data_version', { simple: true }) as number
  }

  close(): void {
    this.database.close()
  }

  #inPhases(phases: readonly string[]): StoredRequest[] {
    const sql = `SELECT * FROM requests WHERE phase IN (${phases.map(() => '?').join(', ')}) ORDER BY seq`
    return this.database
      .prepare<unknown[], RequestRow>(sql)
      .all(...phases)
      .map(toStoredRequest)
      .filter((request) => !isTerminal(request.phase))
  }
}

/** What somebody wrote there by hand may be anything: it is shown as it is, and does not fit its hash. */
function detailsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Falls through: not what was written.
  }
  return { unreadable: text }
}

/** @throws RestoreError `NoStateStore` where that may not be known. */
function isThere(path: string): boolean {
  try {
    statSync(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): RestoreError {
  const code = codeOf(error) ?? ''
  const damaged = code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_ERROR'
  return new RestoreError(`the state store ${path} cannot be read: ${messageOf(error)}`, {
    reason: 'NoStateStore',
    hint: damaged
      ? 'it is damaged, or no state store: docs/state-store-lost.md tells how to go on without it'
      : 'run the command as root or as a member of the group that owns the state directory',
    cause: error,
  })
}

/**
 * Opens the state store for reading only; it works beside a running daemon and without one.
 *
 * @throws RestoreError `NoStateStore` where there is none yet or it cannot be read.
 */
export function openStateReader(stateDir: string): StateReader {
  const path = stateStorePath(stateDir)
  if (!isThere(path)) {
    throw new RestoreError(`no state store at ${path}`, {
      reason: 'NoStateStore',
      hint: 'start the daemon once (modosu daemon --config FILE), or name the right configuration with --config',
    })
  }
  try {
    const database = new Database(path, { readonly: true, timeout: 5000 })
    database.prepare('SELECT 1 FROM requests LIMIT 1').get()
    return new StateReader(database)
  } catch (error) {
    throw unreadable(path, error)
  }
}
