/**
 * Whether somebody has looked at the application since the last restore (manual Q6): the result of that restore is
 * acknowledged, or it is not. Whoever restores again is told before.
 */

import type { RestoreSpec } from '../domain/resource.ts'
import type { EventInput } from '../store/change.ts'
import type { StateReader } from '../store/reader.ts'
import type { StoredRequest } from '../store/rows.ts'

type Asked = Pick<RestoreSpec, 'mode' | 'source' | 'target'>
type Reader = Pick<StateReader, 'lastResult' | 'request'>

/** The last restore of the target that ran, where nobody has acknowledged how it ended. */
export function unacknowledgedResult(reader: Reader, target: string): StoredRequest | undefined {
  const last = reader.lastResult(target)
  if (last === undefined) return undefined
  const request = reader.request(last.request)
  if (request?.uid !== last.uid || request.generation !== last.generation) return undefined
  return request.status.escalation?.acknowledged === false ? request : undefined
}

/**
 * What is said of it before another restore; null where nothing is to be said. A drill and a dry run change nothing, and a restore
 * of a safety backup is the way back.
 */
export function warningBeforeRestore(reader: Reader, { mode, source, target }: Asked): string | null {
  if (mode !== 'Restore' || source.safetyBackup !== undefined) return null
  const open = unacknowledgedResult(reader, target)
  if (open === undefined) return null
  return (
    `the last restore of ${target}, ${open.name}, ended ${open.phase} and nobody has acknowledged it: check the application before restoring again ` +
    `(modosu checklist post ${open.name}), then: modosu ack ${open.name}`
  )
}

/** For the story of the new request. */
export function warnedOf(reader: Reader, spec: Asked): readonly EventInput[] {
  const message = warningBeforeRestore(reader, spec)
  return message === null ? [] : [{ type: 'Warning', reason: 'ResultNotAcknowledged', message }]
}
