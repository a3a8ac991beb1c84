/**
 * Does the daemon answer while it works? A drill of a large database is run, and meanwhile /metrics and /livez are asked
 * again and again; printed are the times of the answers. Usage: responsiveness-main.js [SIZE_MB], 1024 where none is given.
 */

import Database from 'better-sqlite3'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { isTerminal } from '../src/domain/phases.ts'
import { writeChecksums } from '../test/support/files.ts'
import { Installation } from '../test/support/installation.ts'
import { freePort } from '../test/support/free-port.ts'

const PAUSE_MS = 10

function makeLargeDatabase(path: string, sizeMb: number): void {
  const database = new Database(path)
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.exec('CREATE TABLE incidents (id INTEGER PRIMARY KEY, title TEXT, body TEXT)')
  database.exec('CREATE INDEX by_title ON incidents (title)')
  const insert = database.prepare('INSERT INTO incidents (title, body) VALUES (?, ?)')
  const body = 'x'.repeat(1000)
  for (let mb = 0; mb < sizeMb; mb += 1) {
    database.transaction(() => {
      for (let row = 0; row < 960; row += 1) insert.run(`incident ${mb} ${row}`, body)
    })()
  }
  database.close()
}

function quantile(sorted: readonly number[], q: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0).toFixed(1)
}

function report(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b)
  const figures = [0.5, 0.99, 1].map((q) => quantile(sorted, q))
  process.stdout.write(
    `${what}: ${sorted.length} answers, median ${figures[0]} ms, p99 ${figures[1]} ms, longest ${figures[2]} ms\n`,
  )
}

async function main(): Promise<void> {
  const sizeMb = Number(process.argv[2] ?? 1024)
  const port = await freePort()
  const installation = new Installation({ configuration: { metrics: { listen: `127.0.0.1:${port}` } } })
  try {
    const folder = join(installation.backups, 'daily')
    mkdirSync(folder, { recursive: true })
    const backup = join(folder, 'app_daily_20260215_020015.db')
    makeLargeDatabase(backup, sizeMb)
    if (sizeMb <= 2000) writeChecksums(backup)
    process.stdout.write(
      `a database of ${Math.round(statSync(backup).size / 1_048_576)} MB is copied, hashed and checked\n`,
    )
    await installation.start()
    installation.drop('large', { source: { latest: {} }, mode: 'Drill', activeDeadlineSeconds: 3600 })
    const times: Record<string, number[]> = { '/metrics': [], '/livez': [] }
    const startedAtMs = performance.now()
    for (;;) {
      for (const path of Object.keys(times)) {
        const askedAtMs = performance.now()
        const answer = await fetch(`http://127.0.0.1:${port}${path}`)
        await answer.text()
        times[path]?.push(performance.now() - askedAtMs)
        await delay(PAUSE_MS)
      }
      const request = installation.request('large')
      if (request !== undefined && isTerminal(request.phase)) {
        process.stdout.write(`drill: ${request.phase} after ${Math.round(performance.now() - startedAtMs)} ms\n`)
        break
      }
    }
    for (const [path, found] of Object.entries(times)) report(path, found)
  } finally {
    await installation.remove()
  }
}

await main()
