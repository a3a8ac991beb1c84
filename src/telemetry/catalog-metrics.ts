/** The backups that a restore could start from, as the last listing and the last verification found them. */

import { PASSED_OVER_REASONS } from '../domain/passed-over.ts'
import { BACKUP_TYPES } from '../domain/resource.ts'
import { createInstruments, seriesOf, setOrRemove, type Definitions, type Instruments, type Scope } from './metric.ts'
import type { BackupObservation, BackupTelemetry } from './telemetry.ts'

export const BACKUP_STATUSES = [
  'success',
  'failure',
  'deleted',
  'in_progress',
] as const satisfies readonly BackupObservation['status'][]

export const CATALOG_METRICS = {
  backups: {
    name: 'modosu_backups',
    type: 'gauge',
    help: "Backup sets in the target's catalog, by type and status. Absent until the first listing.",
    labels: { target: 'target', type: BACKUP_TYPES, status: BACKUP_STATUSES },
    birth: 'absent',
  },
  restorable: {
    name: 'modosu_backups_restorable',
    type: 'gauge',
    help: 'Backup sets against which nothing is known: status success, files there, last verification passed, not dated in the future. 0 is escalation L3 (manual 12.1: all backups corrupt). Absent until the first listing.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  verifyFailed: {
    name: 'modosu_backups_verify_failed',
    type: 'gauge',
    help: 'Backup sets whose last verification failed. One with another to take its place is escalation L1, several are L2 (manual 12.1). Absent until the first listing.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  future: {
    name: 'modosu_backups_dated_in_future',
    type: 'gauge',
    help: 'Backup sets whose date is later than now: some clock was wrong, or names are in local time and backups.timezone is not set. None is chosen as the latest. Absent until the first listing.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  passedOver: {
    name: 'modosu_backup_files_passed_over',
    type: 'gauge',
    help: 'Files in the backup directory that look like backups and are not listed, by reason. flat: directly in the directory; folder: in a folder of no type; link: behind a link; name: of another stem, or named otherwise; suffix: not a .db. Which they are: modosu get backups. Absent until the first listing.',
    labels: { target: 'target', reason: PASSED_OVER_REASONS },
    birth: 'absent',
  },
  newestRestorable: {
    name: 'modosu_backup_newest_restorable_timestamp_seconds',
    type: 'gauge',
    help: 'When the newest restorable backup set was made: what a restore now would lose is time() minus this (RPO). Absent where there is none.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  lastSuccess: {
    name: 'modosu_backup_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the newest backup set of status success was made, by type. Absent where there is none.',
    labels: { target: 'target', type: BACKUP_TYPES },
    birth: 'absent',
  },
} as const satisfies Definitions

export class CatalogMetrics {
  readonly #instruments: Instruments<typeof CATALOG_METRICS>
  readonly #targets: ReadonlySet<string>

  constructor(scope: Scope) {
    this.#instruments = createInstruments(CATALOG_METRICS, scope)
    this.#targets = scope.targetNames
  }

  listed(...[target, backups, skipped = {}]: Parameters<BackupTelemetry['backupsListed']>): void {
    if (!this.#targets.has(target)) return
    const { restorable, verifyFailed, future, passedOver, newestRestorable, lastSuccess } = this.#instruments
    const usable = backups.filter((backup) => backup.restorable)
    restorable.set({ target }, usable.length)
    verifyFailed.set({ target }, backups.filter((backup) => backup.verifyFailed).length)
    future.set({ target }, backups.filter((backup) => backup.future).length)
    for (const reason of PASSED_OVER_REASONS) passedOver.set({ target, reason }, skipped[reason] ?? 0)
    setOrRemove(newestRestorable, { target }, newestOf(usable))
    for (const type of BACKUP_TYPES) {
      const succeeded = backups.filter(
        (backup) => backup.type === type && backup.status === 'success' && !backup.future,
      )
      setOrRemove(lastSuccess, { target, type }, newestOf(succeeded))
    }
    this.#counts(target, backups)
  }

  #counts(target: string, backups: readonly BackupObservation[]): void {
    const { backups: counts } = this.#instruments
    for (const labels of seriesOf(CATALOG_METRICS.backups, { targetNames: [target], jobs: [] })) counts.set(labels, 0)
    for (const { type, status } of backups) counts.inc({ target, type, status })
  }
}

/** In seconds since the epoch; null where there is none. */
function newestOf(backups: readonly BackupObservation[]): number | null {
  return backups.length === 0 ? null : Math.max(...backups.map((backup) => backup.createdAtMs)) / 1000
}
