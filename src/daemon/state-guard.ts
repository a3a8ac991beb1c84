/**
 * At the start, before anything is recovered: is the state store the one that was written last? And while the daemon runs:
 * the marks beside the backups, by which the next start can tell.
 */

import { randomUUID } from 'node:crypto'

import { HISTORY_KEY } from '../controller/intake.ts'
import { holdEverything, stateHold } from '../controller/state-hold.ts'
import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { isTerminal, type Phase } from '../domain/phases.ts'
import type { Target } from '../domain/target.ts'
import { replaceFile } from '../files/replace-file.ts'
import type { Change } from '../store/change.ts'
import type { StoredRequest } from '../store/rows.ts'
import {
  acceptedFacts,
  keepMirrorsAhead,
  LINEAGE_KEY,
  markPath,
  markText,
  signsOfRollback,
  type LineageQuestion,
} from '../store/state-lineage.ts'
import type { StateStore } from '../store/store.ts'

/** Holds everything where the world is ahead of the store. */
export function guardState(store: StateStore, targets: readonly Target[], nowMs: number, log: Log): void {
  const backups = targets.map(({ backups: { path } }) => path)
  const question: LineageQuestion = { stateDir: store.stateDir, reader: store, backups }
  if (store.meta(HISTORY_KEY) === undefined) beginHistory(store, question)
  else {
    const signs = signsOfRollback(question)
    if (signs.length > 0) holdEverything(store, [...new Set([...(stateHold(store)?.signs ?? []), ...signs])], nowMs)
    keepMirrorsAhead(question)
    if (store.meta(LINEAGE_KEY) === undefined) store.setMeta(LINEAGE_KEY, randomUUID())
  }
  const hold = stateHold(store)
  if (hold === null) return
  log.error(`the state store is older than what was seen of it before; everything is held: ${hold.signs.join('; ')}`, {
    reason: 'StateRolledBack',
    hint: 'modosu state; docs/runbooks/ModosuStateRolledBack.md',
  })
}

/** A new store: what lies there of a lost one is the past, and the spool's own rule holds what may have run. */
function beginHistory(store: StateStore, question: LineageQuestion): void {
  keepMirrorsAhead(question)
  const facts = acceptedFacts(store.stateDir, randomUUID())
  store.atomically(() => {
    for (const [key, value] of facts) store.setMeta(key, value)
  })
}

/** A restore begins to change something, or has ended. */
function matters(to: Phase): boolean {
  return to === 'Swapping' || isTerminal(to)
}

/** Writes the marks. In the background: a restore waits for none, and a directory that hangs holds nobody up. */
export class StateMarks {
  readonly #store: StateStore
  readonly #targets: ReadonlyMap<string, Target>
  readonly #log: Log
  /** By directory, so that a later mark is never overtaken by an earlier one. */
  readonly #writing = new Map<string, Promise<void>>()

  constructor(store: StateStore, targets: ReadonlyMap<string, Target>, log: Log) {
    this.#store = store
    this.#targets = targets
    this.#log = log
  }

  /** After each commit of the state store. */
  committed({ uid, spec }: StoredRequest, { to }: Change): void {
    const target = this.#targets.get(spec.target)
    const lineage = this.#store.meta(LINEAGE_KEY)
    if (to === undefined || !matters(to) || spec.mode !== 'Restore' || target === undefined || lineage === undefined)
      return
    const transition = this.#store.transitions(uid).at(-1)
    if (transition === undefined) return
    const path = markPath(target.backups.path, lineage)
    const before = this.#writing.get(path) ?? Promise.resolve()
    this.#writing.set(
      path,
      before.then(() => this.#write(path, markText(transition), target.name)),
    )
  }

  /** Resolves when every mark is written or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing.values())
  }

  /** Never rejects: without a mark one sign is missing, and no restore is worse for it. */
  async #write(path: string, text: string, target: string): Promise<void> {
    try {
      await replaceFile(path, text, { mode: 0o640 })
    } catch (error) {
      this.#log.warn(`the mark ${path} cannot be written: ${messageOf(error)}`, { target, err: error })
    }
  }
}
