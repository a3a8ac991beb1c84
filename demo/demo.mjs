/**
 * The main job on real input, in one command: a database with a writer that keeps it open, a real backup set taken while
 * the writer runs, the data wrecked, a request dropped into the spool, the phases as they come, and the proof in row
 * counts. Everything lies in one temporary folder, which is gone at the end.
 */
import Database from 'better-sqlite3'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const APPLICATION = fileURLToPath(new URL('application.mjs', import.meta.url))
const INCIDENTS = 1203

const folder = mkdtempSync(join(tmpdir(), 'modosu-demo-'))
const paths = {
  database: join(folder, 'app', 'itsm_nexus.db'),
  backups: join(folder, 'app', 'backups'),
  spool: join(folder, 'spool'),
  state: join(folder, 'state'),
  config: join(folder, 'modosu.yaml'),
  log: join(folder, 'daemon.log'),
}
let daemon

const say = (text = '') => process.stdout.write(`${text}\n`)
const step = (text) => say(`\n── ${text}`)

function application(command, port) {
  const result = spawnSync(process.execPath, [APPLICATION, command, paths.database, String(port)], { stdio: 'inherit' })
  if (result.status !== 0) throw new Error(`the application's ${command} failed`)
}

function modosu(...args) {
  return spawnSync(process.execPath, [MAIN, ...args, '--config', paths.config], { stdio: 'inherit' }).status
}

function count() {
  const database = new Database(paths.database, { readonly: true })
  try {
    return database.prepare('SELECT COUNT(*) AS n FROM incidents').get().n
  } finally {
    database.close()
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

function makeDatabase() {
  for (const path of [paths.backups, paths.spool, paths.state]) mkdirSync(path, { recursive: true })
  const database = new Database(paths.database)
  database.pragma('journal_mode = WAL')
  database.exec(
    'CREATE TABLE incidents (id INTEGER PRIMARY KEY, title TEXT NOT NULL, created_at TEXT DEFAULT CURRENT_TIMESTAMP)',
  )
  const insert = database.prepare('INSERT INTO incidents (title) VALUES (?)')
  database.transaction(() => {
    for (let n = 1; n <= INCIDENTS; n += 1) insert.run(`incident ${n}`)
  })()
  database.close()
}

/** What a backup job does: a consistent copy through SQLite, and its checksum in sha256sum's format. */
async function takeBackup() {
  const digits = new Date().toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
  const name = `itsm_nexus_daily_${digits.slice(0, 8)}_${digits.slice(8)}`
  mkdirSync(join(paths.backups, 'daily'), { recursive: true })
  const path = join(paths.backups, 'daily', `${name}.db`)
  const database = new Database(paths.database, { readonly: true })
  await database.backup(path)
  database.close()
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
  writeFileSync(join(paths.backups, 'daily', `${name}.sha256`), `${hash}  ${name}.db\n`)
  const backup = new Database(path, { readonly: true })
  const rows = backup.prepare('SELECT COUNT(*) AS n FROM incidents').get().n
  backup.close()
  return { id: `BKP-${digits.slice(0, 8)}-${digits.slice(8)}-daily`, rows }
}

function configure(port) {
  const command = (verb) => JSON.stringify([process.execPath, APPLICATION, verb, paths.database, String(port)])
  writeFileSync(
    paths.config,
    `apiVersion: modosu.dev/v1
kind: Configuration
stateDir: ${paths.state}
spool: {path: ${paths.spool}}
metrics: {listen: null}
targets:
  - name: itsm-nexus
    database: ${paths.database}
    backups: {path: ${paths.backups}, stem: itsm_nexus}
    service: {command: {stop: ${command('stop')}, start: ${command('start')}, status: ${command('status')}}}
    healthCheck: {url: "http://127.0.0.1:${port}/", timeout: 30s}
    smokeQueries: [{name: incidents, sql: "SELECT COUNT(*) FROM incidents", min: ${INCIDENTS}}]
`,
  )
}

async function startDaemon() {
  const log = openSync(paths.log, 'a')
  daemon = spawn(process.execPath, [MAIN, 'daemon', '--config', paths.config, '--insecure-permissions'], {
    stdio: ['ignore', log, log],
  })
  for (;;) {
    if (readFileSync(paths.log, 'utf8').includes('"msg":"ready"')) return
    if (daemon.exitCode !== null) throw new Error(`the daemon did not start:\n${readFileSync(paths.log, 'utf8')}`)
    await delay(50)
  }
}

async function demo() {
  const port = await freePort()
  step('An application keeps its database open (WAL mode) and writes to it')
  makeDatabase()
  application('start', port)
  const before = count()
  say(`incidents before: ${before}`)

  step('A backup set is taken while the application writes')
  const backup = await takeBackup()
  say(`${backup.id}: ${backup.rows} incidents`)

  step('Somebody deletes the wrong rows')
  const wrecking = new Database(paths.database, { timeout: 5000 })
  wrecking.prepare('DELETE FROM incidents').run()
  wrecking.close()
  const wrecked = count()
  say(`incidents wrecked: ${wrecked}`)

  step('The daemon watches its spool; a request is dropped into it')
  configure(port)
  await startDaemon()
  const request = `apiVersion: modosu.dev/v1
kind: RestoreRequest
metadata:
  name: inc-4711
spec:
  target: itsm-nexus
  source: {backupId: ${backup.id}}
  confirm: true
  requestedBy: ops-oncall
  reason: 誤操作によるインシデント削除
`
  say(request)
  writeFileSync(join(paths.spool, '.inc-4711.tmp'), request, { mode: 0o644 })
  renameSync(join(paths.spool, '.inc-4711.tmp'), join(paths.spool, 'inc-4711.yaml'))
  const status = modosu('wait', 'inc-4711', '--progress', '--for=condition=Succeeded', '--timeout', '2m')
  if (status !== 0)
    throw new Error(`the restore did not succeed (exit status ${status}):\n${readFileSync(paths.log, 'utf8')}`)

  step('What the daemon did, and what it says of it')
  modosu('events', '--for', 'inc-4711')
  const after = count()

  step('The proof')
  say(`incidents before:  ${before}`)
  say(`incidents wrecked: ${wrecked}`)
  say(
    `incidents after:   ${after}   (the backup's ${backup.rows}, and what the application has written since it runs again)`,
  )
  if (after < backup.rows) throw new Error('the restored database lacks rows of the backup')
  application('stop', port)
}

async function cleanUp() {
  if (daemon !== undefined && daemon.exitCode === null) {
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    daemon.kill('SIGTERM')
    await ended
  }
  spawnSync(process.execPath, [APPLICATION, 'stop', paths.database, '0'], { stdio: 'ignore' })
  rmSync(folder, { recursive: true, force: true })
}

process.once('SIGINT', () => void cleanUp().then(() => process.exit(130)))
try {
  await demo()
  say('\nEverything of this demo lay in one temporary folder, which is gone now.')
} catch (error) {
  process.stderr.write(`\n${error.stack}\n`)
  process.exitCode = 1
} finally {
  await cleanUp()
}
