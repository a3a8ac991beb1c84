/**
 * A stand-in for the application around a database: one process that keeps it open in WAL mode and writes a row now and
 * then, with a health endpoint. Started and stopped by command, as a target's `service.command` does it.
 *
 *   application.mjs start|stop|status|run DATABASE PORT
 */
import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { clearInterval, setInterval } from 'node:timers'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const [command, database, port = '0'] = process.argv.slice(2)
const pidFile = `${database}.pid`
const PATIENCE_MS = 15_000

function runningPid() {
  if (!existsSync(pidFile)) return null
  const pid = Number(readFileSync(pidFile, 'utf8'))
  try {
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}

async function until(done, what) {
  const end = Date.now() + PATIENCE_MS
  while (!done()) {
    if (Date.now() > end) throw new Error(`the application did not ${what}`)
    await delay(20)
  }
}

async function start() {
  if (runningPid() !== null) return
  rmSync(pidFile, { force: true })
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'run', database, port], {
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
  await until(() => runningPid() !== null, 'start')
}

async function stop() {
  const pid = runningPid()
  if (pid === null) return
  process.kill(pid, 'SIGTERM')
  await until(() => runningPid() === null, 'stop')
  rmSync(pidFile, { force: true })
}

/** Writes until it is told to stop; a database that it cannot use makes it unhealthy, not dead. */
function run() {
  let connection = null
  const open = () => {
    connection ??= new Database(database, { fileMustExist: true, timeout: 2000 })
    return connection
  }
  const write = () => {
    try {
      open().prepare("INSERT INTO incidents (title) VALUES ('written by the application')").run()
    } catch {
      // Said by the health endpoint.
    }
  }
  const healthy = () => {
    try {
      open().prepare('SELECT COUNT(*) FROM incidents').get()
      return true
    } catch {
      return false
    }
  }
  const server = createServer((_request, response) => {
    const ok = healthy()
    response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ status: ok ? 'ok' : 'unavailable' }))
  })
  server.listen(Number(port), '127.0.0.1', () => {
    writeFileSync(pidFile, String(process.pid))
    const timer = setInterval(write, 100)
    process.on('SIGTERM', () => {
      clearInterval(timer)
      connection?.close()
      server.close()
      server.closeAllConnections()
      rmSync(pidFile, { force: true })
    })
  })
}

const commands = { start, stop, run, status: () => (process.exitCode = runningPid() === null ? 3 : 0) }
await commands[command]()
