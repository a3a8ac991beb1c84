/** The manual's own commands, asked of a daemon. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { Installation } from '../support/installation.ts'
import * as manual from './manual-commands.ts'
import { comparesAsPrinted, makeBackups, missing, PASSWORD, shell, UNLIMITED } from './manual-printed.ts'

describe('the commands of the manual, asked of the daemon', { skip: missing('curl', 'jq') }, () => {
  const installation = new Installation({ target: UNLIMITED })
  let host = ''

  before(async () => {
    const users = join(installation.folder, 'users.yaml')
    installation.configure({
      target: UNLIMITED,
      configuration: { api: { listen: '127.0.0.1:0', tls: { selfSigned: true } }, auth: { users: { file: users } } },
    })
    const password = join(installation.folder, 'password')
    writeFileSync(password, `${PASSWORD}\n`, { mode: 0o600 })
    const added = installation.cli('user', 'add', 'admin', '--role', 'admin', '--password-file', password)
    assert.equal(added.status, 0, added.stderr)
    makeBackups(installation)
    await installation.start()
    host = /the API listens on (https:\/\/[^ ,"]+)/.exec(installation.log())?.[1] ?? ''
  })
  after(() => installation.remove())

  comparesAsPrinted(() => host)

  it('leave a safety backup of which the API tells what keeps it', async () => {
    const ask = `curl -sk ${manual.HOST}/apis/modosu.dev/v1/safetybackups -H "Authorization: Bearer $TOKEN" | jq -c '.items[].retention.action'`
    assert.match(await shell(host, manual.LOGIN, ask), /"keep"\n$/)
  })

  it('leave requests and an audit like any other', () => {
    const audit = installation.cli('get', 'audit', '-o', 'json')
    assert.match(audit.stdout, /"operation": ?"restore"/)
    assert.match(audit.stdout, /"actor": ?"admin"/)
    assert.match(audit.stdout, /"message": ?"users as they are seen first: admin: added, admin; the file says by /)
  })
})
