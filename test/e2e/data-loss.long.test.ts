import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { after, describe, it } from 'node:test'

import { safetyBackups } from '../support/beside.ts'
import { Application } from '../support/application.ts'
import { Installation } from '../support/installation.ts'

describe('the data loss of a restore under an application that writes on', { timeout: 300_000 }, () => {
  const installation = new Installation({ live: null })
  after(() => installation.remove())

  it('is what the database held at the stop, with the rows that were changed, without those that were carried over', async () => {
    const application = await Application.around(installation, { writers: 2, writeEveryMs: 20 }, 'UTC')
    const connection = new Database(installation.database)
    connection.exec("INSERT INTO incidents (id, title) VALUES (900001, 'one'), (900002, 'two'), (900003, 'three')")
    connection.close()
    const backup = application.backup()
    const later = new Database(installation.database)
    later.exec("UPDATE incidents SET title = 'changed' WHERE id IN (900001, 900002)")
    later.close()
    installation.configure({
      target: {
        ...application.configuration(),
        backups: {
          path: installation.backups,
          stem: 'app',
          catalogTable: 'backup_logs',
          auditTable: 'backup_audit_logs',
          auditUser: 'admin',
        },
      },
    })
    application.run('start')
    await application.ready()
    await application.wrote(5)
    await installation.start()
    installation.drop('loss', { source: { latest: {} } })
    const { phase, status } = await installation.ended('loss')
    application.remove()
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    const count = (path: string): unknown => application.rows('SELECT count(*) AS n FROM incidents', path)[0]?.['n']
    const [safety = ''] = safetyBackups(installation.backups)
    // The safety backup is the replaced database itself, where something was committed after the copy.
    assert.deepEqual(status.dataLoss?.tables, [
      {
        ...{ table: 'incidents', current: count(safety), restored: count(backup), changed: 2 },
        ...{ vanishing: Number(count(safety)) - Number(count(backup)), returning: 0 },
      },
    ])
  })
})
