/** Two databases with their backups, an application that is a file, and faults that are files too. */

import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'

import type { Target } from '../../src/domain/target.ts'

export const TARGETS = ['app', 'other'] as const
export type TargetName = (typeof TARGETS)[number]

/** What each backup holds, and what is wrong with it. */
export const BACKUPS = {
  a: { digits: '20260101_000001', harm: 'none' },
  b: { digits: '20260101_000002', harm: 'none' },
  torn: { digits: '20260101_000003', harm: 'checksum' },
  rotten: { digits: '20260101_000004', harm: 'page' },
  thin: { digits: '20260101_000005', harm: 'rows' },
} as const
export type BackupName = keyof typeof BACKUPS

export const FAULTS = ['stop', 'start', 'health'] as const
export type Fault = (typeof FAULTS)[number]

const FEWEST_ROWS = 5
const LONG_AGO = new Date('2026-01-01T00:00:00Z')

export function idOf(backup: BackupName | 'missing'): string {
  const digits = backup === 'missing' ? '20200101_000000' : BACKUPS[backup].digits
  return `BKP-${digits.replace('_', '-')}-daily`
}

/** What is wrong with the backup of that id: `none` for one that is not of these, such as a safety backup. */
export function harmOf(id: string): string {
  const backup = (Object.keys(BACKUPS) as BackupName[]).find((name) => idOf(name) === id)
  return backup === undefined ? 'none' : BACKUPS[backup].harm
}

export function targetsOf(root: string): (Target & { readonly name: TargetName })[] {
  return TARGETS.map((name) => {
    const folder = join(root, name)
    const shell = (script: string) => ['/bin/sh', '-c', `cd '${folder}' && ${script}`]
    return {
      name,
      database: join(folder, 'live.db'),
      backups: { path: join(folder, 'backups'), stem: 'app', timezone: 'UTC', catalogTable: null, auditTable: null },
      service: {
        command: {
          stop: shell('[ ! -e fault-stop ] && rm -f running'),
          start: shell('[ ! -e fault-start ] && : > running'),
          status: shell('[ -e running ] || exit 3'),
        },
        stopTimeoutMs: 3000,
        startTimeoutMs: 3000,
      },
      healthCheck: null,
      smokeQueries: [{ name: 'rows', sql: 'SELECT COUNT(*) FROM marks', min: FEWEST_ROWS }],
      hooks: {
        preRestore: [],
        postRestore: [{ name: 'health', command: shell('[ ! -e fault-health ]'), timeoutMs: 10_000 }],
        onFailure: [],
      },
      verification: {
        afterSwap: 'full',
        requireChecksum: false,
        foreignKeys: 'warn',
        checkTimeoutMs: null,
        allowUnverifiable: false,
      },
      rateLimit: { restores: 3, windowMs: 3_600_000 },
      rtoMs: 900_000,
      notifications: [],
    }
  })
}

export class World {
  readonly root = mkdtempSync(join(tmpdir(), 'modosu-properties-'))
  #commits = 0

  constructor() {
    for (const { name, database, backups } of targetsOf(this.root)) {
      mkdirSync(join(backups.path, 'daily'), { recursive: true })
      make(database, `${name} live`, FEWEST_ROWS + 2)
      writeFileSync(join(this.root, name, 'running'), '')
      for (const backup of Object.keys(BACKUPS) as BackupName[]) this.#backup(name, backup)
    }
  }

  database(target: TargetName): string {
    return join(this.root, target, 'live.db')
  }

  backupContent(target: TargetName, id: string): string {
    const backup = (Object.keys(BACKUPS) as BackupName[]).find((name) => idOf(name) === id)
    return `${target} backup ${backup ?? 'unknown'}`
  }

  /** The application writes, while no restore runs. @returns the new content. */
  commit(target: TargetName): string {
    this.#commits += 1
    const content = `${target} commit ${this.#commits}`
    const database = new Database(this.database(target))
    database.pragma('journal_mode = WAL')
    database.prepare('INSERT INTO marks (content) VALUES (?)').run(content)
    database.close()
    return content
  }

  setFault(target: TargetName, fault: Fault, on: boolean): void {
    const path = join(this.root, target, `fault-${fault}`)
    if (on) writeFileSync(path, '')
    else rmSync(path, { force: true })
  }

  /** What an opener would see, from a copy: nothing beside the original changes. */
  contentOf(path: string): string {
    if (!existsSync(path)) return 'nothing'
    const copy = join(this.root, `${basename(path)}.look`)
    for (const suffix of ['', '-wal', '-journal']) {
      rmSync(`${copy}${suffix}`, { force: true })
      if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
    }
    rmSync(`${copy}-shm`, { force: true })
    const database = new Database(copy)
    try {
      if (database.pragma('integrity_check', { simple: true }) !== 'ok') return 'corrupt'
      return String(database.prepare('SELECT content FROM marks ORDER BY id DESC LIMIT 1').pluck().get())
    } catch (error) {
      return `unreadable: ${(error as Error).message}`
    } finally {
      database.close()
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }

  #backup(target: TargetName, name: BackupName): void {
    const { digits, harm } = BACKUPS[name]
    const path = join(this.root, target, 'backups', 'daily', `app_daily_${digits}.db`)
    make(path, `${target} backup ${name}`, harm === 'rows' ? 1 : FEWEST_ROWS + 1)
    const bytes = readFileSync(path)
    if (harm === 'page') bytes.fill(0xa5, 4096 + 100, 8192)
    writeFileSync(path, bytes)
    const recorded = harm === 'checksum' ? '0'.repeat(64) : createHash('sha256').update(bytes).digest('hex')
    writeFileSync(path.replace(/\.db$/, '.sha256'), `${recorded}  ${basename(path)}\n`)
    // A backup that was written just now is watched for a second, in case somebody still writes it.
    for (const file of [path, path.replace(/\.db$/, '.sha256')]) utimesSync(file, LONG_AGO, LONG_AGO)
  }
}

function make(path: string, content: string, rows: number): void {
  const database = new Database(path)
  database.exec('CREATE TABLE marks (id INTEGER PRIMARY KEY, content TEXT NOT NULL)')
  const insert = database.prepare('INSERT INTO marks (content) VALUES (?)')
  for (let row = 0; row < rows; row += 1) insert.run(content)
  database.close()
}
