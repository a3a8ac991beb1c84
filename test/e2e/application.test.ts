import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { Application } from '../support/application.ts'
import { Installation } from '../support/installation.ts'

describe('the stand-in for the application', () => {
  const installation = new Installation({ live: null })
  let application: Application
  before(async () => {
    application = await Application.around(installation, { bootMs: 200 })
  })
  after(async () => {
    application.remove()
    await installation.remove()
  })

  it('boots, writes, and has every acknowledged write in its database', async () => {
    assert.equal(application.run('start').status, 0)
    await application.ready()
    await application.wrote(3)
    assert.equal(application.run('status').status, 0)
    assert.equal(application.run('stop').status, 0)
    assert.equal(application.run('status').status, 3)
    const found = new Set(application.rows('SELECT token FROM incidents').map((row) => row['token']))
    for (const token of application.acknowledged()) assert.ok(found.has(token))
  })

  it('names its backups in local time and books them in UTC', () => {
    const path = application.backup()
    const [row] = application.rows('SELECT file_path, created_at FROM backup_logs')
    assert.equal(row?.['file_path'], path)
    const [date = '', time = ''] = /_(\d{8})_(\d{6})\.db$/.exec(path)?.slice(1) ?? []
    const digits = `${date}${time}`.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6+09:00')
    assert.equal(Date.parse(digits), Math.floor(Date.parse(String(row['created_at'])) / 1000) * 1000)
  })

  it('fails its stop command where it has crashed already', async () => {
    application.run('start')
    await application.ready()
    application.run('crash')
    assert.equal(application.run('stop').status, 1)
  })
})
