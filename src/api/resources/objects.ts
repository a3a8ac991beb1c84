/** Backups, safety backups and targets as the objects that every door shows, the command line among them. */

import { statSync } from 'node:fs'

import type { BackupProblem, BackupSet, SafetyBackupFile } from '../../catalog/contract.ts'
import { SafetyOwners, type Ownership } from '../../catalog/safety-owner.ts'
import { listSafetyBackups } from '../../catalog/safety-backups.ts'
import { CLOCK_SKEW_MS, toRfc3339 } from '../../domain/clock.ts'
import { API_VERSION } from '../../domain/resource.ts'
import type { Decision } from '../../domain/retention.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import type { OutcomeRecord, SafetyBackupRecord, StoredRequest } from '../../store/rows.ts'
import type { VerificationRecord } from '../../store/upkeep.ts'

/** @param future why its date cannot be true; null: it can. */
export function backupObject(
  target: Target,
  set: BackupSet,
  verification: VerificationRecord | undefined,
  future: BackupProblem | null,
): object {
  const { db, wal, shm, sqlGz, checksumFile } = set
  return {
    apiVersion: API_VERSION,
    kind: 'Backup',
    metadata: { name: set.id, creationTimestamp: toRfc3339(set.createdAtMs) },
    target: target.name,
    type: set.type,
    status: set.status,
    restorable: set.problems.length === 0 && verification?.passed !== false,
    problems: set.problems,
    warnings: [
      ...(future === null ? [] : [future]),
      ...(set.remarks ?? []).map((message) => ({ reason: 'CheckWarning', message })),
    ],
    sizeBytes: set.sizeBytes,
    files: { db, wal, shm, sqlGz, checksumFile },
    checksums: set.checksums,
    missing: set.missing,
    aliases: set.aliases,
    verification:
      verification === undefined
        ? null
        : {
            passed: verification.passed,
            message: verification.message,
            at: verification.at,
            check: verification.check,
            foundBy: verification.foundBy,
            sqliteVersion: verification.sqliteVersion,
          },
  }
}

export interface OwnSafetyBackup extends Ownership<SafetyBackupRecord> {
  readonly file: SafetyBackupFile
}

/** Without those of other targets; in the order in which they were made where that is recorded, the others after them by name. */
export async function ownSafetyBackups(
  target: Target,
  records: readonly SafetyBackupRecord[],
): Promise<readonly OwnSafetyBackup[]> {
  const owners = new SafetyOwners(target, records)
  const files = (await listSafetyBackups(target)).map((file) => ({ file, ...owners.of(file.path) }))
  const rank = ({ record }: OwnSafetyBackup): number => (record === null ? records.length : records.indexOf(record))
  return files.filter(({ whose }) => whose !== 'other').sort((a, b) => rank(a) - rank(b))
}

/** @param decision what retention says of it; undefined: nobody knows. */
export function safetyBackupObject(
  target: Target,
  { file, record, whose }: OwnSafetyBackup,
  decision: Decision | undefined,
): object {
  return {
    apiVersion: API_VERSION,
    kind: 'SafetyBackup',
    metadata: { name: file.name, creationTimestamp: toRfc3339(file.createdAtMs) },
    target: target.name,
    path: file.path,
    sizeBytes: file.sizeBytes,
    raw: file.raw,
    request: record?.request ?? null,
    /** own, unrecorded, or unknown where several targets could have made it. */
    owner: whose,
    sha256: record?.sha256 ?? null,
    retention:
      decision === undefined
        ? null
        : {
            action: decision.act,
            why: decision.why,
            pinnedBy: decision.pinnedBy,
            deletableAfter: decision.deletableAfterMs === null ? null : toRfc3339(decision.deletableAfterMs),
          },
  }
}

/** What the state store knows of a target. */
export interface TargetState {
  readonly running: StoredRequest | undefined
  readonly last: OutcomeRecord | undefined
  /** Restores that interrupted the application within the rate limit's window. */
  readonly recent: number
}

export function targetStateOf(reader: StateReader, target: Target, nowMs: number): TargetState {
  return {
    running: reader.running(target.name),
    last: reader.lastOutcome(target.name),
    recent: reader.interruptions(target.name, nowMs - target.rateLimit.windowMs, nowMs + CLOCK_SKEW_MS).length,
  }
}

export function targetObject(target: Target, { running, last, recent }: TargetState): object {
  return {
    apiVersion: API_VERSION,
    kind: 'Target',
    metadata: { name: target.name },
    database: target.database,
    sizeBytes: databaseSize(target.database) ?? null,
    backups: target.backups,
    service: target.service,
    running: running?.name ?? null,
    lastResult: last ?? null,
    rateLimit: { ...target.rateLimit, used: recent },
  }
}

/** Of the main file and its `-wal`, which may hold most of the data; undefined where there is no database. */
export function databaseSize(database: string): number | undefined {
  const sizes = [database, `${database}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size)
  return sizes[0] === undefined ? undefined : sizes[0] + (sizes[1] ?? 0)
}
