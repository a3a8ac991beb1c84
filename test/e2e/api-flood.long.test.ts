/** A daemon that is guessed at and held open by slow clients: it refuses, in bounded memory, and answers those who ask properly. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { hashPassword } from '../../src/api/auth/password.ts'
import { writeUsers } from '../../src/api/auth/users-file.ts'
import { Installation } from '../support/installation.ts'

const METRICS = 21_469 + (process.pid % 1000)
const LOGINS = 1000
const AT_ONCE = 100
const SLOW = 200
/** One hash takes 128 MiB; the rest is for 300 connections and their refusals. */
const MOST_GROWTH_MB = 400
/** Of one address in 15 minutes (src/api/auth/login.ts): each costs a hash. */
const MOST_HASHES = 50

describe('the API under a flood', { timeout: 240_000 }, () => {
  const installation = new Installation()
  let pid = 0
  let port = 0
  let endWatch = (): Promise<Watched> => Promise.reject(new Error('not begun'))

  before(async () => {
    const usersFile = join(installation.folder, 'users.yaml')
    const password = await hashPassword('correct horse battery')
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    writeUsers(usersFile, [{ name: 'admin', password, roles: { '*': 'admin' }, disabled: false }], owner)
    installation.configure({
      configuration: {
        metrics: { listen: `127.0.0.1:${METRICS}` },
        // The limit of calls would refuse most of it before anything else has to.
        api: { listen: '127.0.0.1:0', rateLimit: { requests: 1_000_000, window: '1m' } },
        auth: { users: { file: usersFile } },
      },
    })
    pid = (await installation.start()).pid ?? 0
    port = Number(/the API listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(installation.log())?.[1])
    endWatch = watch(pid)
  })
  after(() => installation.remove())

  async function health(): Promise<number> {
    return (await fetch(`http://127.0.0.1:${port}/api/v1/health/live`)).status
  }

  it('refuses a thousand wrong logins without a hash for each', async () => {
    const statuses: number[] = []
    for (let sent = 0; sent < LOGINS; sent += AT_ONCE) {
      const answers = Array.from({ length: AT_ONCE }, (_, index) => logIn(port, `user${(sent + index) % 300}`))
      statuses.push(...(await Promise.all(answers)))
    }
    assert.deepEqual(
      statuses.filter((status) => status !== 401 && status !== 429),
      [],
    )
    const hashes = statuses.filter((status) => status === 401).length
    assert.ok(hashes <= MOST_HASHES, `${hashes} hashes`)
    assert.equal(statuses.length, LOGINS)
  })

  it('ends two hundred clients that never finish their headers, and serves those who do', async () => {
    const slow = await Promise.all(Array.from({ length: SLOW }, () => dribble(port)))
    assert.equal(await health(), 200)
    // A test that waits for ever fails by its time limit.
    await Promise.all(slow.map((each) => each.ended))
    assert.equal(await health(), 200)
  })

  it('answers the probe each time meanwhile, and keeps its memory within bounds', async (context) => {
    const { probes, failures, firstMb, mostMb } = await endWatch()
    context.diagnostic(`${probes} probes, ${firstMb} MiB before, ${mostMb} MiB at most`)
    assert.deepEqual(failures, [])
    assert.ok(probes > 10)
    assert.ok(mostMb - firstMb <= MOST_GROWTH_MB, `${firstMb} MiB before, ${mostMb} MiB at most`)
  })
})

async function logIn(port: number, username: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'wrong' }),
  })
  await response.arrayBuffer()
  return response.status
}

/** One header a quarter of a second, never the empty line at the end. */
async function dribble(port: number): Promise<{ readonly ended: Promise<unknown> }> {
  const socket: Socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => undefined)
  const ended = once(socket, 'close')
  await once(socket, 'connect')
  socket.resume()
  socket.write('GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n')
  let number = 0
  const timer = setInterval(() => {
    socket.write(`X-Slow-${number}: x\r\n`)
    number += 1
  }, 250)
  void ended.then(() => {
    clearInterval(timer)
  })
  return { ended }
}

interface Watched {
  readonly probes: number
  readonly failures: readonly string[]
  readonly firstMb: number
  readonly mostMb: number
}

function residentMb(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
}

/** Asks /livez again and again. @returns ends it. */
function watch(pid: number): () => Promise<Watched> {
  const firstMb = residentMb(pid)
  const failures: string[] = []
  let mostMb = firstMb
  let probes = 0
  const ending = new AbortController()
  const done = (async () => {
    while (!ending.signal.aborted) {
      probes += 1
      const status = await fetch(`http://127.0.0.1:${METRICS}/livez`).then(
        (response) => response.status,
        (error: unknown) => String(error),
      )
      if (status !== 200) failures.push(String(status))
      mostMb = Math.max(mostMb, residentMb(pid))
      await delay(100)
    }
  })()
  return async () => {
    ending.abort()
    await done
    return { probes, failures, firstMb, mostMb }
  }
}
