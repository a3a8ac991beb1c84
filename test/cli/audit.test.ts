import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { systemClock } from '../../src/domain/clock.ts'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { openStateReader, stateStorePath } from '../../src/store/reader.ts'
import { openStateStore } from '../../src/store/store.ts'

describe('the audit log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-audit-'))
  after(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  const verdict = () => {
    const reader = openStateReader(folder)
    try {
      return verifyChain(reader.audit())
    } finally {
      reader.close()
    }
  }
  /** As somebody with the file in their hands would do it: the triggers go first. */
  const tamper = (sql: string) => {
    const database = new Database(stateStorePath(folder))
    database.exec(`DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete; ${sql}`)
    database.close()
  }

  const store = openStateStore(folder, systemClock)
  for (const message of ['one', 'two', 'three', 'four']) {
    store.recordAudit('app', 'request', {
      operation: 'test',
      actor: 'a',
      status: 'info',
      message,
      backupId: null,
      details: {},
    })
  }
  store.close()

  it('is whole as it was written, and refuses change', () => {
    assert.equal(verdict().broken, null)
    assert.equal(verdict().records, 4)
    const database = new Database(stateStorePath(folder))
    assert.throws(() => database.exec("UPDATE audit SET message = 'x'"), /append-only/)
    assert.throws(() => database.exec('DELETE FROM audit'), /append-only/)
    database.close()
  })

  it('shows an edited, a removed and a reordered record', () => {
    tamper("UPDATE audit SET message = 'forged' WHERE id = 2")
    assert.equal(verdict().broken?.id, 2)
    tamper("UPDATE audit SET message = 'two' WHERE id = 2")
    assert.equal(verdict().broken, null)
    tamper(
      'UPDATE audit SET id = 9 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 9',
    )
    assert.equal(verdict().broken?.id, 2)
    tamper(
      'UPDATE audit SET id = 9 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 9',
    )
    tamper('DELETE FROM audit WHERE id = 3')
    assert.match(verdict().broken?.problem ?? '', /record 3 is missing/)
  })

  it('ends at another head when it was cut off', () => {
    tamper('DELETE FROM audit WHERE id > 2')
    const head = verdict().head
    tamper('DELETE FROM audit WHERE id > 1')
    assert.equal(verdict().broken, null)
    assert.notEqual(verdict().head, head)
  })
})
