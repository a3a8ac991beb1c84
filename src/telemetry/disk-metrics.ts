/** Sizes and free space, as the last look at the disk found them; the looking is disk-sampler.ts. */

import { createInstruments, setOrRemove, type Definitions, type Instruments, type Scope } from './metric.ts'

export const ROLES = ['database', 'backups', 'state'] as const
export type Role = (typeof ROLES)[number]

export const DISK_METRICS = {
  database: {
    name: 'modosu_database_size_bytes',
    type: 'gauge',
    help: 'Size of the database with its -wal, where most of the data may be. Absent where there is no database, or the disk does not answer.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  required: {
    name: 'modosu_required_free_bytes',
    type: 'gauge',
    help: 'Free space that a restore needs: twice the database (manual 2.4). Compare with modosu_filesystem_avail_bytes of the roles database and backups.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  available: {
    name: 'modosu_filesystem_avail_bytes',
    type: 'gauge',
    help: "Bytes that may still be written to the file system of the database, of the backups, or of the daemon's state. Absent where the disk does not answer.",
    labels: { target: 'target', role: ROLES },
    birth: 'absent',
  },
  safetyCount: {
    name: 'modosu_safety_backups',
    type: 'gauge',
    help: 'Safety backups of the target that are on disk. Every restore that swaps makes one; retention keeps the newest always.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  safetyBytes: {
    name: 'modosu_safety_backup_bytes',
    type: 'gauge',
    help: 'Bytes that the safety backups take.',
    labels: { target: 'target' },
    birth: 'absent',
  },
  safetyOldest: {
    name: 'modosu_safety_backup_oldest_timestamp_seconds',
    type: 'gauge',
    help: 'When the oldest safety backup was made; much older than the retention (14 days): pruning does not run. Absent where there is none.',
    labels: { target: 'target' },
    birth: 'absent',
  },
} as const satisfies Definitions

/** What one look found; null where the disk did not say. */
export interface DiskSample {
  readonly databaseBytes: number | null
  readonly availableBytes: Readonly<Record<Role, number | null>>
  readonly safetyBackups: readonly { readonly sizeBytes: number; readonly createdAtMs: number }[] | null
}

export class DiskMetrics {
  readonly #instruments: Instruments<typeof DISK_METRICS>

  constructor(scope: Scope) {
    this.#instruments = createInstruments(DISK_METRICS, scope)
  }

  /** Shows a sample; null takes the target's series away, for what is not known must not look like the last known. */
  show(target: string, sample: DiskSample | null): void {
    const { database, required, available, safetyCount, safetyBytes, safetyOldest } = this.#instruments
    const bytes = sample?.databaseBytes ?? null
    setOrRemove(database, { target }, bytes)
    setOrRemove(required, { target }, bytes === null ? null : 2 * bytes)
    for (const role of ROLES) setOrRemove(available, { target, role }, sample?.availableBytes[role] ?? null)
    const safety = sample?.safetyBackups ?? null
    setOrRemove(safetyCount, { target }, safety === null ? null : safety.length)
    setOrRemove(safetyBytes, { target }, safety === null ? null : safety.reduce((sum, file) => sum + file.sizeBytes, 0))
    const oldestMs = Math.min(...(safety ?? []).map((file) => file.createdAtMs))
    setOrRemove(safetyOldest, { target }, Number.isFinite(oldestMs) ? oldestMs / 1000 : null)
  }
}
