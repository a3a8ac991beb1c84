import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { CHAIN_START, chainHash, verifyChain, type AuditContent } from '../../src/store/audit-chain.ts'
import type { AuditRecord } from '../../src/store/rows.ts'

function sealed(content: AuditContent): AuditRecord {
  return { ...content, hash: chainHash(content) }
}

function chainOf(...messages: string[]): AuditRecord[] {
  const records: AuditRecord[] = []
  for (const [index, message] of messages.entries()) {
    records.push(
      sealed({
        id: index + 1,
        at: '2026-02-15T02:00:15.000Z',
        operation: 'restore',
        actor: 'ops',
        target: 'app',
        request: 'inc-1',
        backupId: null,
        status: 'success',
        message,
        details: {},
        previousHash: records.at(-1)?.hash ?? CHAIN_START,
      }),
    )
  }
  return records
}

describe('the chain of audit records', () => {
  it('is whole as it was written', () => {
    const records = chainOf('one', 'two', 'three')
    assert.deepEqual(verifyChain(records), { records: 3, head: records[2]?.hash, broken: null })
  })

  it('shows a record that was replaced by another, though the hash is right and the successor points at it', () => {
    const [one, two, three] = chainOf('one', 'two', 'three')
    assert.ok(one && two && three)
    const forged = sealed({ ...two, message: 'forged' })
    assert.match(verifyChain([one, forged, three]).broken?.problem ?? '', /^record 3 does not follow/)
    const mended = { ...three, previousHash: forged.hash }
    assert.match(verifyChain([one, forged, mended]).broken?.problem ?? '', /^record 3 was edited/)
  })

  it('shows a removed record whose successor was given its number and its predecessor', () => {
    const [one, two, three] = chainOf('one', 'two', 'three')
    assert.ok(one && two && three)
    const moved = { ...three, id: 2, previousHash: one.hash }
    assert.match(verifyChain([one, moved]).broken?.problem ?? '', /^record 2 was edited/)
    // Even where the number is made not to count: the predecessor is part of what is hashed.
    assert.notEqual(chainHash({ ...two, previousHash: CHAIN_START }), two.hash)
  })
})
