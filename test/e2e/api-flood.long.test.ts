/** A daemon that is guessed at and held open by slow clients: it refuses, in bounded memory, and answers those who ask properly. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { hashPassword } from '../../src/api/auth/password.ts'
import { writeUsers } from '../../src/api/auth/users-file.ts'
import { Installation } from '../support/installation.ts'
import { ask, openSlowly, SLOW, Usage } from './api-flood.ts'

const LOGINS = 1000
const AT_ONCE = 50
const CONNECTIONS = 200
/** Of one address in 15 minutes (src/api/auth/login.ts): each costs a hash. */
const MOST_HASHES = 50
/** One hash takes 128 MiB; the rest is for connections and their refusals. */
const MOST_GROWTH_MB = 400
/** src/telemetry/connections.ts, and a few of the daemon's own and of those who ask properly. */
const MOST_SOCKETS = 128 + 32
const PASSWORD = 'correct horse battery'
const [FRIEND, GUESSER, HOLDER] = ['127.0.0.1', '127.0.0.2', '127.0.0.3']

describe('the API under a flood', { timeout: 600_000 }, () => {
  const installation = new Installation()
  const answers: Record<string, (number | string)[]> = { livez: [], live: [] }
  const slow: ReturnType<typeof openSlowly>[] = []
  const stop = new AbortController()
  let watching = Promise.resolve()
  let usage: Usage
  let api = 0
  let idleMb = 0
  let mostSockets = 0
  let ticksOfHash = 0

  /** Asks whether the daemon lives, by both listeners, until it is stopped: whatever becomes of the test. */
  async function watch(metrics: number): Promise<void> {
    while (!stop.signal.aborted) {
      answers['livez']?.push(await ask({ port: metrics, path: '/livez', from: FRIEND }))
      answers['live']?.push(await ask({ port: api, path: '/api/v1/health/live', from: FRIEND }))
      mostSockets = Math.max(mostSockets, usage.sockets())
      await delay(50)
    }
  }

  const logIn = (username: string, password: string, from: string) =>
    ask({ port: api, path: '/api/v1/auth/login', body: { username, password }, from })

  before(async () => {
    const usersFile = join(installation.folder, 'users.yaml')
    const password = await hashPassword(PASSWORD)
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    writeUsers(usersFile, [{ name: 'admin', password, roles: { '*': 'admin' }, disabled: false }], owner)
    installation.configure({
      configuration: {
        metrics: { listen: '127.0.0.1:0' },
        // The limit of calls would refuse most of it before anything else has to.
        api: { listen: '127.0.0.1:0', rateLimit: { requests: 1_000_000, window: '1m' } },
        auth: { users: { file: usersFile } },
      },
    })
    usage = new Usage((await installation.start()).pid ?? 0)
    api = Number(/the API listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(installation.log())?.[1])
    const served = installation
      .log()
      .split('\n')
      .find((line) => line.includes('metrics are served'))
    idleMb = usage.residentMb()
    const before = usage.ticks()
    for (let time = 0; time < 3; time += 1) assert.equal(await logIn('admin', PASSWORD, FRIEND), 200)
    ticksOfHash = (usage.ticks() - before) / 3
    watching = watch((JSON.parse(served ?? '') as { readonly port: number }).port)
  })

  after(async () => {
    stop.abort()
    for (const each of slow) each.end()
    await watching
    await installation.remove()
  })

  for (const { what, ...slowness } of SLOW) {
    it(`serves whoever asks properly while two hundred connections ${what}`, async () => {
      for (let index = 0; index < CONNECTIONS; index += 1) slow.push(openSlowly(api, HOLDER, slowness))
      assert.equal(await logIn('admin', PASSWORD, FRIEND), 200)
    })
  }

  it('refuses a thousand wrong logins, and hashes no password of those beyond the limit', async () => {
    const statuses: (number | string)[] = []
    let spent = 0
    let refused = 0
    for (let sent = 0; sent < LOGINS; sent += AT_ONCE) {
      const before = usage.ticks()
      const batch = Array.from({ length: AT_ONCE }, (_, index) =>
        logIn(`user${(sent + index) % 300}`, 'wrong', GUESSER),
      )
      const answered = await Promise.all(batch)
      statuses.push(...answered)
      // Those among which no password was looked at.
      if (answered.every((status) => status === 429)) {
        spent += usage.ticks() - before
        refused += AT_ONCE
      }
    }
    const hashes = statuses.filter((status) => status === 401).length
    assert.equal(hashes + statuses.filter((status) => status === 429).length, LOGINS, JSON.stringify(statuses))
    assert.ok(hashes > 0 && hashes <= MOST_HASHES, `${hashes} hashes`)
    assert.ok(refused > 0)
    assert.ok(spent / refused < ticksOfHash / 5, `${spent / refused} ticks for a refusal, ${ticksOfHash} for a hash`)
  })

  it('lets the user who was guessed at in from his own address', async () => {
    for (let guess = 0; guess < 15; guess += 1) await logIn('admin', 'wrong', GUESSER)
    assert.equal(await logIn('admin', PASSWORD, FRIEND), 200)
  })

  it('ends every slow connection', async () => {
    // One that never ends fails the test by its time limit.
    await Promise.all(slow.map(({ ended }) => ended))
  })

  it('has answered every probe of its life, and kept its memory and its connections within bounds', async (context) => {
    stop.abort()
    await watching
    const peakMb = usage.peakMb()
    for (const [probe, statuses] of Object.entries(answers)) {
      context.diagnostic(`${probe}: ${statuses.length} probes`)
      assert.ok(statuses.length > 10, probe)
      assert.deepEqual(
        statuses.filter((status) => status !== 200),
        [],
        probe,
      )
    }
    context.diagnostic(
      `${idleMb} MiB before, ${peakMb} MiB at most, ${mostSockets} sockets, ${ticksOfHash} ticks a hash`,
    )
    assert.ok(peakMb - idleMb <= MOST_GROWTH_MB, `${idleMb} MiB before, ${peakMb} MiB at most`)
    assert.ok(mostSockets <= MOST_SOCKETS, `${mostSockets} sockets`)
  })
})
