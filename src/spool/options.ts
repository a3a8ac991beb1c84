/** What the spool is made of, and what it says of itself. */

import type { Intake } from '../controller/intake-contract.ts'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { NodeIdentity } from '../domain/node.ts'
import type { ManifestParser } from '../manifest/parser.ts'
import type { LookForWriters } from './writers.ts'

export interface SpoolCounts {
  /** Files whose every document is a request. */
  readonly accepted: number
  /** Files with something wrong in them. */
  readonly rejected: number
  /** Files that hold requests for other nodes and nothing else. */
  readonly elsewhere: number
  /** Entries that are no request by their name. */
  readonly ignored: number
}

export interface SpoolOptions {
  readonly path: string
  /** Requests for another node are left alone. */
  readonly node: NodeIdentity
  /** How long a file must have been quiet before it is read. */
  readonly settleMs: number
  /** How often everything is looked at again. */
  readonly resyncMs: number
  /** How long a name must be in no file before the intake is told that it is absent. */
  readonly deleteGraceMs: number
  readonly intake: Intake
  /** Closed by whoever made it. */
  readonly parser: Pick<ManifestParser, 'parse'>
  /** STATE/status, for the reports about rejected files. */
  readonly statusDir: string
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly telemetry?: {
    spoolScanned(files: SpoolCounts, atMs: number): void
    spoolScanFailed(): void
  }
  /** Milliseconds of a clock that only goes forward; the process's own where it is left out. */
  readonly elapsedMs?: () => number
  /** Who has files open for writing; /proc is asked where it is left out. */
  readonly lookForWriters?: LookForWriters
}
