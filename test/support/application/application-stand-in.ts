/**
 * A stand-in for the application: a process that boots slowly, migrates its own schema, keeps its database open in WAL mode,
 * writes on and on, and answers its health check only once it is ready.
 *
 *   application-stand-in.js start|stop|status|crash|run SETTINGS
 *   application-stand-in.js backup SETTINGS TYPE
 *
 * `start` does not wait for the boot, as `systemctl start` of a Type=simple unit does not. `stop` fails where nothing runs,
 * as `kill $(cat PIDFILE)` does.
 */

import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { appendFileSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { makeSet } from './backup.ts'
import { migrate } from './migrations.ts'
import { readSettings, runningPid, type ApplicationSettings } from './settings.ts'

const STOP_PATIENCE_MS = 20_000
const LOOK_MS = 20

const [verb = '', settingsFile = '', type = 'daily'] = process.argv.slice(2)
const settings = readSettings(settingsFile)

async function start({ pidFile, logFile }: ApplicationSettings): Promise<void> {
  if (runningPid(pidFile) !== null) return
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'run', settingsFile], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  await new Promise((resolve) => child.once('spawn', resolve))
  writeFileSync(pidFile, String(child.pid))
  child.unref()
}

async function stop({ pidFile }: ApplicationSettings): Promise<void> {
  const pid = runningPid(pidFile)
  if (pid === null) {
    process.stderr.write(`kill: no such process (${pidFile})\n`)
    process.exitCode = 1
    return
  }
  process.kill(pid, 'SIGTERM')
  await gone(pid, settings)
}

/** Its pid file stays, as after any crash. */
async function crash({ pidFile }: ApplicationSettings): Promise<void> {
  const pid = runningPid(pidFile)
  if (pid === null) return
  process.kill(pid, 'SIGKILL')
  await gone(pid, settings)
}

async function gone(pid: number, { pidFile }: ApplicationSettings): Promise<void> {
  const end = performance.now() + STOP_PATIENCE_MS
  while (runningPid(pidFile) !== null) {
    if (performance.now() > end) throw new Error(`process ${pid} does not stop`)
    await delay(LOOK_MS)
  }
}

async function run(): Promise<void> {
  let ready = false
  const server = createServer((_request, response) => {
    response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ status: ready ? 'OK' : 'STARTING' }))
  })
  server.listen(settings.port, '127.0.0.1')
  if (settings.ignoresSigterm) process.on('SIGTERM', () => undefined)
  const database = new Database(settings.database, { timeout: 5000 })
  database.pragma('journal_mode = WAL')
  if (settings.refusesToStart) {
    process.stderr.write('migration 20261127_0004 failed: no such column: incidents.priority\n')
    process.exit(1)
  }
  migrate(database)
  await delay(settings.bootMs)
  ready = true
  process.stdout.write(`ready, pid ${process.pid}\n`)
  const timers = Array.from({ length: settings.writers }, (_, index) => writeOn(database, index))
  if (settings.crashesAfterMs !== null) setTimeout(() => process.kill(process.pid, 'SIGKILL'), settings.crashesAfterMs)
  if (settings.ignoresSigterm) return
  process.on('SIGTERM', () => {
    timers.forEach(clearInterval)
    database.close()
    rmSync(settings.pidFile, { force: true })
    process.exit(0)
  })
}

/** A write counts once its commit has returned; the line in the log is the application's answer to its user. */
function writeOn(database: Database.Database, writer: number): NodeJS.Timeout {
  const insert = database.prepare('INSERT INTO incidents (title, token) VALUES (?, ?)')
  let count = 0
  return setInterval(() => {
    const token = `${process.pid}-${writer}-${(count += 1)}`
    try {
      insert.run('written by the application', token)
    } catch (error) {
      process.stderr.write(`write refused: ${String(error)}\n`)
      return
    }
    appendFileSync(settings.acknowledged, `${token}\n`)
  }, settings.writeEveryMs)
}

switch (verb) {
  case 'start':
    await start(settings)
    break
  case 'stop':
    await stop(settings)
    break
  case 'status':
    process.exitCode = runningPid(settings.pidFile) === null ? 3 : 0
    break
  case 'crash':
    await crash(settings)
    break
  case 'backup':
    process.stdout.write(`${makeSet(settings, type)}\n`)
    break
  case 'run':
    await run()
    break
  default:
    throw new Error(`unknown command ${verb}`)
}
