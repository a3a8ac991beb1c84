/**
 * A verification that somebody asked for is recorded in the application's own audit table too. The database is the one that
 * the application uses, and it is written to for nobody's need but that of the record. So it is left alone where anything
 * speaks against it, and the daemon's own audit log has the record in any case:
 *
 *   a restore of the target is under way       its safety backup and its swap rest on what the database holds
 *   another process holds the target's lock    the same, of another daemon
 *   nobody has the database open               what lies there may be kept as evidence, with the -wal or -journal of a crash;
 *                                              whoever opens it alone recovers it, and removes these files at the end
 *
 * A restore that begins meanwhile waits for the end of the record, which is bounded: it would take the process that writes for
 * one of the application's. Where this daemon dies, the row is there or not, as of any transaction.
 */

import { readFileSync } from 'node:fs'

import { resolveLinks } from '../database/links.ts'
import { lockPath, sideFiles } from '../database/place.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import { toRfc3339, type Clock } from '../domain/clock.ts'
import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { occupiesTarget } from '../domain/phases.ts'
import type { Target } from '../domain/target.ts'
import { acquireFileLock } from '../sandbox/file-lock.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'

const HOLDERS_MS = 5000
/** The child waits for the application's locks for half of it, and writes one row. */
const WRITE_MS = 10_000

export interface VerificationRecord {
  readonly target: Target
  /** One of its own for each verification. */
  readonly uid: string
  readonly backupId: string
  /** Who asked for it. */
  readonly username: string
  /** What is wrong with the backup; null: it has passed. */
  readonly failure: string | null
  /** Result by check. */
  readonly checks: Readonly<Record<string, string>>
}

export interface VerificationRecordsOptions {
  readonly reader: Pick<StateReader, 'unfinished'>
  readonly database: Pick<DatabaseOperations, 'holders' | 'mirror'>
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'warn'>
}

type Hindrance = 'restore' | 'lock' | 'unused'

/** For the log. */
const WHY: Readonly<Record<Hindrance, string>> = {
  restore: 'a restore of the target is under way',
  lock: 'another process restores the target',
  unused: 'nobody is seen to have the database open',
}

export class VerificationRecords {
  readonly #options: VerificationRecordsOptions
  /** The last record of a target, which waits for those before it. */
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(options: VerificationRecordsOptions) {
    this.#options = options
  }

  /** Resolves when nothing is written into the target's database any more. Never rejects. */
  async ended(target: string): Promise<void> {
    await this.#underWay.get(target)
  }

  /** Never rejects: why there is no record is logged. */
  async write(record: VerificationRecord): Promise<void> {
    const { name, backups } = record.target
    if (backups.auditTable === null) return
    const turn = this.ended(name).then(() => this.#write(record, backups.auditTable ?? ''))
    this.#underWay.set(name, turn)
    await turn
    if (this.#underWay.get(name) === turn) this.#underWay.delete(name)
  }

  async #write(record: VerificationRecord, table: string): Promise<void> {
    const { log } = this.#options
    const fields = { target: record.target.name, backup: record.backupId, table }
    try {
      const path = await resolveLinks(record.target.database)
      const hindrance = await this.#unlessInTheWay(record, path, table)
      if (hindrance !== null) log.info(`the verification is not recorded in the database: ${WHY[hindrance]}`, fields)
    } catch (error) {
      log.warn(`the verification could not be recorded in the database: ${messageOf(error)}`, { ...fields, err: error })
    }
  }

  /** @returns what was in the way; null where it was tried. */
  async #unlessInTheWay(record: VerificationRecord, path: string, table: string): Promise<Hindrance | null> {
    const { reader, database } = this.#options
    const isInTheWay = ({ spec, phase }: StoredRequest): boolean =>
      spec.target === record.target.name && spec.mode !== 'Drill' && occupiesTarget(phase)
    if (reader.unfinished().some(isInTheWay)) return 'restore'
    const lock = acquireFileLock(lockPath(path))
    if (lock === null) return 'lock'
    try {
      const paths = [path, ...sideFiles(path)]
      const { holders } = await database.holders(paths, { deadlineMs: HOLDERS_MS })
      if (!holders.some(({ pid, file }) => file === path && !isOurs(pid))) return 'unused'
      await this.#insert(record, path, table)
      return null
    } finally {
      lock.release({ remove: true })
    }
  }

  async #insert(record: VerificationRecord, path: string, table: string): Promise<void> {
    const { database, clock, log } = this.#options
    const { target, uid, backupId, username, failure, checks } = record
    const audit = {
      operation: 'verify',
      uid,
      backupId,
      username,
      auditUser: target.backups.auditUser ?? null,
      status: failure === null ? 'success' : 'failure',
      errorMessage: failure,
      details: { checks },
      at: toRfc3339(clock.nowMs()),
    } as const
    const request = { database: path, previous: null, catalogTable: null, auditTable: table, audit }
    const { warnings } = await database.mirror(request, { deadlineMs: WRITE_MS })
    for (const warning of warnings) log.warn(warning, { target: target.name, backup: backupId })
  }
}

/** A process of this daemon's, which only looks, is not the application. */
function isOurs(pid: number): boolean {
  try {
    // The name of the command, in parentheses, may hold anything: the fields are counted from behind it.
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]) === process.pid
  } catch {
    // It is gone, so it has nothing open.
    return true
  }
}
