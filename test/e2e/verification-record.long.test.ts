/** A verification that somebody asks for at the command line, with an application that writes all the while, and with one that is down. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { canonicalBackupId } from '../../src/domain/backup-id.ts'
import { Application } from '../support/application.ts'
import { Installation } from '../support/installation.ts'

describe("a verification in the application's audit table", { timeout: 300_000 }, () => {
  const installation = new Installation({ live: null })
  let application: Application
  let backup = ''

  before(async () => {
    application = await Application.around(installation)
    const backups = { path: installation.backups, stem: 'app', timezone: 'Asia/Tokyo', catalogTable: 'backup_logs' }
    installation.configure({
      target: {
        ...application.configuration(),
        backups: { ...backups, auditTable: 'backup_audit_logs', auditUser: 'admin' },
      },
    })
    application.run('start')
    await application.ready()
    await application.wrote(3)
    application.backup()
    backup = String(application.rows('SELECT backup_id FROM backup_logs')[0]?.['backup_id'])
    await installation.start()
  })
  after(async () => {
    application.remove()
    await installation.remove()
  })

  const booked = () =>
    application.rows("SELECT backup_id, username, status, details FROM backup_audit_logs WHERE operation = 'verify'")

  it('is a row while the application runs, which goes on writing', async () => {
    const { status, stderr } = installation.cli('verify', backup)
    assert.equal(status, 0, stderr)
    const [row, ...others] = booked()
    assert.deepEqual(others, [])
    assert.equal(canonicalBackupId(String(row?.['backup_id'])), canonicalBackupId(backup))
    assert.deepEqual([row?.['username'], row?.['status']], ['admin', 'success'])
    const details = JSON.parse(String(row?.['details'])) as Readonly<Record<string, unknown>>
    assert.match(String(details['actor']), /^uid \d+/)
    assert.deepEqual((details['checks'] as Record<string, string>)['integrity'], 'pass')
    await application.wrote(3)
    assert.equal(installation.cli('audit', 'verify').status, 0)
  })

  it('is none where the application has crashed, and nothing of what the crash left is changed', async () => {
    application.run('crash')
    const left = () =>
      readdirSync(dirname(installation.database))
        .filter((name) => name.startsWith('app.db'))
        .map((name) => [name, sha256(`${dirname(installation.database)}/${name}`)])
    const before = left()
    assert.ok(existsSync(`${installation.database}-wal`))
    assert.equal(installation.cli('verify', backup).status, 0)
    await installation.logged('nobody is seen to have the database open')
    assert.deepEqual(left(), before)
    assert.equal(booked().length, 1)
  })
})

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
