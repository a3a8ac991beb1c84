/**
 * What a person may do to requests, whichever door they come through (the socket, later the HTTP API and the web
 * page): every door calls these, so that all have the same checks, the same limits and the same audit.
 */

import type { RestoreManifest } from '../domain/resource.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Actor } from './acting.ts'
import type { TickOrder } from './papers/ticking.ts'
import type { StateHold } from './state-hold.ts'

/** What was shown to a person and agreed to; what is absent is for the state store to say. */
export interface RollbackOrder {
  /** The file that comes back, by its name. */
  readonly safetyBackup?: string
  /** The restore that is taken back; refused where another one has taken effect since. */
  readonly undoes?: string
  readonly reason?: string
}

/** Each rejects with a RestoreError: `NotFound`, `Conflict` (the phase does not allow it), `DuplicateName`, `Denied`. */
export interface Commands {
  /**
   * What `submit` would say, without storing anything: the request that is there already with the same spec, or undefined
   * where it would make one. Rejects as `submit` does.
   */
  admit(manifest: RestoreManifest): StoredRequest | undefined
  /** A request that is there already with the same spec is returned as it is; with another spec: `DuplicateName`. */
  submit(manifest: RestoreManifest, actor: Actor): StoredRequest
  /** Before the swap only; afterwards `Conflict`. Asynchronous: the running phase is interrupted. */
  cancel(name: string, actor: Actor, reason: string): StoredRequest
  /** Releases a Held request, or counts towards spec.approval.required. Counts people who have proven who they are, and not the one who submitted. */
  approve(name: string, actor: Actor): StoredRequest
  suspend(name: string, actor: Actor): StoredRequest
  resume(name: string, actor: Actor): StoredRequest
  /** Makes a new request (NAME-retry-1, -2, …) with the spec of one that ended without success. */
  retry(name: string, actor: Actor): StoredRequest
  /** Acknowledges a terminal result, so that its alert resolves. */
  acknowledge(name: string, actor: Actor): StoredRequest
  /**
   * Ticks and unticks points of a checklist. Rejects with `Denied` where nobody has proven who does it, and `Conflict` for points
   * that the program judges, and where it is too late, or too early.
   */
  tick(name: string, order: TickOrder, actor: Actor): Promise<StoredRequest>
  /**
   * Has a request that has ended leave the lists (decision 0074). Its record, its audit and its name stay. `Conflict` where it
   * has not ended, and where it ended L2 or L3 and nobody has acknowledged that.
   */
  forget(name: string, actor: Actor, reason: string): StoredRequest
  /**
   * Makes a request that puts back what the last restore that took effect has replaced, or the named file. Rejects besides
   * with `NothingToUndo`, `NothingKept`, `PredecessorGone`, `PredecessorChanged`, `RestoreRunning`, `UndoOutdated`.
   */
  rollback(target: string, order: RollbackOrder, actor: Actor): Promise<StoredRequest>
  /** Ends the hold of a state store that is older than the world: what comes from now on runs. `Conflict` where none is. */
  acceptState(actor: Actor): StateHold
}
