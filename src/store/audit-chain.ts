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

export interface Break {
  /** The record that is not as it was written; where one is missing, its number. */
  readonly id: number
  /** Names the record. */
  readonly problem: string
}

export interface ChainVerdict {
  /** Records that fit, from the first on. */
  readonly records: number
  readonly head: string
  /** The first record that does not fit, or null where the chain is whole. */
  readonly broken: Break | null
}

/**
 * Follows the chain from its start.
 *
 * A chain cut off at its end is whole in itself: `verifyAudit` compares it with what was written down elsewhere.
 */
export function verifyChain(records: Iterable<AuditRecord>): ChainVerdict {
  let head = CHAIN_START
  let count = 0
  for (const record of records) {
    const broken = breakAt(record, head, count + 1)
    if (broken !== null) return { records: count, head, broken }
    head = record.hash
    count += 1
  }
  return { records: count, head, broken: null }
}

function breakAt(record: AuditRecord, head: string, expectedId: number): Break | null {
  const { id } = record
  if (id !== expectedId) {
    const problem = `record ${expectedId} is missing: it was removed, and record ${id} comes in its place`
    return { id: expectedId, problem }
  }
  if (record.previousHash !== head) {
    return {
      id,
      problem: `record ${id} does not follow the one before it: one of them was edited, removed or reordered`,
    }
  }
  if (chainHash(record) === record.hash) return null
  return { id, problem: `record ${id} was edited: its content does not have the hash that it carries` }
}
