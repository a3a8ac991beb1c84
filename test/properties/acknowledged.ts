/**
 * Real writers beside real restores: every row that SQLite acknowledged must be in the live database, in a safety backup, or
 * in a file that the outcome names.
 */

import Database from 'better-sqlite3'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'

import { openStateReader } from '../../src/store/reader.ts'
import type { StoredRequest } from '../../src/store/rows.ts'
import { safetyBackups } from '../support/beside.ts'
import { writeChecksums } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import type { AckWriter } from './ack-writer.ts'

const WRITER = fileURLToPath(new URL('./ack-writer.js', import.meta.url))

export interface Interleaving {
  readonly journalMode: 'WAL' | 'DELETE' | 'PERSIST' | 'TRUNCATE' | 'MEMORY'
  readonly ends: 'restore' | 'rollback' | 'undo'
  readonly writers: readonly Pick<AckWriter, 'keepsOpen' | 'startAfterMs' | 'periodMs' | 'busyTimeoutMs'>[]
}

export const interleavings: fc.Arbitrary<Interleaving> = fc.record({
  journalMode: fc.constantFrom('WAL', 'DELETE', 'PERSIST', 'TRUNCATE', 'MEMORY'),
  ends: fc.constantFrom('restore', 'rollback', 'undo'),
  writers: fc.array(
    fc.record({
      keepsOpen: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      startAfterMs: fc.integer({ min: 0, max: 2000 }),
      periodMs: fc.constantFrom(5, 20, 60, 150, 400),
      busyTimeoutMs: fc.constantFrom(0, 100, 5000),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

export interface Told {
  readonly phase: string
  readonly acknowledged: number
  readonly lost: readonly string[]
}

export class AcknowledgedWorld {
  readonly installation: Installation
  readonly #fails: string
  #runs = 0

  constructor(main?: string) {
    this.installation = new Installation({ live: null, ...(main === undefined ? {} : { main }) })
    this.#fails = join(this.installation.folder, 'fails')
    this.installation.configure({
      target: {
        rateLimit: { restores: 1000, window: '1s' },
        hooks: { postRestore: [{ name: 'fails', command: ['/bin/sh', '-c', `test ! -e '${this.#fails}'`] }] },
      },
      configuration: { retention: { safetyBackups: { enabled: false } } },
    })
  }

  /** Runs one interleaving to its end and looks for every row. */
  async run(interleaving: Interleaving): Promise<Told> {
    const { installation } = this
    const name = `run-${++this.#runs}`
    const source = this.#lay(interleaving)
    const acks = mkdtempSync(join(tmpdir(), 'modosu-acks-'))
    const writers = await Promise.all(
      interleaving.writers.map((writer, index) =>
        startWriter(installation.database, acks, interleaving, writer, index),
      ),
    )
    let request: StoredRequest
    try {
      installation.drop(name, { source })
      request = await installation.ended(name)
    } finally {
      await Promise.all(writers.map(endWriter))
    }
    const rows = acknowledgedIn(acks)
    const found = new Set(this.#filesSpokenOf(request).flatMap((file) => rowsOf(file)))
    rmSync(acks, { recursive: true })
    rmSync(join(installation.spool, `${name}.yaml`))
    return { phase: request.phase, acknowledged: rows.length, lost: rows.filter((row) => !found.has(row)) }
  }

  async remove(): Promise<void> {
    await this.installation.remove()
  }

  /** A database with ten rows, a backup with none; nothing of an earlier run. */
  #lay({ journalMode, ends }: Interleaving): Record<string, unknown> {
    const { database, backups, folder } = this.installation
    for (const name of readdirSync(join(folder, 'app'))) {
      if (name.startsWith('app.db')) rmSync(join(folder, 'app', name), { recursive: true, force: true })
    }
    // The daemon renames its own notes there meanwhile.
    for (const name of readdirSync(backups)) rmSync(join(backups, name), { recursive: true, force: true })
    rmSync(this.#fails, { force: true })
    if (ends === 'rollback') writeFileSync(this.#fails, '')
    make(
      database,
      journalMode,
      Array.from({ length: 10 }, (_, row) => `old-${row}`),
    )
    if (ends === 'undo') {
      make(join(backups, 'restore_safety_20260101000000.db'), 'DELETE', [])
      return { safetyBackup: { name: 'restore_safety_20260101000000.db' } }
    }
    mkdirSync(join(backups, 'daily'))
    const backup = join(backups, 'daily', 'app_daily_20260215_020015.db')
    make(backup, journalMode === 'WAL' ? 'WAL' : 'DELETE', [])
    writeChecksums(backup)
    return { latest: {} }
  }

  /** The live database, the safety backups, and every file that status or events name. */
  #filesSpokenOf(request: StoredRequest): string[] {
    const { database, backups, state } = this.installation
    const reader = openStateReader(state)
    try {
      const told = JSON.stringify([request.status, reader.events({ request: request.name })])
      const named = told.match(/\/[^\s"',;]+/g) ?? []
      return [...new Set([database, ...safetyBackups(backups), ...named])].filter((file) =>
        /\.db(\.broken\.\d+_\d+|\.modosu-.*\.old)?$/.test(file),
      )
    } finally {
      reader.close()
    }
  }
}

function make(path: string, journalMode: string, rows: readonly string[]): void {
  const database = new Database(path)
  database.pragma(`journal_mode = ${journalMode === 'WAL' ? 'WAL' : 'DELETE'}`)
  database.exec('CREATE TABLE acked (row TEXT PRIMARY KEY)')
  for (const row of rows) database.prepare('INSERT INTO acked (row) VALUES (?)').run(row)
  database.close()
}

async function startWriter(
  path: string,
  acks: string,
  { journalMode }: Interleaving,
  writer: Interleaving['writers'][number],
  index: number,
): Promise<ChildProcess> {
  const settings: AckWriter = {
    ...writer,
    path,
    name: `w${index}`,
    acknowledged: join(acks, `w${index}`),
    journalMode: journalMode === 'WAL' ? null : journalMode,
  }
  const child = spawn(process.execPath, [WRITER, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  return child
}

async function endWriter(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

function acknowledgedIn(folder: string): string[] {
  const acked = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean),
  )
  return [...Array.from({ length: 10 }, (_, row) => `old-${row}`), ...acked]
}

/** From a copy, with the side files beside it: what an opener of the file finds. */
function rowsOf(file: string): string[] {
  if (!existsSync(file)) return []
  const folder = mkdtempSync(join(tmpdir(), 'modosu-rows-'))
  const [base = file, broken = ''] = file.split(/(?=\.broken\.)/)
  try {
    for (const suffix of ['', '-wal', '-journal']) {
      const from = `${base}${suffix}${broken}`
      if (existsSync(from)) copyFileSync(from, join(folder, `copy.db${suffix}`))
    }
    const database = new Database(join(folder, 'copy.db'))
    try {
      return database.prepare('SELECT row FROM acked').pluck().all() as string[]
    } finally {
      database.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
