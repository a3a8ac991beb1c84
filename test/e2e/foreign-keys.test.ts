import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { after, before, describe, it } from 'node:test'

import { contentHash } from '../support/beside.ts'
import { makeBackup, writeChecksums } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

/** A backup in which two children have lost their parent, whose checksums are right. */
function makeOrphans(backups: string): void {
  const path = makeBackup(backups, 'daily', '20260101_000001', { rows: 40 })
  const database = new Database(path)
  database.pragma('foreign_keys = OFF')
  database.exec(`
    CREATE TABLE comments (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incidents);
    INSERT INTO comments (incident) VALUES (1), (4711), (4712);
  `)
  database.close()
  writeChecksums(path)
}

for (const [foreignKeys, phase] of [
  ['fail', 'Failed'],
  ['warn', 'Succeeded'],
] as const) {
  describe(`a backup whose rows violate a foreign key, with verification.foreignKeys: ${foreignKeys}`, () => {
    const installation = new Installation({ target: { verification: { foreignKeys } } })
    const untouched = contentHash(installation.database)
    before(async () => {
      makeOrphans(installation.backups)
      await installation.start()
    })
    after(() => installation.remove())

    it(`ends ${phase} and says which rows`, async () => {
      installation.drop('orphans', { source: { backupId: 'BKP-20260101-000001-daily' } })
      const { phase: found, status } = await installation.ended('orphans')
      assert.equal(found, phase, JSON.stringify(status))
      const check = status.checks.find(({ name }) => name === 'foreign_keys')
      assert.equal(check?.result, foreignKeys === 'fail' ? 'fail' : 'warn')
      assert.match(check.message, /2 rows violate a foreign key.*comments/)
      if (foreignKeys === 'warn') return
      assert.equal(status.reason, 'ForeignKeyCheckFailed')
      assert.equal(contentHash(installation.database), untouched)
    })
  })
}
