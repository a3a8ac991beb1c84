/** Headers that decide something and were sent twice: two readers of one request could each take another for the real one. */

import { RestoreError } from '../domain/errors.ts'
import { ACTOR_HEADER, PROOF_HEADER } from './protocol.ts'

const DECIDING: ReadonlySet<string> = new Set([
  ACTOR_HEADER,
  PROOF_HEADER,
  'authorization',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'origin',
  'transfer-encoding',
])

/**
 * @param rawHeaders names and values in turn, as they came.
 * @returns `InvalidArgument`, or undefined where each came once at most.
 */
export function repeatedHeader(rawHeaders: readonly string[]): RestoreError | undefined {
  const seen = new Set<string>()
  for (const [index, text] of rawHeaders.entries()) {
    if (index % 2 === 1) continue
    const name = text.toLowerCase()
    if (seen.has(name) && DECIDING.has(name)) {
      const hint = 'send it once; a name that holds a comma is sent percent-encoded'
      return new RestoreError(`the header ${name} was sent more than once`, { reason: 'InvalidArgument', hint })
    }
    seen.add(name)
  }
  return undefined
}
