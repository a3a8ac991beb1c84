/** Which objects of a list are meant, and where a list that came in parts goes on. */

import { asRestoreError, RestoreError } from '../../domain/errors.ts'
import { fieldSelector, labelSelector, type Selector } from '../../manifest/selectors.ts'

export interface Selectors {
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

/** @throws RestoreError `InvalidArgument`. */
export function selectorOf(query: Selectors): Selector {
  try {
    const labels = query.labelSelector ? labelSelector(query.labelSelector) : null
    const fields = query.fieldSelector ? fieldSelector(query.fieldSelector) : null
    return (object) => (labels?.(object) ?? true) && (fields?.(object) ?? true)
  } catch (error) {
    const { message } = asRestoreError(error, 'InvalidArgument')
    throw new RestoreError(message, {
      reason: 'InvalidArgument',
      hint: 'for example: ?labelSelector=team in (db, web)&fieldSelector=status.phase=Failed, percent-encoded',
      cause: error,
    })
  }
}

export interface Continue {
  /** Of the first part: a watch from there misses nothing that changed meanwhile. */
  readonly version: number | string
  /** The key of the last object of the part before. */
  readonly after: string
}

export function continueToken({ version, after }: Continue): string {
  return Buffer.from(JSON.stringify([version, after])).toString('base64url')
}

/** @throws RestoreError `InvalidArgument`. */
export function readContinue(token: string | undefined): Continue | undefined {
  if (token === undefined || token === '') return undefined
  try {
    const [version, after]: unknown[] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[]
    const isVersion = typeof version === 'number' || typeof version === 'string'
    if (isVersion && typeof after === 'string') return { version, after }
  } catch {
    // Falls through: it is none of ours.
  }
  throw new RestoreError('continue is not a token of this API', {
    reason: 'InvalidArgument',
    hint: 'send metadata.continue of the part before as it came',
  })
}

export function expired(what: string): RestoreError {
  return new RestoreError(`${what} is too old, or of another state store`, {
    reason: 'ResourceExpired',
    hint: 'list again without it, and watch from metadata.resourceVersion of that list',
  })
}
