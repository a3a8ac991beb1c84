/**
 * Deletes what the plan says, one set after the other, and survives its own end at every line:
 *
 *   intent (row and audit, one transaction, in which the requests are asked once more)
 *                       nothing is deleted; the next start deletes the set, for no request can claim it any more
 *   first file          the rest is no backup to anybody: it is refused, and the next start deletes it
 *   last file, sync     the set is gone; before the sync a power cut may bring files back, and the row with them
 *   outcome (row gone, audit, one transaction)
 *
 * A request that is stored before the intent pins the set; one that comes after it finds the intent, or the files gone.
 */

import type { Reach } from '../controller/failpoints.ts'
import { requireNoHold } from '../controller/state-hold.ts'
import type { Clock } from '../domain/clock.ts'
import { messageOf, RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Decision, PrunableSet, PruneKind, PrunePlan, RetentionRules } from '../domain/retention.ts'
import type { Target } from '../domain/target.ts'
import type { DeletionRecord } from '../store/upkeep.ts'
import type { StateStore } from '../store/store.ts'
import type { BackupTelemetry } from '../telemetry/telemetry.ts'
import { TRUST_HINT } from '../domain/steady-clock.ts'
import { pinsOf } from './needs.ts'
import type { PinIndex } from './pins.ts'
import { isUnchanged, lostKeeper, removeFiles, type Removal } from './remove.ts'
import { digestOf, kindsToPrune, survey } from './survey.ts'

export interface PrunerOptions {
  readonly store: StateStore
  readonly targets: readonly Target[]
  readonly rules: RetentionRules
  readonly telemetry: Pick<BackupTelemetry, 'pruned' | 'retentionShort'>
  readonly clock: Clock
  /** Why the clock is not believed; null: it is. Ages are counted by it. */
  readonly clockDoubt: () => string | null
  readonly log: Log
  readonly reach: Reach
}

export interface PruneOrder {
  /** null: what the configuration has turned on. */
  readonly kinds: readonly PruneKind[] | null
  /** null: every target. */
  readonly target: string | null
  /** Of the plan that a person has confirmed; null: whatever the plan is. */
  readonly digest: string | null
  readonly actor: string
  /** Ends it after the set in hand. */
  readonly signal?: AbortSignal
}

interface Left {
  readonly target: string
  readonly name: string
  readonly why: string
}

export interface PruneReport {
  readonly deleted: readonly { readonly target: string; readonly kind: PruneKind; readonly name: string }[]
  readonly freedBytes: number
  /** In the plan and not deleted all the same. */
  readonly spared: readonly Left[]
  readonly failed: readonly Left[]
}

type Result = { readonly sizeBytes: number } | { readonly spared: string } | { readonly failed: string }

export class Pruner {
  readonly #options: PrunerOptions
  /** As the requests are now; null: something was committed since. */
  #pins: PinIndex | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #stopping = false

  constructor(options: PrunerOptions) {
    this.#options = options
    options.store.onCommit(() => {
      this.#pins = null
    })
  }

  /**
   * Plans and deletes. One at a time; a set that cannot be deleted holds up no other.
   *
   * @throws RestoreError `Conflict` where the plan is not the one that was confirmed, `ClockImplausible` where the clock is not
   *   believed: nothing is deleted then.
   */
  prune(order: PruneOrder): Promise<PruneReport> {
    return this.#queued(() => this.#prune(order))
  }

  /** Ends what a crash or an error left half done. Never rejects: what cannot be ended now is tried again before each prune. */
  async finishDeletions(): Promise<void> {
    try {
      await this.#queued(() => {
        requireNoHold(this.#options.store)
        return this.#finish(this.#options.store.upkeep.deletions())
      })
    } catch (error) {
      this.#options.log.error(`interrupted deletions could not be finished: ${messageOf(error)}`, { err: error })
    }
  }

  /** Resolves when the set in hand is done with. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#turn.catch(() => undefined)
  }

  #queued<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.catch(() => undefined).then(work)
    this.#turn = turn
    return turn
  }

  async #prune({ kinds, target, digest, actor, signal }: PruneOrder): Promise<PruneReport> {
    const { store, rules, clock, telemetry } = this.#options
    requireNoHold(store)
    const targets = this.#options.targets.filter(({ name }) => target === null || name === target)
    const stuck = await this.#finish(store.upkeep.deletions())
    this.#requireClock()
    const chosen = kindsToPrune(rules, kinds)
    const { plan, failures } = await survey({ targets, rules, kinds: chosen, reader: store, nowMs: clock.nowMs() })
    if (digest !== null && digest !== digestOf(plan)) throw planChanged()
    if (chosen.has('safety') && rules.safetyBackups.minFreeBytes !== null) {
      for (const { name } of targets) telemetry.retentionShort(name, plan.shortBytes.get(name) ?? 0)
    }
    const report = {
      deleted: [] as { target: string; kind: PruneKind; name: string }[],
      freedBytes: 0,
      spared: [] as Left[],
      failed: [...stuck, ...failures.map(({ target: of, error }) => ({ target: of, name: of, why: error.message }))],
    }
    for (const decision of plan.decisions) {
      if (this.#stopping || signal?.aborted === true) break
      if (decision.act !== 'delete') continue
      const { target: of, kind, name } = decision.set
      const result = await this.#delete(decision, plan, actor)
      if ('spared' in result) report.spared.push({ target: of, name, why: result.spared })
      else if ('failed' in result) report.failed.push({ target: of, name, why: result.failed })
      else {
        report.deleted.push({ target: of, kind, name })
        report.freedBytes += result.sizeBytes
      }
    }
    this.#tell(report)
    return report
  }

  /** What was begun is ended whatever the clock says by now: it was decided by a clock that was believed. */
  #requireClock(): void {
    const doubt = this.#options.clockDoubt()
    if (doubt === null) return
    throw new RestoreError(`nothing is deleted for its age while the clock is not believed: ${doubt}`, {
      reason: 'ClockImplausible',
      hint: TRUST_HINT,
    })
  }

  async #delete({ set, why }: Decision, plan: PrunePlan, actor: string): Promise<Result> {
    try {
      this.#requireClock()
      if (!(await isUnchanged(set.folder, set.files))) return { spared: 'its files have changed since the plan' }
    } catch (error) {
      return { failed: messageOf(error) }
    }
    const intent = this.#intend(set, why, plan, actor)
    if (typeof intent === 'string') return { spared: intent }
    return this.#carryOut(intent, false)
  }

  /** The decision and its record, without a pause between them. @returns why the set is spared after all, or the intent. */
  #intend(set: PrunableSet, why: string, plan: PrunePlan, actor: string): string | DeletionRecord {
    const { store, reach } = this.#options
    reach('Prune.planned')
    const intent = store.atomically(() => {
      this.#pins ??= pinsOf(store, this.#options.targets)
      const pin = this.#pins.pinOf(set)
      if (pin !== null) return pin.why
      const lost = lostKeeper(set, plan)
      if (lost !== null) return `${lost}, which was to stay in its place, is gone`
      const { target, kind, name, folder, files } = set
      const id = store.upkeep.beginDeletion({ target, kind, name, folder, files, why, actor })
      const record = { id, target, kind, name, folder, files, why, actor, at: '' }
      this.#audit(record, 'info', `deleting ${name}: ${why}`, {})
      return record
    })
    reach('Prune.intended')
    return intent
  }

  /** @param resumed whatever fails now, some of it may be gone since the first attempt. */
  async #carryOut(record: DeletionRecord, resumed: boolean): Promise<Result> {
    const { reach } = this.#options
    let begun = resumed
    let removal: Removal
    try {
      removal = await removeFiles(record.folder, record.files, (count) => {
        begun = true
        reach(`Prune.removed.${count}`)
      })
      reach('Prune.synced')
    } catch (error) {
      return this.#failed(record, begun, error)
    }
    return this.#succeeded(record, removal)
  }

  #succeeded(record: DeletionRecord, { removed, gone, foreign }: Removal): Result {
    const { store, telemetry, reach, log } = this.#options
    const { target, kind, name, files } = record
    const sizeBytes = files.filter((file) => removed.includes(file.name)).reduce((sum, file) => sum + file.sizeBytes, 0)
    store.atomically(() => {
      store.upkeep.endDeletion(record.id)
      if (kind === 'safety') store.forgetSafetyBackup(target, name)
      const left = foreign.length === 0 ? '' : `; left alone, for they are other files by now: ${foreign.join(', ')}`
      this.#audit(record, 'success', `deleted ${name}: ${record.why}${left}`, { removed, gone, foreign })
    })
    reach('Prune.recorded')
    telemetry.pruned(target, kind, removed.length, sizeBytes)
    log.info(`deleted ${name}: ${record.why}`, { target, kind, files: removed.length, sizeBytes })
    return { sizeBytes }
  }

  /** With no file gone the set is whole and stays a backup; with one gone it is none, and must go altogether. */
  #failed(record: DeletionRecord, begun: boolean, error: unknown): Result {
    const { store, log } = this.#options
    const { target, name } = record
    const message = `cannot delete ${name}: ${messageOf(error)}`
    store.atomically(() => {
      if (!begun) store.upkeep.endDeletion(record.id)
      this.#audit(record, 'failure', begun ? `${message}; it will be tried again` : message, {})
    })
    log.error(message, { target, err: error })
    return { failed: messageOf(error) }
  }

  /** @returns those that are still not ended. */
  async #finish(records: readonly DeletionRecord[]): Promise<Left[]> {
    const stuck: Left[] = []
    for (const record of records) {
      this.#options.log.warn(`finishing the deletion of ${record.name}, which was interrupted`, {
        target: record.target,
        kind: record.kind,
      })
      const result = await this.#carryOut({ ...record, why: `${record.why} (interrupted, finished later)` }, true)
      if ('failed' in result) stuck.push({ target: record.target, name: record.name, why: result.failed })
    }
    return stuck
  }

  #audit(
    record: DeletionRecord,
    status: 'info' | 'success' | 'failure',
    message: string,
    more: Readonly<Record<string, unknown>>,
  ): void {
    const { target, kind, name, folder, files, actor } = record
    this.#options.store.recordAudit(target, '', {
      operation: 'prune',
      actor,
      status,
      message,
      backupId: name,
      details: {
        kind,
        folder,
        files: files.map((file) => ({ name: file.name, sizeBytes: file.sizeBytes })),
        sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
        ...more,
      },
    })
  }

  #tell({ deleted, freedBytes, spared, failed }: PruneReport): void {
    const { log } = this.#options
    for (const { target, name, why } of spared) log.info(`${name} is spared: ${why}`, { target })
    for (const { target, name, why } of failed) log.error(`${name} could not be pruned: ${why}`, { target })
    const nothing = deleted.length + spared.length + failed.length === 0
    log[nothing ? 'debug' : 'info']('pruned', {
      deleted: deleted.length,
      freedBytes,
      spared: spared.length,
      failed: failed.length,
    })
  }
}

function planChanged(): RestoreError {
  return new RestoreError('what would be deleted is no longer what was shown', {
    reason: 'Conflict',
    hint: 'look again: modosu prune --dry-run; after a change of the configuration restart the daemon first',
  })
}

/** @throws RestoreError `PruneFailed` where something that should have gone is still there. */
export function requireComplete({ failed }: PruneReport): void {
  const [first] = failed
  if (first === undefined) return
  const others = failed.length === 1 ? '' : ` (and ${failed.length - 1} more)`
  throw new RestoreError(`${first.name} could not be pruned: ${first.why}${others}`, {
    reason: 'PruneFailed',
    hint: 'modosu get audit shows each; check the permissions of the folder, then: modosu prune',
  })
}
