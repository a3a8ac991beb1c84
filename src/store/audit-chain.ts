/** The audit log as a hash chain: each record carries the hash of the one before it, so that none can be edited, removed or reordered unseen. */

import { createHash } from 'node:crypto'

import type { AuditRecord } from './rows.ts'

/** What the first record takes for its predecessor. */
export const CHAIN_START = '0'.repeat(64)

export type AuditContent = Omit<AuditRecord, 'hash'>

/** SHA-256 over the record's fields in a fixed order, the predecessor's hash among them; lower-case hex. */
export function chainHash(record: AuditContent): string {
  const fields = [
    record.id,
    record.at,
    record.operation,
    record.actor,
    record.target,
    record.request,
    record.backupId,
    record.status,
    record.message,
    JSON.stringify(record.details),
    record.previousHash,
  ]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}

export interface ChainVerdict {
  readonly records: number
  readonly head: string
  /** The first record that does not fit, or null where the chain is whole. */
  readonly broken: { readonly id: number; readonly problem: string } | null
}

/**
 * Follows the chain from its start.
 *
 * A chain cut off at its end is whole in itself; compare `head` with the one that the log printed at the last restore.
 */
export function verifyChain(records: Iterable<AuditRecord>): ChainVerdict {
  let head = CHAIN_START
  let count = 0
  let expectedId = 1
  for (const record of records) {
    const problem = problemOf(record, head, expectedId)
    if (problem !== null) return { records: count, head, broken: { id: record.id, problem } }
    head = record.hash
    count += 1
    expectedId = record.id + 1
  }
  return { records: count, head, broken: null }
}

function problemOf(record: AuditRecord, head: string, expectedId: number): string | null {
  if (record.id !== expectedId) return `record ${expectedId} is missing`
  if (record.previousHash !== head) return 'its predecessor was changed, removed or reordered'
  if (chainHash(record) !== record.hash) return 'its content was edited'
  return null
}
