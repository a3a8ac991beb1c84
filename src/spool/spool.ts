/**
 * The spool: a directory of requests that the daemon only reads. Level-triggered: an event says "look there", the file
 * is read again, and everything is looked at again every so often; a missed event costs time and nothing else. One
 * loop does one thing after another, so that no two looks at a file overlap.
 */

import { messageOf, RestoreError } from '../domain/errors.ts'
import type { FileVerdict } from '../controller/intake-contract.ts'
import { Agenda } from './agenda.ts'
import { judgeFilesOf } from './confirmation.ts'
import { SpoolDirectory, type Listing } from './directory.ts'
import { isCandidate, keyOf } from './entry-name.ts'
import { FileTable, type FileTableOptions } from './file-table.ts'
import type { SpoolCounts, SpoolOptions } from './options.ts'
import { RejectedReports } from './rejected-reports.ts'
import { Synchronizer } from './synchronizer.ts'
import { Teller } from './teller.ts'
import { SpoolWatcher } from './watcher.ts'
import { lookForWriters } from './writers.ts'

/** While the directory cannot be read it is tried this often, and complained of once a minute. */
const RETRY_MS = 1000
const COMPLAIN_MS = 60_000
const SHORTEST_WAIT_MS = 20
const LONGEST_WAIT_MS = 2000
/** After the intake could not be told of something: its disk may be full, or its store busy. */
const RETRY_INTAKE_MS = 5000

const SPOOL_UNREAD: FileVerdict = {
  ready: false,
  reason: 'SpoolUnreadable',
  message: 'the spool cannot be read now, so nobody knows whether the file of this request still holds it',
}

export class Spool {
  readonly #options: SpoolOptions
  readonly #elapsedMs: () => number
  readonly #seeing: Pick<FileTableOptions, 'elapsedMs' | 'settleMs' | 'lookForWriters'>
  readonly #abort = new AbortController()
  readonly #directory: SpoolDirectory
  readonly #files: FileTable
  readonly #teller: Teller
  readonly #synchronizer: Synchronizer
  readonly #agenda: Agenda
  #loop: Promise<void> | null = null
  #waiters: (() => void)[] = []
  #watcher: SpoolWatcher | null = null
  #watched = ''
  #readable = true
  #complainedAtMs = -Infinity
  #lookAgainAtMs = Infinity
  #lastScanMs: number | null = null
  #scanErrors = 0

  constructor(options: SpoolOptions) {
    const { path, statusDir, settleMs, elapsedMs = () => performance.now() } = options
    const { signal } = this.#abort
    this.#seeing = { elapsedMs, settleMs, lookForWriters: options.lookForWriters ?? lookForWriters }
    const reports = new RejectedReports(statusDir, path)
    const files = new FileTable({ ...options, ...this.#seeing, uid: process.getuid?.() ?? 0, signal })
    const teller = new Teller({ ...options, files, reports })
    this.#options = options
    this.#elapsedMs = elapsedMs
    this.#directory = new SpoolDirectory(path)
    this.#files = files
    this.#teller = teller
    this.#synchronizer = new Synchronizer({ ...options, files, teller, reports, elapsedMs, signal })
    this.#agenda = new Agenda(elapsedMs)
  }

  /** When the last complete scan ended, in milliseconds since the epoch; null: there was none yet. */
  get lastScanMs(): number | null {
    return this.#lastScanMs
  }

  /** Scans that failed since the start. */
  get scanErrors(): number {
    return this.#scanErrors
  }

  /** Files by what became of them; those that are not quiet yet are in none of the counts. */
  counts(): SpoolCounts {
    return { ...this.#files.counts(), ignored: this.#directory.last?.ignored ?? 0 }
  }

  /** Begins to watch, and resolves when the first scan has ended, well or not. Never throws. */
  async start(): Promise<void> {
    const scanned = this.rescan()
    this.#loop ??= this.#run()
    await scanned
  }

  /** Ends everything; resolves when nothing of it runs any more. Idempotent. */
  async stop(): Promise<void> {
    this.#abort.abort()
    this.#agenda.wake()
    await this.#loop
    await this.#watcher?.close()
    this.#watcher = null
    this.#releaseWaiters()
  }

  /** Has everything looked at again; resolves when a scan that began after the call has ended, well or not. */
  async rescan(): Promise<void> {
    if (this.#stopping()) return
    const done = new Promise<void>((resolve) => this.#waiters.push(resolve))
    this.#agenda.wantScan()
    await done
  }

  /**
   * Looks at everything once more and says whether the files that give a name still hold what the intake was told, and
   * nobody is writing to them. Never throws.
   */
  async confirm(name: string): Promise<FileVerdict> {
    await this.rescan()
    const directory = this.#directory.last?.realPath
    if (this.#stopping() || !this.#readable || directory === undefined) return SPOOL_UNREAD
    return judgeFilesOf(name, { files: this.#files, directory, ...this.#seeing })
  }

  async #run(): Promise<void> {
    while (!this.#stopping()) {
      try {
        await this.#step()
      } catch (error) {
        if (this.#stopping()) return
        // Nothing that a file holds may end the loop: it is said, and everything is looked at again.
        this.#options.log.error('the spool could not be processed', { error: messageOf(error) })
        this.#agenda.scanIn(RETRY_MS)
        // Else the look that failed would be due at once, over and over.
        this.#lookAgainAtMs = Infinity
        this.#releaseWaiters()
      }
    }
  }

  async #step(): Promise<void> {
    const keys = this.#agenda.takeLooks()
    const directory = this.#directory.last?.realPath
    if (this.#agenda.scanDue) {
      await this.#scan()
    } else if (this.#readable && this.#elapsedMs() >= this.#synchronizer.absenceDueAtMs) {
      await this.#scan()
    } else if (
      directory !== undefined &&
      this.#readable &&
      (keys.length > 0 || this.#elapsedMs() >= this.#lookAgainAtMs)
    ) {
      const restless = this.#files.keysWhere(({ unsettled }) => unsettled !== null)
      await this.#synchronizer.update(directory, Array.from(new Set([...keys, ...restless])))
    }
    this.#planLookAgain()
    if (this.#teller.retryWanted) this.#agenda.scanWithin(RETRY_INTAKE_MS)
    const absenceDueAtMs = this.#readable ? this.#synchronizer.absenceDueAtMs : Infinity
    // A stop during this step found nobody asleep to wake: sleeping now would last until the next resync.
    if (!this.#stopping()) await this.#agenda.sleep(Math.min(this.#lookAgainAtMs, absenceDueAtMs))
  }

  #planLookAgain(): void {
    const nowMs = this.#elapsedMs()
    const shortestMs = Math.max(this.#options.settleMs / 2, SHORTEST_WAIT_MS)
    // A file that stays open is looked at less and less often: each look reads what every process has open.
    const waits = this.#files
      .unsettled()
      .map(({ sinceMs, writer }) =>
        writer === null ? shortestMs : Math.max(shortestMs, Math.min(LONGEST_WAIT_MS, (nowMs - sinceMs) / 4)),
      )
    this.#lookAgainAtMs = waits.reduce((least, wait) => Math.min(least, nowMs + wait), Infinity)
  }

  async #scan(): Promise<void> {
    const waiters = this.#waiters
    this.#waiters = []
    this.#agenda.scanIn(this.#options.resyncMs)
    try {
      const listing = await this.#directory.list()
      await this.#becomeReadable(listing)
      await this.#synchronizer.scan(listing)
      this.#lastScanMs = this.#options.clock.nowMs()
      this.#options.telemetry?.spoolScanned(this.counts(), this.#lastScanMs)
    } catch (error) {
      if (!this.#stopping()) this.#scanFailed(error)
    } finally {
      for (const release of waiters) release()
    }
  }

  #scanFailed(error: unknown): void {
    const { log, telemetry, resyncMs } = this.#options
    this.#scanErrors += 1
    this.#agenda.scanIn(Math.min(RETRY_MS, resyncMs))
    telemetry?.spoolScanFailed()
    const nowMs = this.#elapsedMs()
    if (this.#readable || nowMs - this.#complainedAtMs >= COMPLAIN_MS) {
      const hint = error instanceof RestoreError ? error.hint : undefined
      log.error('the spool cannot be scanned', { error: messageOf(error), ...(hint === undefined ? {} : { hint }) })
      this.#complainedAtMs = nowMs
    }
    this.#readable = false
  }

  async #becomeReadable({ realPath, identity, openToAll }: Listing): Promise<void> {
    if (!this.#readable) {
      this.#readable = true
      this.#watched = ''
      this.#files.names.restartGrace(this.#elapsedMs())
      this.#options.log.info('the spool can be scanned again', { path: realPath })
    }
    if (this.#watched === identity) return
    if (openToAll) {
      this.#options.log.warn('everybody may remove and rename files in the spool', {
        path: realPath,
        hint: 'chmod o-w',
      })
    }
    await this.#watcher?.close()
    this.#watcher = this.#watch(realPath)
    this.#watched = identity
  }

  #watch(realPath: string): SpoolWatcher {
    return new SpoolWatcher(realPath, {
      onEntry: (name) => {
        this.#hear(name)
      },
      onReady: () => {
        this.#agenda.wantScan()
      },
      onLost: () => {
        this.#watched = ''
        this.#agenda.wantScan()
      },
      onError: (message) => {
        this.#options.log.warn('the spool is not watched for events, only scanned', { error: message })
      },
    })
  }

  #hear(name: string): void {
    const key = keyOf(Buffer.from(name))
    // A name that is not UTF-8 comes with its bytes lost; a change beside a link may be a change of where it leads.
    if (name.includes('\u{fffd}')) this.#agenda.wantScan()
    else if (isCandidate(key)) this.#agenda.wantLook([key])
    else this.#agenda.wantLook(this.#files.keysWhere(({ linked }) => linked))
  }

  #stopping(): boolean {
    return this.#abort.signal.aborted
  }

  #releaseWaiters(): void {
    for (const release of this.#waiters.splice(0)) release()
  }
}
