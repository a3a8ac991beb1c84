/** The one error class of the program: what happened, why (a reason for machines), how to react, and what to do next. */

/**
 * How the reconciler reacts: `terminal` ends the phase with its failure edge, `retry` tries the phase again with
 * backoff, `wait` leaves the request where it is until something outside changes.
 */
export type Disposition = 'terminal' | 'retry' | 'wait'

export interface RestoreErrorOptions {
  readonly reason: string
  readonly disposition?: Disposition
  /** The next command or look, for a person; lower case, no full stop. */
  readonly hint?: string
  readonly cause?: unknown
}

export class RestoreError extends Error {
  override readonly name = 'RestoreError'
  /** CamelCase, as a Kubernetes condition reason; `modosu explain REASON` tells more. */
  readonly reason: string
  readonly disposition: Disposition
  readonly hint: string | undefined

  constructor(message: string, options: RestoreErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = options.reason
    this.disposition = options.disposition ?? 'terminal'
    this.hint = options.hint
  }
}

/** EDQUOT of Linux, for which libuv has no name: so Node.js calls it. */
const UNNAMED_QUOTA = 'Unknown system error -122'

/** The text of anything thrown, without its stack. Never throws. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message.replace(`${UNNAMED_QUOTA}: ${UNNAMED_QUOTA}`, 'EDQUOT: disk quota exceeded')
}

/** The system's error code (`ENOENT`, `SQLITE_BUSY`), or undefined. Never throws. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  if (typeof error.code !== 'string') return undefined
  return error.code === UNNAMED_QUOTA ? 'EDQUOT' : error.code
}

/**
 * Gives any error a reason, keeping the ones that have one.
 *
 * @param reason used where the error brings none of its own.
 */
export function asRestoreError(error: unknown, reason: string): RestoreError {
  if (error instanceof RestoreError) return error
  return new RestoreError(messageOf(error), { reason, cause: error })
}
