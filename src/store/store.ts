/** The state store's one writer. A phase is what this file says it is: everything else is rebuilt from here. */

import Database from 'better-sqlite3'
import { randomUUID } from 'node:crypto'

import { toRfc3339, type Clock } from '../domain/clock.ts'
import { withCondition } from '../domain/conditions.ts'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { canTransition, isTerminal, type Phase } from '../domain/phases.ts'
import type { Person } from '../domain/person.ts'
import type { Origin, RestoreManifest, RestoreStatus } from '../domain/resource.ts'
import { toVersionedResource } from '../domain/resource-view.ts'
import { chainHash, CHAIN_START } from './audit-chain.ts'
import { AuditWitness } from './audit-witness.ts'
import { ChangeLog, KEPT_CHANGES, type ChangeRecord } from './change-log.ts'
import type { AuditInput, Change, EventInput } from './change.ts'
import { recordTick } from './checklists.ts'
import { guardEvidence, migrate } from './migrations.ts'
import { StateReader, stateStorePath } from './reader.ts'
import type { StoredRequest } from './rows.ts'
import { Sessions } from './sessions.ts'
import { Upkeep } from './upkeep.ts'

export interface NewRequest {
  readonly manifest: RestoreManifest
  readonly specHash: string
  readonly origin: Origin
  readonly held: boolean
  readonly events: readonly EventInput[]
  /** Who asked for it, as proven; absent or null: nobody has. */
  readonly submitter?: Person | null
  readonly audit?: readonly AuditInput[]
}

/** Told after each commit, in order. A listener that throws is the program's error and ends the daemon. */
export type CommitListener = (request: StoredRequest, change: Change) => void

export class StateStore extends StateReader {
  readonly stateDir: string
  readonly #clock: Clock
  readonly #witness: AuditWitness
  readonly #listeners: CommitListener[] = []
  readonly #changes: ChangeLog
  #witnessFailed: (error: unknown) => void = () => undefined

  /** @throws the file system's error where the witness of the audit log cannot be written. */
  constructor(database: Database.Database, clock: Clock, stateDir: string, keptChanges = KEPT_CHANGES) {
    super(database)
    this.#changes = new ChangeLog(database, keptChanges)
    this.#changes.begin(clock.nowMs())
    this.stateDir = stateDir
    this.#clock = clock
    this.#witness = new AuditWitness(stateDir, (id) => this.auditHeadsAfter(id))
  }

  /** Whether the file that witnesses the audit log was gone when the store was opened, though there are records. */
  get witnessWasMissing(): boolean {
    return this.#witness.wasMissing
  }

  /** Told when an audit record is in the store and could not be witnessed yet (a full disk): the next one brings it along. */
  onWitnessFailure(listener: (error: unknown) => void): void {
    this.#witnessFailed = listener
  }

  override get upkeep(): Upkeep {
    return new Upkeep(this.database, this.#clock)
  }

  /** Logins over TCP. */
  get sessions(): Sessions {
    return new Sessions(this.database)
  }

  /** Everything that the body writes, or nothing; nobody else writes between its reads and its writes. */
  atomically<T>(body: () => T): T {
    return this.database.transaction(body).immediate()
  }

  onCommit(listener: CommitListener): void {
    this.#listeners.push(listener)
  }

  /** Stores a new request in phase Pending. */
  create(input: NewRequest): StoredRequest {
    const { metadata, spec } = input.manifest
    const now = this.#now()
    const status: RestoreStatus = { observedGeneration: 1, phase: 'Pending', checks: [], conditions: [] }
    const { audit = [] } = input
    const step: Change = { from: 'Pending', reason: 'Created', message: 'request received', audit }
    return this.#write(metadata.name, step, () => {
      this.database
        .prepare(
          `INSERT INTO requests (name, uid, target, phase, generation, origin, labels, annotations, spec, spec_hash,
            status, work, held, suspended, approvals, attempts, created_at, submitter)
          VALUES (?, ?, ?, 'Pending', 1, ?, ?, ?, ?, ?, ?, '{}', ?, ?, '[]', 0, ?, ?)`,
        )
        .run(
          metadata.name,
          randomUUID(),
          spec.target,
          JSON.stringify(input.origin),
          JSON.stringify(metadata.labels),
          JSON.stringify(metadata.annotations),
          JSON.stringify(spec),
          input.specHash,
          JSON.stringify(status),
          Number(input.held),
          Number(spec.suspend),
          now,
          personText(input.submitter),
        )
      const created = this.#required(metadata.name)
      this.#transition(created, null, 'Pending', 'Created', 'request received', now)
      this.#events(created, input.events, now)
      for (const record of audit) this.#audit(created, record, now)
    })
  }

  /**
   * Accepts an edited spec of a request that has not started: a new generation, which is judged anew.
   *
   * A request that was Rejected never started either; its edit brings it back to Pending.
   */
  edit(name: string, input: Omit<NewRequest, 'held'>): StoredRequest {
    const { metadata, spec } = input.manifest
    const now = this.#now()
    const { audit = [] } = input
    const step: Change = { from: 'Pending', reason: 'Edited', message: 'spec edited before the start', audit }
    return this.#write(name, step, () => {
      const before = this.#required(name)
      const generation = before.generation + 1
      const status: RestoreStatus = { observedGeneration: generation, phase: 'Pending', checks: [], conditions: [] }
      this.database
        .prepare(
          `UPDATE requests SET target = ?, phase = 'Pending', generation = ?, origin = ?, labels = ?, annotations = ?,
            spec = ?, spec_hash = ?, status = ?, work = '{}', suspended = ?, approvals = '[]',
            approvers = NULL, submitter = ?, attempts = 0,
            cancel_requested = NULL, terminal_at = NULL, forgotten_at = NULL WHERE name = ?`,
        )
        .run(
          spec.target,
          generation,
          JSON.stringify(input.origin),
          JSON.stringify(metadata.labels),
          JSON.stringify(metadata.annotations),
          JSON.stringify(spec),
          input.specHash,
          JSON.stringify(status),
          Number(spec.suspend),
          personText(input.submitter),
          name,
        )
      this.#transition(before, before.phase, 'Pending', 'Edited', `generation ${generation}`, now)
      this.#events(before, input.events, now)
      for (const record of audit) this.#audit(before, record, now)
    })
  }

  /**
   * Records one step, everything of it in one transaction.
   *
   * @throws RestoreError `Conflict` where the request is not in the phase that the change was made for, or the table of
   * phases has no such edge.
   */
  commit(name: string, change: Change): StoredRequest {
    const now = this.#now()
    return this.#write(name, change, () => {
      const before = this.#required(name)
      this.#refuseStale(before, change)
      const phase = change.to ?? before.phase
      const status = this.#mergeStatus(before, change, phase, now)
      this.database
        .prepare(
          `UPDATE requests SET phase = ?, status = ?, work = ?, attempts = ?, held = ?, suspended = ?,
            cancel_requested = ?, approvals = ?, approvers = ?, terminal_at = ?, forgotten_at = ? WHERE name = ?`,
        )
        .run(
          phase,
          JSON.stringify(status),
          JSON.stringify(change.work ?? before.work),
          change.attempts ?? before.attempts,
          Number(change.held ?? before.held),
          Number(change.suspended ?? before.suspended),
          change.cancelRequested === undefined ? before.cancelRequested : change.cancelRequested,
          JSON.stringify(change.approvals ?? before.approvals),
          JSON.stringify(change.approvers ?? before.approvers),
          isTerminal(phase) ? (before.terminalAt ?? now) : null,
          change.forgotten === true ? now : before.forgottenAt,
          name,
        )
      if (phase !== before.phase) this.#transition(before, before.phase, phase, change.reason, change.message, now)
      this.#events(before, change.events ?? [], now)
      for (const audit of change.audit ?? []) this.#audit(before, audit, now)
      this.#safetyBackup(before, change, now)
      for (const tick of change.ticks ?? []) recordTick(this.database, before, tick, now)
      if (change.verdict !== undefined) this.upkeep.recordVerification(change.verdict)
      if (change.interruptsAtMs !== undefined) this.#interruption(before, change.interruptsAtMs)
      if (isTerminal(phase) && phase !== before.phase) this.#outcome({ ...before, status }, change, phase, now)
    })
  }

  /** Events that belong to no request's step, such as a file that was refused. */
  recordEvent(request: string, target: string, event: EventInput): void {
    this.database
      .prepare('INSERT INTO events (request, target, type, reason, message, at) VALUES (?, ?, ?, ?, ?, ?)')
      .run(request, target, event.type, event.reason, event.message, this.#now())
  }

  /** An audit record outside a restore (a prune, a verification). */
  recordAudit(target: string, request: string, audit: AuditInput): void {
    this.database
      .transaction(() => {
        this.#audit({ name: request, spec: { target } }, audit, this.#now())
      })
      .immediate()
    this.#bearWitness()
  }

  setMeta(key: string, value: string): void {
    this.database
      .prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, value)
  }

  forgetSafetyBackup(target: string, name: string): void {
    this.database.prepare('DELETE FROM safety_backups WHERE target = ? AND name = ?').run(target, name)
  }

  #write(name: string, change: Change, body: () => void): StoredRequest {
    this.database
      .transaction(() => {
        const before = this.request(name)
        body()
        this.#recordChange(name, before)
      })
      .immediate()
    if (change.audit !== undefined && change.audit.length > 0) this.#bearWitness()
    const after = this.#required(name)
    for (const listener of this.#listeners) listener(after, change)
    return after
  }

  #recordChange(name: string, before: StoredRequest | undefined): void {
    const request = this.#required(name)
    const type = changeType(before, request)
    const { target } = request.spec
    const version = this.#changes.record({ type, request: name, target }, (resourceVersion) =>
      toVersionedResource({ ...request, resourceVersion }),
    )
    this.database.prepare('UPDATE requests SET resource_version = ? WHERE name = ?').run(version, name)
  }

  /** The record is committed: a witness that cannot be written must not undo what happened. */
  #bearWitness(): void {
    try {
      this.#witness.follow()
    } catch (error) {
      this.#witnessFailed(error)
    }
  }

  #refuseStale(before: StoredRequest, change: Change): void {
    if (before.phase !== change.from) {
      throw new RestoreError(`request ${before.name} is in phase ${before.phase}, not ${change.from}`, {
        reason: 'Conflict',
        disposition: 'retry',
      })
    }
    if (change.forgotten === true && !isTerminal(before.phase)) {
      throw new RestoreError(`request ${before.name} has not ended (${before.phase})`, { reason: 'Conflict' })
    }
    if (change.to !== undefined && change.to !== before.phase && !canTransition(before.phase, change.to)) {
      throw new RestoreError(`no edge leads from ${before.phase} to ${change.to}`, { reason: 'Conflict' })
    }
  }

  #mergeStatus(before: StoredRequest, change: Change, phase: Phase, now: string): RestoreStatus {
    let conditions = [...before.status.conditions]
    for (const update of change.conditions ?? []) {
      conditions = withCondition(conditions, update, before.generation, now)
    }
    const merged: RestoreStatus = {
      ...before.status,
      ...change.status,
      phase,
      observedGeneration: before.generation,
      checks: [...before.status.checks, ...(change.checks ?? [])],
      conditions,
    }
    const cleared = new Set<string>(change.clear ?? [])
    return Object.fromEntries(Object.entries(merged).filter(([key]) => !cleared.has(key))) as unknown as RestoreStatus
  }

  #transition(of: StoredRequest, from: Phase | null, to: Phase, reason: string, message: string, at: string): void {
    this.database
      .prepare(
        'INSERT INTO transitions (request, uid, from_phase, to_phase, reason, message, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(of.name, of.uid, from, to, reason, message, at)
  }

  #events(of: StoredRequest, events: readonly EventInput[], at: string): void {
    for (const event of events) {
      this.database
        .prepare('INSERT INTO events (request, target, type, reason, message, at) VALUES (?, ?, ?, ?, ?, ?)')
        .run(of.name, of.spec.target, event.type, event.reason, event.message, at)
    }
  }

  #audit(
    of: { readonly name: string; readonly spec: { readonly target: string } },
    audit: AuditInput,
    at: string,
  ): void {
    const head = this.auditHead()
    const record = {
      ...audit,
      id: (head?.id ?? 0) + 1,
      at,
      target: of.spec.target,
      request: of.name,
      previousHash: head?.hash ?? CHAIN_START,
    }
    this.database
      .prepare(
        `INSERT INTO audit (id, at, operation, actor, target, request, backup_id, status, message, details,
          previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        record.id,
        record.at,
        record.operation,
        record.actor,
        record.target,
        record.request,
        record.backupId,
        record.status,
        record.message,
        JSON.stringify(record.details),
        record.previousHash,
        chainHash(record),
      )
  }

  #safetyBackup(of: StoredRequest, change: Change, at: string): void {
    const safety = change.safetyBackup
    if (safety === undefined) return
    // A name that was free again: the record of the file that had it before is of another restore, perhaps of another target.
    this.database.prepare('DELETE FROM safety_backups WHERE path = ? AND request <> ?').run(safety.path, of.name)
    this.database
      .prepare(
        `INSERT INTO safety_backups (path, name, target, request, sha256, raw, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, raw = excluded.raw`,
      )
      .run(safety.path, safety.name, of.spec.target, of.name, safety.sha256, Number(safety.raw), at)
  }

  #interruption(of: StoredRequest, atMs: number): void {
    this.database
      .prepare('INSERT INTO interruptions (uid, target, at_ms) VALUES (?, ?, ?) ON CONFLICT (uid) DO NOTHING')
      .run(of.uid, of.spec.target, atMs)
  }

  #outcome(of: StoredRequest, change: Change, result: Phase, at: string): void {
    const { durationSeconds, downtimeMs, applicationDowntimeMs, application } = of.status
    this.database
      .prepare(
        `INSERT INTO outcomes (uid, generation, request, target, source, mode, result, reason, duration_ms, downtime_ms,
          application, application_downtime_ms, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        of.uid,
        of.generation,
        of.name,
        of.spec.target,
        Object.keys(of.spec.source)[0] ?? 'none',
        of.spec.mode,
        result,
        change.reason,
        durationSeconds === undefined ? null : Math.round(durationSeconds * 1000),
        downtimeMs ?? null,
        application?.state ?? null,
        applicationDowntimeMs ?? null,
        at,
      )
  }

  #required(name: string): StoredRequest {
    const request = this.request(name)
    if (request === undefined) throw new RestoreError(`request ${name} is not stored`, { reason: 'NotFound' })
    return request
  }

  #now(): string {
    return toRfc3339(this.#clock.nowMs())
  }
}

/** For whoever watches a list. */
function changeType(before: StoredRequest | undefined, { forgottenAt }: StoredRequest): ChangeRecord['type'] {
  const wasListed = before !== undefined && before.forgottenAt === null
  if (wasListed && forgottenAt !== null) return 'DELETED'
  return !wasListed && forgottenAt === null ? 'ADDED' : 'MODIFIED'
}

function personText(person: Person | null | undefined): string | null {
  return person == null ? null : JSON.stringify(person)
}

/**
 * Opens the state store for writing, making it where there is none.
 *
 * better-sqlite3 compiles WAL with synchronous=NORMAL, with which a power cut forgets the last commits; a forgotten
 * phase would be a lie about the disk, so every commit is synced (https://sqlite.org/pragma.html#pragma_synchronous).
 *
 * @param keptChanges how many changes of requests a watcher may be behind.
 * @throws RestoreError `StateStoreUnusable`, `StateStoreTooNew`.
 */
export function openStateStore(stateDir: string, clock: Clock, keptChanges?: number): StateStore {
  try {
    const database = new Database(stateStorePath(stateDir), { timeout: 10_000 })
    try {
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma('foreign_keys = ON')
      migrate(database)
      guardEvidence(database)
      return new StateStore(database, clock, stateDir, keptChanges)
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw unusable(stateDir, error)
  }
}

/** Said at the start, before anything was touched: without its memory the daemon does nothing. */
function unusable(stateDir: string, error: unknown): RestoreError {
  if (error instanceof RestoreError) return error
  const lost = /^SQLITE_(CORRUPT|NOTADB|FORMAT|ERROR)/.test(codeOf(error) ?? '')
  return new RestoreError(`the state store ${stateStorePath(stateDir)} cannot be used: ${messageOf(error)}`, {
    reason: 'StateStoreUnusable',
    hint: lost
      ? `set it aside and start anew: mkdir ${stateDir}.damaged && mv ${stateDir}/modosu.db* ${stateDir}/audit.heads ` +
        `${stateDir}.damaged/   (the requests of the spool are then held until somebody approves them, and what an ` +
        'unfinished restore left beside a database is named at the start: docs/state-store-lost.md)'
      : `look at its directory, file system and space: ls -la ${stateDir}; df -h ${stateDir}`,
    cause: error,
  })
}
