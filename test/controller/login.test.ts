import assert from 'node:assert/strict'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { checklistFor } from '../../src/controller/papers/checklist-of.ts'
import { systemClock } from '../../src/domain/clock.ts'
import { makeBackup } from '../support/files.ts'
import { InProcess } from '../support/in-process.ts'

const PASSWORD = 'correct horse'

describe('the login probe of a restore', () => {
  let world: InProcess
  let server: Server
  let status = 200
  let asked = 0

  before(async () => {
    server = createServer((_, response) => {
      asked += 1
      response.writeHead(status).end('{"token":"eyJ.secret.token"}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    world = new InProcess({ rows: 60, wal: false })
    const passwordFile = join(world.root, 'password')
    writeFileSync(passwordFile, PASSWORD, { mode: 0o600 })
    const loginProbe = {
      url: `http://127.0.0.1:${port}/login`,
      username: 'probe',
      passwordFile,
      usernameField: 'username',
      passwordField: 'password',
      expectStatus: 200,
      tokenField: 'token',
      timeoutMs: 5000,
      insecureSkipVerify: false,
    }
    Object.assign(world.target, { loginProbe })
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 40, wal: false })
  })
  after(async () => {
    server.closeAllConnections()
    server.close()
    await world.remove()
  })

  async function pointOf(name: string) {
    const sources = {
      reader: world.store,
      clock: systemClock,
      list: () => Promise.reject(new Error('not asked')),
      contacts: [],
    }
    const { points } = await checklistFor(sources, world.store.request(name)!, world.target, 'post')
    const { by, done, evidence } = points[2]!
    return { by, done, evidence }
  }

  it('ticks its point of the checklist with its evidence', async () => {
    const request = await world.run('inc-1')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(asked, 1)
    const { by, done, evidence } = await pointOf('inc-1')
    assert.deepEqual([by, done], ['machine', true])
    assert.match(evidence, /^probe could log in at http:.*\/login: HTTP 200, with a token$/)
  })

  it('leaves the point to a person where it failed, says why, and changes nothing of the outcome', async () => {
    status = 401
    const request = await world.run('inc-2')
    assert.equal(request.phase, 'Succeeded')
    const { by, done, evidence } = await pointOf('inc-2')
    assert.deepEqual([by, done], ['person', false])
    assert.match(evidence, /gave HTTP 401/)
    const login = request.status.checks.filter(({ name }) => name === 'login')
    assert.deepEqual(
      login.map(({ result }) => result),
      ['warn'],
    )
  })

  it('is not tried with a password that others may read', async () => {
    asked = 0
    chmodSync(join(world.root, 'password'), 0o644)
    assert.equal((await world.run('inc-3')).phase, 'Succeeded')
    assert.match((await pointOf('inc-3')).evidence, /^no login was tried: the password file .* chmod 600 /)
    assert.equal(asked, 0)
  })

  it('is not asked by what replaces nothing, and writes its password and token nowhere', async () => {
    chmodSync(join(world.root, 'password'), 0o600)
    for (const mode of ['Drill', 'DryRun'] as const) await world.run(mode.toLowerCase(), { mode })
    assert.equal(asked, 0)
    const stored = ['modosu.db', 'modosu.db-wal'].map((name) => {
      try {
        return readFileSync(join(world.state, name), 'latin1')
      } catch {
        return ''
      }
    })
    const told = JSON.stringify(world.log.lines) + stored.join('')
    assert.ok(stored.join('').includes('could log in at'))
    assert.doesNotMatch(told, /correct horse|secret\.token/)
  })
})
