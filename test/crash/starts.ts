/** The states in which a sweep finds the operator's database, and what is OLD and what is NEW in each. */

import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { makeDatabase } from '../support/files.ts'

export const STARTS = ['wal', 'journal', 'delete', 'corrupt', 'none'] as const
export type Start = (typeof STARTS)[number]

/** In words, for the table. */
export const START_NAMES: Readonly<Record<Start, string>> = {
  wal: 'WAL, frames not checkpointed',
  journal: 'hot rollback journal',
  delete: 'DELETE mode',
  corrupt: 'corrupt old database',
  none: 'no old database',
}

export const OLD_ROWS = 120
export const NEW_ROWS = 12
const FILES = ['', '-wal', '-journal'] as const

export type Content = 'OLD' | 'NEW' | 'NEITHER'

/** The files of a start, made once and copied for each run, and the digests that tell OLD from NEW. */
export class StartFiles {
  readonly start: Start
  readonly #folder: string
  readonly #old: string
  readonly #new: string

  constructor(start: Start, folder: string, backup: string) {
    this.start = start
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'app.db')
    MAKERS[start](file)
    const readable = start !== 'corrupt' && start !== 'none'
    this.#old = readable ? contentOf(file) : bytesOf(file)
    this.#new = contentOf(backup)
    if (this.#old === this.#new) throw new Error(`${start}: old and new cannot be told apart`)
    if (start === 'journal' && withoutSides(file) === this.#old) throw new Error('the journal is not needed: not hot')
    if (start === 'wal' && withoutSides(file) === this.#old) throw new Error('the -wal is not needed')
  }

  /** Puts the database at the path into this state; whatever bears its name goes. */
  lay(database: string): void {
    for (const suffix of FILES) {
      const from = join(this.#folder, `app.db${suffix}`)
      if (existsSync(from)) copyFileSync(from, `${database}${suffix}`)
    }
  }

  /** What an opener of the path finds. A side file of the corrupt database may stand under its second name. */
  classify(database: string): Content {
    if (this.start === 'none' && !existsSync(database)) return existsSync(`${database}-wal`) ? 'NEITHER' : 'OLD'
    if (!existsSync(database)) return 'NEITHER'
    const content = contentOf(database)
    if (content === this.#new) return 'NEW'
    if (this.start === 'corrupt') return this.#isWreck(database) ? 'OLD' : 'NEITHER'
    return content === this.#old ? 'OLD' : 'NEITHER'
  }

  /** Whether a file, with the side files beside it, holds everything that was committed to the old database. */
  holdsOld(file: string): boolean {
    return this.start === 'corrupt' ? bytesOf(file) === this.#old : contentOf(file) === this.#old
  }

  #isWreck(database: string): boolean {
    const same = (suffix: string) =>
      existsSync(`${database}${suffix}`) && readFileSync(`${database}${suffix}`).equals(this.#bytes(suffix))
    return same('') && (same('-wal') || !existsSync(`${database}-wal`))
  }

  #bytes(suffix: string): Buffer {
    return readFileSync(join(this.#folder, `app.db${suffix}`))
  }
}

const MAKERS: Readonly<Record<Start, (file: string) => void>> = {
  wal: (file) => {
    makeDatabase(file, { rows: OLD_ROWS, uncheckpointed: true })
  },
  delete: (file) => {
    makeDatabase(file, { rows: OLD_ROWS, wal: false })
  },
  journal: makeHotJournal,
  corrupt: (file) => {
    makeDatabase(file, { rows: OLD_ROWS, wal: false })
    writeFileSync(file, Buffer.concat([Buffer.alloc(4096, 0xaa), readFileSync(file).subarray(4096)]))
    writeFileSync(`${file}-wal`, Buffer.alloc(5000, 0x55))
  },
  none: () => undefined,
}

/** A writer died in a transaction whose pages were in the main file already: copies taken at that moment. */
function makeHotJournal(file: string): void {
  const building = `${file}.building`
  makeDatabase(building, { rows: OLD_ROWS, wal: false })
  const database = new Database(building)
  database.pragma('cache_size = 1')
  database.pragma('synchronous = FULL')
  database.exec("BEGIN IMMEDIATE; UPDATE incidents SET body = 'torn' || body; UPDATE incidents SET title = 'torn'")
  for (const suffix of ['', '-journal']) copyFileSync(`${building}${suffix}`, `${file}${suffix}`)
  database.exec('ROLLBACK')
  database.close()
  rmSync(building)
}

/** A digest of all rows as SQLite reads them from a copy; `unreadable` where it cannot or finds damage. */
export function contentOf(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-read-'))
  const copy = join(folder, basename(file))
  try {
    for (const suffix of FILES) if (existsSync(`${file}${suffix}`)) copyFileSync(`${file}${suffix}`, `${copy}${suffix}`)
    return digest(copy)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function digest(file: string): string {
  let database: Database.Database | undefined
  try {
    database = new Database(file, { fileMustExist: true })
    if (database.pragma('integrity_check', { simple: true }) !== 'ok') return 'unreadable: damaged'
    const hash = createHash('sha256')
    for (const table of ['incidents', 'users']) {
      hash.update(JSON.stringify(database.prepare(`SELECT * FROM "${table}" ORDER BY id`).raw().all()))
    }
    return hash.digest('hex')
  } catch (error) {
    return `unreadable: ${(error as Error).message}`
  } finally {
    database?.close()
  }
}

function withoutSides(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-read-'))
  copyFileSync(file, join(folder, 'alone.db'))
  try {
    return digest(join(folder, 'alone.db'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function bytesOf(file: string): string {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'none'
}
