/**
 * What the metrics and the notifications read of the state store, as a structure: the store is another folder of this
 * layer. The composition root hands in the store's reader.
 */

/** A terminal outcome, written once in the transaction that ended the request and never changed. */
export interface OutcomeRow {
  /** Grows by one with each outcome: the table is append-only. */
  readonly rowid: number
  readonly uid: string
  readonly generation: number
  readonly request: string
  readonly target: string
  /** Key of spec.source, or what the author of an invalid request wrote there. */
  readonly source: string
  readonly mode: string
  /** Terminal phase. */
  readonly result: string
  readonly reason: string
  /** Milliseconds; null where the request never started. */
  readonly durationMs: number | null
  readonly downtimeMs: number | null
  /** `ApplicationRunning`, `ApplicationDown`, `Unknown`; null where nobody looked. */
  readonly application: string | null
  readonly applicationDowntimeMs: number | null
  /** RFC 3339. */
  readonly at: string
}

export interface TransitionRow {
  readonly id: number
  readonly uid: string
  readonly from: string | null
  readonly to: string
  readonly at: string
}

export interface OutcomeSource {
  /** Oldest first, after the given rowid, at most `limit`. */
  outcomesAfter(rowid: number, limit?: number): readonly OutcomeRow[]
}

export interface TransitionSource {
  /** Oldest first, after the given id. */
  transitionsAfter(id: number): readonly TransitionRow[]
}

/** The part of a stored request that the gauges show. */
export interface RequestView {
  readonly name: string
  readonly phase: string
  readonly spec: { readonly target: string; readonly mode: string }
  readonly status: {
    readonly startTime?: string
    readonly progress?: { readonly bytesDone: number; readonly bytesTotal: number }
    readonly escalation?: { readonly level: string; readonly acknowledged: boolean }
    readonly reason?: string
    readonly completionTime?: string
  }
  /** null: it is listed. */
  readonly forgottenAt: string | null
}

export interface RequestSource {
  requests(): readonly RequestView[]
  /** When restores interrupted the target, in milliseconds since the epoch, those at or after `sinceMs`. */
  interruptions(target: string, sinceMs: number, untilMs: number): readonly number[]
}

export interface SafetyBackupSource {
  safetyBackups(target?: string): readonly { readonly path: string; readonly createdAt: string }[]
}

export interface StateSource extends OutcomeSource, TransitionSource, RequestSource, SafetyBackupSource {
  /** What the store remembers under a key. */
  meta(key: string): string | undefined
}
