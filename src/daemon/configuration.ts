/** The configuration as the program uses it: absolute paths, milliseconds, nulls for what is left out. */

import type { AuthSettings, ListenerSettings } from '../api/settings.ts'
import type { ReportSettings } from '../domain/papers/settings.ts'
import type { RetentionRules } from '../domain/retention.ts'
import type { NodeIdentity } from '../domain/node.ts'
import type { Target } from '../domain/target.ts'

export interface ListenAddress {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

export interface Configuration {
  /** The file that it was read from, absolute. */
  readonly file: string
  readonly stateDir: string
  readonly node: NodeIdentity
  readonly spool: {
    readonly path: string
    readonly settleMs: number
    readonly resyncMs: number
    readonly deleteGraceMs: number
    readonly onFirstStart: 'Hold' | 'Run'
  }
  /** null: no metrics over TCP. */
  readonly metrics: { readonly listen: ListenAddress | null }
  readonly api: {
    readonly socket: string
    /** null: no TCP at all. */
    readonly listen: ListenAddress | null
    /** What `confirm` is in the manual's call where it is left out. */
    readonly confirmDefault: boolean
  } & Omit<ListenerSettings, 'host' | 'port'>
  readonly auth: AuthSettings
  readonly targets: readonly Target[]
  readonly retention: RetentionRules
  readonly schedules: {
    /** Cron texts; null: never. */
    readonly prune: string | null
    readonly verifyBackups: string | null
    readonly drill: string | null
    /** Whether a backup that appears is checked without waiting for the schedule. */
    readonly verifyNewBackups: boolean
    readonly timezone: string
    /** How fast scheduled verification reads; null: as fast as the disk is. */
    readonly verifyBytesPerSecond: number | null
  }
  readonly logging: {
    readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
    readonly format: 'json' | 'text'
  }
  /** What reports and checklists show besides what is known of a restore. */
  readonly report: ReportSettings
  /** Restores at once, over all targets. */
  readonly concurrency: number
  /** In which language commands speak; null: the locale says. */
  readonly language: 'ja' | 'en' | null
}
