/** Brings what is known of the spool, and what the intake was told, to what the directory holds now. */

import type { Intake } from '../controller/intake-contract.ts'
import type { Log } from '../domain/log.ts'
import { messageOf } from '../domain/errors.ts'
import type { Listing } from './directory.ts'
import type { EntryKey } from './entry-name.ts'
import type { FileTable } from './file-table.ts'
import type { RejectedReports } from './rejected-reports.ts'
import type { Teller } from './teller.ts'
import type { Seen } from './whole.ts'

export interface SynchronizerOptions {
  readonly files: FileTable
  readonly teller: Teller
  readonly reports: RejectedReports
  readonly intake: Intake
  readonly settleMs: number
  readonly deleteGraceMs: number
  readonly elapsedMs: () => number
  readonly log: Pick<Log, 'error'>
  readonly signal: AbortSignal
}

/** Files looked at together: all processes are looked at once for them, so that few rounds do for many files. */
const LOOKS = 512
/** Files taken over together; after each batch it is told of, and the event loop gets its turn. */
const BATCH = 64
/** After the intake failed. */
const RETRY_MS = 5000

export class Synchronizer {
  readonly #options: SynchronizerOptions
  #scanned = false
  #historyBegun = false
  /** Absences that were due and put off are not looked at again before this. */
  #notBeforeMs = 0

  constructor(options: SynchronizerOptions) {
    this.#options = options
  }

  /** When the next absence is due, in the elapsed time's milliseconds; Infinity where nothing is missing. */
  get absenceDueAtMs(): number {
    const { files, deleteGraceMs } = this.#options
    const due = files.names.missing().map(([, sinceMs]) => sinceMs + deleteGraceMs)
    return Math.max(
      this.#notBeforeMs,
      due.reduce((least, each) => Math.min(least, each), Infinity),
    )
  }

  /**
   * A complete scan: everything that the listing holds, everything that it holds no more, and what became of names.
   *
   * @throws RestoreError `Interrupted` where the signal was given.
   */
  async scan({ realPath, candidates }: Listing): Promise<void> {
    const { files, teller } = this.#options
    if (!this.#scanned) for (const key of candidates) files.noteInitial(key)
    const present = new Set(candidates)
    const gone = files.keysWhere(({ key }) => !present.has(key))
    await teller.tell(this.#removeAll(gone), gone)
    await teller.retry()
    await this.update(realPath, candidates)
    if (!this.#scanned) await this.#endFirstScan()
    this.#tellAbsences()
  }

  /**
   * Looks at some entries and takes over what changed. Entries that are gone come first, so that a renamed file does
   * not meet its own old name.
   *
   * @throws RestoreError `Interrupted` where the signal was given.
   */
  async update(directory: string, keys: readonly EntryKey[]): Promise<void> {
    for (let start = 0; start < keys.length; start += LOOKS) {
      this.#options.signal.throwIfAborted()
      const seen = await this.#options.files.look(directory, keys.slice(start, start + LOOKS))
      for (let from = 0; from < seen.length; from += BATCH) {
        this.#options.signal.throwIfAborted()
        await this.#takeOver(seen.slice(from, from + BATCH))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    this.#beginHistory()
  }

  async #takeOver(seen: readonly Seen[]): Promise<void> {
    const { files, teller } = this.#options
    const gone = seen.filter(({ look }) => look.kind === 'gone').map(({ key }) => key)
    const names = new Set(this.#removeAll(gone))
    const changed = [...gone]
    for (const { key, look } of seen) {
      const affected = look.kind === 'gone' ? null : await files.carryThrough(key, look)
      if (affected === null) continue
      changed.push(key)
      for (const name of affected) names.add(name)
    }
    await teller.tell(names, changed)
  }

  #removeAll(keys: readonly EntryKey[]): string[] {
    return keys.flatMap((key) => Array.from(this.#options.files.remove(key) ?? []))
  }

  async #endFirstScan(): Promise<void> {
    const { files, intake, reports, elapsedMs, log } = this.#options
    const unfinished = intake.unfinishedSpoolNames()
    for (const [name, file] of unfinished) files.keepName(name, file)
    files.names.expect(new Set(unfinished.keys()), elapsedMs())
    this.#scanned = true
    try {
      await reports.sweep()
    } catch (error) {
      log.error('old reports about rejected files cannot be removed', { error: messageOf(error) })
    }
    this.#beginHistory()
  }

  /** Only when all that lay there at the start has been told is anything new. */
  #beginHistory(): void {
    const { files, intake } = this.#options
    if (this.#historyBegun || !this.#scanned || files.keysWhere(({ initial }) => initial).length > 0) return
    intake.firstScanDone()
    this.#historyBegun = true
  }

  /**
   * Right after a complete scan, for only then is it known that no file gives the name. While some file is not quiet
   * yet, which may be the one that gives it, an absence is put off, once more as long as the grace at most.
   */
  #tellAbsences(): void {
    const { files, teller, settleMs, deleteGraceMs, elapsedMs } = this.#options
    const nowMs = elapsedMs()
    const unread = files.keysWhere(({ unsettled }) => unsettled !== null).length > 0
    const graceMs = unread ? 2 * deleteGraceMs + settleMs : deleteGraceMs
    let waitMs = Math.max(settleMs, 100)
    for (const [name, sinceMs] of files.names.missing()) {
      if (nowMs - sinceMs < graceMs) continue
      if (teller.tellAbsent(name)) files.names.forget(name)
      else waitMs = RETRY_MS
    }
    this.#notBeforeMs = nowMs + waitMs
  }
}
