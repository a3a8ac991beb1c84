import assert from 'node:assert/strict'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'

import Database from 'better-sqlite3'

import { RevokedTokens } from '../../../src/api/auth/revoked-tokens.ts'
import { createDatabaseOperations, type DatabaseClient } from '../../../src/database/client.ts'
import { loadConfiguration } from '../../../src/daemon/config.ts'
import { Accounts, API, bearer } from './accounts.ts'

let operations: DatabaseClient
let accounts: Accounts
let revoked: RevokedTokens
let lines: string[]
let looks: number

before(() => {
  operations = createDatabaseOperations({ lockFile: null })
})

after(() => operations.close())

beforeEach(async () => {
  lines = []
  looks = 0
  const say = (message: string) => lines.push(message)
  accounts = await Accounts.open({
    revoked: ({ config, store }) => {
      const targets = new Map(loadConfiguration(config).targets.map((target) => [target.name, target]))
      const database: Pick<DatabaseClient, 'revokedTokens' | 'fingerprint'> = {
        fingerprint: (...call) => operations.fingerprint(...call),
        revokedTokens: (...call) => {
          looks += 1
          return operations.revokedTokens(...call)
        },
      }
      revoked = new RevokedTokens({ database, reader: store, targets, log: { warn: say, info: say } })
      return revoked
    },
  })
  accounts.place.live()
})

afterEach(() => accounts.close())

/** As the application's own logout does. */
function logOut(jti: string, mode = 'delete'): void {
  const application = new Database(accounts.place.database)
  application.pragma(`journal_mode = ${mode}`)
  application.exec('CREATE TABLE IF NOT EXISTS token_blacklist (id INTEGER PRIMARY KEY, jti TEXT, expires_at TEXT)')
  application.prepare('INSERT INTO token_blacklist (jti) VALUES (?)').run(jti)
  application.close()
}

async function statusOf(jti: string): Promise<number> {
  return (await accounts.door.call('GET', `${API}/version`, bearer(await accounts.token({ jti })))).status
}

describe('a token of the application', () => {
  for (const mode of ['delete', 'wal']) {
    it(`is refused from the moment on at which the application has revoked it (${mode})`, async () => {
      logOut('other', mode)
      assert.equal(await statusOf('mine'), 200)
      logOut('mine', mode)
      assert.equal(await statusOf('mine'), 401)
      assert.equal(await statusOf('other'), 401)
      assert.equal(await statusOf('third'), 200)
      assert.deepEqual(lines, [])
    })
  }

  it('is looked up without a change to the database or to what lies beside it', async () => {
    for (const mode of ['delete', 'wal']) {
      logOut('mine', mode)
      const folder = dirname(accounts.place.database)
      const look = () => readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`).toString('base64')])
      const before = look()
      assert.equal(await statusOf('mine'), 401)
      assert.equal(await statusOf(`fine-${mode}`), 200)
      assert.deepEqual(look(), before, mode)
    }
  })

  it('counts where the list or the database is missing or wrecked, and that is told once', async () => {
    assert.equal(await statusOf('mine'), 200)
    assert.equal(await statusOf('mine2'), 200)
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /no token counts as revoked by the application: there is no table token_blacklist/)
    writeFileSync(accounts.place.database, 'no database at all '.repeat(300))
    assert.equal(await statusOf('mine3'), 200)
    assert.equal(await statusOf('mine4'), 200)
    rmSync(accounts.place.database)
    assert.equal(await statusOf('mine5'), 200)
    assert.equal(lines.length, 3)
  })

  it('stays revoked when the database is wrecked afterwards, and when a restore of it runs', async () => {
    logOut('mine')
    assert.equal(await statusOf('mine'), 401)
    renameSync(accounts.place.database, `${accounts.place.database}.away`)
    assert.equal(await statusOf('mine'), 401)
    renameSync(`${accounts.place.database}.away`, accounts.place.database)
    accounts.place.request('inc-1')
    accounts.place.walk('inc-1', ['Preflight'])
    const before = looks
    assert.equal(await statusOf('mine'), 401)
    assert.equal(await statusOf('another'), 200)
    assert.equal(looks, before, 'a database that is about to be replaced was opened')
  })

  it('is asked about once as long as the database is the same, and many calls share a look', async () => {
    logOut('other')
    // Written a moment ago: a later write could bear the same time, so that nothing is remembered yet.
    const { racy } = await operations.fingerprint(accounts.place.database, { deadlineMs: 10_000 })
    assert.equal(typeof racy, 'boolean')
    const many = await Promise.all(Array.from({ length: 40 }, (_, index) => statusOf(`many-${index}`)))
    assert.ok(many.every((status) => status === 200))
    assert.ok(looks <= 40 / 4, `${looks} looks`)
  })

  it('is not looked up where the configuration says that there is no list', async () => {
    logOut('mine')
    await accounts.reopen({ jwt: { revokedTable: null }, revoked: () => revoked })
    assert.equal(await statusOf('mine'), 200)
    assert.equal(looks, 0)
  })
})
