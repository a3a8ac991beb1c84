/**
 * What the API answers in: a list of many backups, and fifty clients that read while a restore runs. Asked over the unix
 * socket, so that neither TLS nor a login is measured. Usage: api-main.js [BACKUPS] [SIZE_MB], 10000 and 256 where none are given.
 */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import Database from 'better-sqlite3'

import { makeBackup, writeChecksums } from '../test/support/files.ts'
import { Installation } from '../test/support/installation.ts'

const CLIENTS = 50
const CALLS = 200
const DAY_MS = 86_400_000
const PAGE = '/api/v1/backups?limit=50'

function digitsOf(timeMs: number): string {
  const digits = new Date(timeMs).toISOString().replaceAll(/[-:T]/g, '')
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`
}

/** As many sets as asked for, each with a database and a checksum file of its own. */
function makeBackups(folder: string, count: number): void {
  const first = makeBackup(folder, 'daily', digitsOf(Date.UTC(2026, 0, 1)), { rows: 1 })
  const checksums = readFileSync(first.replace(/\.db$/, '.sha256'), 'utf8')
  for (let number = 1; number < count; number += 1) {
    const path = join(folder, 'daily', `app_daily_${digitsOf(Date.UTC(2026, 0, 1) - (number * DAY_MS) / 24)}.db`)
    copyFileSync(first, path)
    writeFileSync(
      path.replace(/\.db$/, '.sha256'),
      checksums.replace(/app_daily_\w+\.db/, path.split('/').at(-1) ?? ''),
    )
  }
}

function makeLarge(folder: string, sizeMb: number): void {
  mkdirSync(join(folder, 'weekly'), { recursive: true })
  const path = join(folder, 'weekly', 'app_weekly_20260201_000000.db')
  const database = new Database(path)
  database.exec('CREATE TABLE incidents (id INTEGER PRIMARY KEY, title TEXT, body TEXT)')
  const insert = database.prepare("INSERT INTO incidents (title, body) VALUES ('x', ?)")
  const body = 'x'.repeat(1000)
  for (let mb = 0; mb < sizeMb; mb += 1) {
    database.transaction(() => {
      for (let row = 0; row < 960; row += 1) insert.run(body)
    })()
  }
  database.close()
  writeChecksums(path)
}

class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #socketPath: string

  constructor(socketPath: string) {
    this.#socketPath = socketPath
  }

  /** @returns how long the answer took, in ms, read to its end. */
  async get(path: string): Promise<number> {
    const askedAtMs = performance.now()
    await new Promise<void>((resolve, reject) => {
      const call = request({ socketPath: this.#socketPath, path, agent: this.#agent }, (response) => {
        text(response).then((body) => {
          if (response.statusCode === 200) resolve()
          else reject(new Error(`${path}: ${response.statusCode ?? 0} ${body}`))
        }, reject)
      })
      call.once('error', reject)
      call.end()
    })
    return performance.now() - askedAtMs
  }

  close(): void {
    this.#agent.destroy()
  }
}

function report(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0).toFixed(1),
  )
  process.stdout.write(
    `${what}: ${sorted.length} answers, p50 ${p50 ?? ''} ms, p95 ${p95 ?? ''} ms, p99 ${p99 ?? ''} ms\n`,
  )
}

async function main(): Promise<void> {
  const [count = 10_000, sizeMb = 256] = process.argv.slice(2).map(Number)
  const installation = new Installation()
  const socket = join(installation.state, 'api.sock')
  try {
    makeBackups(installation.backups, count)
    makeLarge(installation.backups, sizeMb)
    await installation.start()
    const client = new Client(socket)
    process.stdout.write(
      `${count} backups: the first list after the start took ${(await client.get(PAGE)).toFixed(0)} ms\n`,
    )
    for (const path of [PAGE, '/api/v1/backups?limit=500', '/api/v1/backups?sort=file_size&limit=50']) {
      const times: number[] = []
      for (let call = 0; call < CALLS; call += 1) times.push(await client.get(path))
      report(path, times)
    }
    client.close()
    installation.drop('large', { source: { backupId: 'BKP-20260201-000000-weekly' }, activeDeadlineSeconds: 3600 })
    await installation.when('large', ({ phase }) => phase !== 'Pending')
    const state = { over: false }
    const end = installation.ended('large').then(() => {
      state.over = true
    })
    const times = await Promise.all(Array.from({ length: CLIENTS }, () => readUntil(socket, () => state.over)))
    await end
    report(`${CLIENTS} clients while ${sizeMb} MB are restored`, times.flat())
    process.stdout.write(`restore: ${installation.request('large')?.phase ?? ''}\n`)
  } finally {
    await installation.remove()
  }
}

/** What a page asks for: the list, the request, its events. */
async function readUntil(socket: string, isOver: () => boolean): Promise<readonly number[]> {
  const client = new Client(socket)
  const times: number[] = []
  const request = '/apis/modosu.dev/v1/restorerequests/large'
  while (!isOver()) {
    for (const path of [PAGE, request, `${request}/events`]) times.push(await client.get(path))
  }
  client.close()
  return times
}

await main()
