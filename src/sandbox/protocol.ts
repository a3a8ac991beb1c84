/** What a sandbox's two sides say to each other over Node's IPC channel (structured clone, child_process `advanced`). */

import type { Disposition } from '../domain/errors.ts'

/** The child's command line, as one JSON argument. */
export interface ChildSettings {
  /** The process that the child must not outlive. */
  readonly parentPid: number
  /** SQLite file on which the child holds a shared lock for life; null: none. */
  readonly lockFile: string | null
  /** Memory of its own (not file mappings) at which the child ends itself, in MiB. */
  readonly residentLimitMb: number
}

/** Parent to child; the child answers each with any number of `progress` and one `result` or `error`. */
export interface Call {
  readonly operation: string
  readonly argument: unknown
}

/** A RestoreError, or anything else thrown, in a form that crosses the channel. */
export interface Failure {
  readonly message: string
  readonly reason: string
  readonly disposition: Disposition
  readonly hint: string | undefined
  /** The system's or SQLite's code of the first cause. */
  readonly code: string | undefined
}

/** Child to parent. `ready` comes once, after the shared lock is held: before it the child is given nothing to do. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly value: unknown }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly failure: Failure }
