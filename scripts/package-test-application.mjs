/** The application of the package's test: a database in use, a backup of it, and the unit that uses it. */
import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Another user's files: what the daemon must be able to replace without being root. */
export const OWNER = 4711
const NAME = 'app_daily_20260215_020015'

export const APPLICATION_UNIT = `[Service]
User=app
ExecStart=/usr/lib/modosu/bin/node /srv/app/app.cjs
`

export const DROP_IN = `[Service]
ReadWritePaths=/srv/app
`

export const CONFIGURATION = `apiVersion: modosu.dev/v1
kind: Configuration
spool: {path: /var/spool/modosu}
metrics: {listen: null}
api: {socket: /run/modosu/api.sock}
targets:
  - name: app
    database: /srv/app/app.db
    backups: {path: /srv/app/backups}
    service: {unit: app.service}
    smokeQueries: [{name: orders, sql: SELECT COUNT(*) FROM orders, min: 1000}]
    hooks: {preRestore: [{name: slow, command: [/bin/sleep, "2"]}]}
    rateLimit: {restores: 100, window: 1h}
`

/** Adds a row four times a second, so that the database is never quiet. */
const PROGRAM = `const Database = require('/usr/lib/modosu/node_modules/better-sqlite3')
const db = new Database('/srv/app/app.db')
setInterval(() => db.exec("INSERT INTO orders (item) VALUES ('live')"), 250)
`

export function request(name) {
  return `apiVersion: modosu.dev/v1
kind: RestoreRequest
metadata: {name: ${name}}
spec:
  target: app
  source: {backupId: BKP-20260215-020015-daily}
  confirm: true
  requestedBy: ops-oncall
  reason: wrong rows deleted
`
}

/** A backup of 1000 rows, and the live database after the mistake; all of it the owner's. */
export function layApplication(folder, owner = OWNER) {
  mkdirSync(join(folder, 'backups/daily'), { recursive: true })
  const live = join(folder, 'app.db')
  const db = new Database(live)
  db.pragma('journal_mode = WAL')
  db.exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT);
    WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO orders (item) SELECT 'item ' || i FROM n`)
  const backup = join(folder, 'backups/daily', `${NAME}.db`)
  db.exec(`VACUUM INTO '${backup}'`)
  db.exec('DELETE FROM orders WHERE id > 10')
  db.close()
  const digest = createHash('sha256').update(readFileSync(backup)).digest('hex')
  writeFileSync(join(folder, 'backups/daily', `${NAME}.sha256`), `${digest}  ${NAME}.db\n`)
  writeFileSync(join(folder, 'app.cjs'), PROGRAM)
  for (const path of ['', ...readdirSync(folder, { recursive: true })]) chownSync(join(folder, path), owner, owner)
}
