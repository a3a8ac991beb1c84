/**
 * A process that writes to a database as an application does that nobody stops. Argument: JSON of `AckWriter`. Each row that
 * SQLite has acknowledged is named in a file of its own; until it is killed.
 */

import Database from 'better-sqlite3'
import { openSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export interface AckWriter {
  readonly path: string
  readonly name: string
  /** Where the acknowledged rows are named, one a line. */
  readonly acknowledged: string
  /** Opens the database anew for each row, or keeps it open. */
  readonly keepsOpen: boolean
  /** null: the one of the file, which is WAL. */
  readonly journalMode: string | null
  readonly startAfterMs: number
  readonly periodMs: number
  readonly busyTimeoutMs: number
}

const writer = JSON.parse(process.argv[2] ?? '') as AckWriter
const out = openSync(writer.acknowledged, 'a')
let connection: Database.Database | null = null
let rows = 0

function connect(): Database.Database {
  const opened = new Database(writer.path, { timeout: writer.busyTimeoutMs, fileMustExist: true })
  if (writer.journalMode !== null) opened.pragma(`journal_mode = ${writer.journalMode}`)
  return opened
}

function close(): void {
  try {
    connection?.close()
  } finally {
    connection = null
  }
}

process.stdout.write('ready\n')
await delay(writer.startAfterMs)
for (;;) {
  const row = `${writer.name}-${rows++}`
  try {
    connection ??= connect()
    connection.prepare('INSERT INTO acked (row) VALUES (?)').run(row)
    writeSync(out, `${row}\n`)
    if (!writer.keepsOpen) close()
  } catch {
    // Locked, moved or replaced: SQLite has said no, and the row counts for nothing.
    close()
  }
  await delay(writer.periodMs)
}
