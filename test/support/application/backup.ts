/** The stand-in's backup script: files named in local time, a catalog in UTC. */

import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import type { ApplicationSettings } from './settings.ts'

/**
 * Makes a set beside a running or stopped application, as it lies: `.db`, its `-wal` and the `.sha256` of both. The copy
 * has its own catalog row as `in_progress`, as the real one's has.
 *
 * @returns the path of its `.db`.
 */
export function makeSet({ database, backups, stem }: ApplicationSettings, type: string): string {
  const now = new Date()
  const id = `BKP-${utcDigits(now)}-${type}`
  const folder = join(backups, type)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${stem}_${type}_${localDigits(now)}.db`)
  const connection = new Database(database, { timeout: 10_000 })
  try {
    const admin = connection.prepare("SELECT id FROM users WHERE username = 'admin'").pluck().get()
    connection
      .prepare(
        'INSERT INTO backup_logs (backup_id, backup_type, created_by, started_at, created_at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(id, type, admin, now.toISOString(), now.toISOString())
    // Nobody commits while the files are copied.
    connection.exec('BEGIN IMMEDIATE')
    for (const suffix of ['', '-wal']) {
      if (existsSync(`${database}${suffix}`)) copyFileSync(`${database}${suffix}`, `${path}${suffix}`)
    }
    connection.exec('COMMIT')
    const members = [path, `${path}-wal`].filter((file) => existsSync(file))
    const lines = members.map((file) => `${hash(file)}  ${basename(file)}\n`)
    writeFileSync(path.replace(/\.db$/, '.sha256'), lines.join(''))
    connection
      .prepare(
        `UPDATE backup_logs SET status = 'success', file_path = ?, file_size = ?, checksum = ?, completed_at = ?
        WHERE backup_id = ?`,
      )
      .run(path, statSync(path).size, `sha256:${hash(path)}`, new Date().toISOString(), id)
    connection
      .prepare(
        `INSERT INTO backup_audit_logs (operation, backup_id, user_id, username, status) VALUES ('create', ?, ?, 'admin', 'success')`,
      )
      .run(id, admin)
  } finally {
    connection.close()
  }
  return path
}

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** `YYYYMMDDHHMMSS`. */
function utcDigits(time: Date): string {
  return time.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
}

/** `YYYYMMDD_HHMMSS`, as `date +%Y%m%d_%H%M%S` prints it: TZ decides. */
function localDigits(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`
  return `${day}_${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`
}
