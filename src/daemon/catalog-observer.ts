/**
 * Keeps telemetry told of the backups that a restore could start from. Lists one target at a time, and never the one that
 * a restore works on: a reader of the application's catalog must not have a database open that is about to be replaced.
 */

import type { BackupSet, CatalogListing } from '../catalog/contract.ts'
import { futureProblem } from '../catalog/future.ts'
import { localNamesWarning } from '../catalog/local-names.ts'
import { countPassedOver, passedOverNotices } from '../catalog/passed-over.ts'
import { scanBackups } from '../catalog/scan.ts'
import type { DatabaseOperations } from '../database/contract.ts'
import { isFuture, type Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { isTerminal, occupiesTarget } from '../domain/phases.ts'
import type { Target } from '../domain/target.ts'
import { verifiedSets } from '../controller/verdicts.ts'
import type { Change } from '../store/change.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { VerificationRecord } from '../store/upkeep.ts'
import type { BackupObservation, BackupTelemetry } from '../telemetry/telemetry.ts'
import { Arrivals } from './arrivals.ts'

const EVERY_MS = 300_000
/** A script that writes the list of checksums after the database is done by then. */
const QUIET_MS = 60_000
/** The catalog is one table; what takes longer waits for a lock or for a disk. */
const CATALOG_ROWS_MS = 30_000

export interface CatalogObserverOptions {
  readonly targets: readonly Target[]
  readonly database: Pick<DatabaseOperations, 'catalogRows'>
  readonly store: Pick<StateReader, 'running' | 'upkeep'>
  readonly telemetry: BackupTelemetry
  readonly clock: Clock
  readonly log: Log
  readonly everyMs?: number
  /** Lists a target anew, for other readers too. Absent: the observer lists by itself. */
  readonly scan?: (target: Target) => Promise<CatalogListing>
  /** Told of each set that appeared since the target's first listing, once nothing has written to it for a while. */
  readonly onArrival?: (target: Target, set: BackupSet) => void
  /** For how long nothing has been written to an arrival that is told of. */
  readonly quietMs?: number
}

export class CatalogObserver {
  readonly #options: CatalogObserverOptions
  readonly #waiting = new Set<Target>()
  #timer: NodeJS.Timeout | undefined
  /** The listing that runs; null: none. */
  #listing: { readonly target: Target; readonly abort: AbortController } | null = null
  #stopped = false
  /** Said once: a listing comes every five minutes. */
  readonly #said = new Set<string>()
  readonly #arrivals: Arrivals
  #targets: readonly Target[]

  constructor(options: CatalogObserverOptions) {
    this.#options = options
    this.#targets = options.targets
    const { clock, quietMs = QUIET_MS, onArrival = () => undefined } = options
    this.#arrivals = new Arrivals({
      clock,
      quietMs,
      arrived: onArrival,
      again: (target) => {
        this.look(target)
      },
    })
  }

  /** The targets of now; all of them are listed anew. */
  retarget(targets: readonly Target[]): void {
    this.#targets = targets
    this.#waiting.clear()
    for (const target of targets) this.#waiting.add(target)
    this.#next()
  }

  /** Lists every target now and every five minutes. Returns at once. */
  start(): void {
    const listAll = (): void => {
      for (const target of this.#targets) this.#waiting.add(target)
      this.#next()
    }
    this.#timer = setInterval(listAll, this.#options.everyMs ?? EVERY_MS).unref()
    listAll()
  }

  /** After each commit of the state store: a restore that begins breaks off the listing of its target, its end asks for one. */
  requestCommitted({ phase, spec }: Pick<StoredRequest, 'phase' | 'spec'>, { to }: Change): void {
    if (to === undefined) return
    if (occupiesTarget(phase) && this.#listing?.target.name === spec.target) this.#listing.abort.abort()
    if (isTerminal(phase)) this.look(spec.target)
  }

  /** Lists a target soon, because something may have changed. */
  look(targetName: string): void {
    const target = this.#targets.find(({ name }) => name === targetName)
    if (target === undefined) return
    this.#waiting.add(target)
    this.#next()
  }

  /** The backup sets of a target, newest first, with what the application's catalog says of them. */
  async list(target: Target, signal: AbortSignal): Promise<readonly BackupSet[]> {
    return (await this.#scan(target, signal)).sets
  }

  async #scan(target: Target, signal: AbortSignal): Promise<CatalogListing> {
    return scanBackups(target, await this.#catalogRows(target, signal))
  }

  /** Tells nothing from now on. Waits for nothing: a directory whose disk hangs must not hold up the daemon's end. */
  stop(): void {
    this.#stopped = true
    clearInterval(this.#timer)
    this.#arrivals.stop()
    this.#listing?.abort.abort()
  }

  /** One at a time: what comes while a listing runs waits for its end, and asks once however often it comes. */
  #next(): void {
    const [target] = this.#waiting
    if (this.#stopped || this.#listing !== null || target === undefined) return
    this.#waiting.delete(target)
    const abort = new AbortController()
    this.#listing = { target, abort }
    void this.#observe(target, abort.signal).finally(() => {
      this.#listing = null
      this.#next()
    })
  }

  /** Never rejects. A listing that fails leaves what the last one told. */
  async #observe(target: Target, signal: AbortSignal): Promise<void> {
    const { log, telemetry } = this.#options
    try {
      // Not in the caller's own turn, which is the start of the daemon or a commit.
      await Promise.resolve()
      if (this.#options.store.running(target.name) !== undefined) return
      const listing = await (this.#options.scan ?? ((each) => this.#scan(each, signal)))(target)
      const { sets } = listing
      const verified = await verifiedSets(this.#options.store, target.name, sets)
      if (signal.aborted) return
      const nowMs = this.#options.clock.nowMs()
      telemetry.backupsListed(
        target.name,
        sets.map((set) => observed(set, verified.get(set.id), nowMs)),
        countPassedOver(listing),
      )
      const warnings = [
        localNamesWarning(target.name, sets),
        ...sets.map((set) => futureProblem(set, nowMs)?.message),
        ...passedOverNotices(target, listing).map(({ message, hint }) => `${message}; ${hint}`),
      ]
      for (const warning of warnings) this.#warnOnce(target.name, warning)
      await this.#arrivals.listed(target, sets)
    } catch (error) {
      if (!signal.aborted)
        log.warn(`the backups of ${target.name} cannot be listed`, { target: target.name, err: error })
    }
  }

  #warnOnce(target: string, warning: string | null | undefined): void {
    if (warning === null || warning === undefined || this.#said.has(warning)) return
    this.#said.add(warning)
    this.#options.log.warn(warning, { target })
  }

  /** A wrecked database has no catalog to offer; its backups are found by their files. */
  async #catalogRows({ name, database, backups: { catalogTable } }: Target, signal: AbortSignal) {
    if (catalogTable === null) return []
    try {
      const options = { deadlineMs: CATALOG_ROWS_MS, signal }
      return await this.#options.database.catalogRows(database, catalogTable, options)
    } catch (error) {
      if (signal.aborted) throw error
      this.#options.log.debug('the application catalog cannot be read, files alone are listed', {
        target: name,
        err: error,
      })
      return []
    }
  }
}

function observed(set: BackupSet, verification: VerificationRecord | undefined, nowMs: number): BackupObservation {
  const { type, status, createdAtMs, problems, absorbed } = set
  const isProven = absorbed == null || verification?.passed === true
  const verifyFailed = verification?.passed === false
  const future = isFuture(createdAtMs, nowMs)
  return {
    type,
    status,
    createdAtMs,
    restorable: status === 'success' && problems.length === 0 && isProven && !verifyFailed && !future,
    verifyFailed,
    future,
  }
}
