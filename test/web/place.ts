/**
 * A whole installation for the web page: a daemon that listens on TCP, users who log in, an application that is stopped and
 * started, and backups, one of them the manual's own BKP-20260215-020015-daily.
 */

import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { hashPassword } from '../../src/api/auth/password.ts'
import { writeUsers } from '../../src/api/auth/users-file.ts'
import { migrate } from '../support/application/migrations.ts'
import { Application, type Manners } from '../support/application.ts'
import { Installation } from '../support/installation.ts'
import { freePort } from '../support/free-port.ts'

export const PASSWORD = 'correct horse battery'
export const MANUALS_BACKUP = 'BKP-20260215-020015-daily'
/** Of the weekly backup; of every other sound one it is 300. */
export const WEEKLY_ROWS = 250
/** As the manual's sample answer has it (4.2, step 2): 3.2 MB. */
const MANUALS_SIZE = 3_358_720

export interface PlaceOptions {
  readonly manners?: Manners
  readonly target?: Readonly<Record<string, unknown>>
  /** Rows that the present database has and no backup. */
  readonly newRows?: number
}

export class WebPlace {
  readonly installation: Installation
  readonly application: Application
  readonly url: string

  private constructor(installation: Installation, application: Application, url: string) {
    this.installation = installation
    this.application = application
    this.url = url
  }

  /** Starts nothing yet but the application. */
  static async make({ manners = {}, target = {}, newRows = 40 }: PlaceOptions = {}): Promise<WebPlace> {
    const installation = new Installation({ live: null })
    const application = await Application.around(installation, { writers: 0, ...manners }, 'UTC')
    const port = await freePort()
    const usersFile = join(installation.folder, 'users.yaml')
    const password = await hashPassword(PASSWORD)
    writeUsers(
      usersFile,
      [
        { name: 'admin', password, roles: { '*': 'admin' }, disabled: false },
        { name: 'second', password, roles: { '*': 'admin' }, disabled: false },
        { name: 'viewer', password, roles: { '*': 'viewer' }, disabled: false },
      ],
      { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    )
    const configuration = application.configuration('20s')
    installation.configure({
      target: {
        ...configuration,
        service: { ...configuration.service, startTimeout: '20s' },
        rateLimit: { restores: 100, window: '1h' },
        ...target,
      },
      configuration: {
        api: { listen: `127.0.0.1:${port}`, rateLimit: { requests: 10_000 } },
        auth: { users: { file: usersFile } },
        // One that has a next run, and none at the hour at which the tests run.
        schedules: { prune: null, verifyBackups: null, drill: '0 0 1 1 *', verifyNewBackups: false },
      },
    })
    const place = new WebPlace(installation, application, `http://127.0.0.1:${port}`)
    place.#makeBackups()
    const live = new Database(installation.database)
    addIncidents(live, newRows, 'after the backup')
    live.close()
    application.run('start')
    await application.ready()
    return place
  }

  #makeBackups(): void {
    for (const [type, stamp] of [
      ['daily', '20260215_020015'],
      ['daily', '20260214_020010'],
      ['weekly', '20260209_030012'],
      ['monthly', '20260201_040009'],
    ] as const) {
      makeSet(this.installation.backups, type, stamp, (database) => {
        migrate(database)
        addIncidents(database, type === 'weekly' ? WEEKLY_ROWS : 300, `of ${stamp}`)
        if (stamp === '20260215_020015') padTo(database, MANUALS_SIZE)
      })
    }
    // A damaged one: its content is another than when its checksum was taken.
    const damaged = makeSet(this.installation.backups, 'daily', '20260213_020012', (database) => {
      migrate(database)
    })
    const bytes = readFileSync(damaged)
    bytes.fill(0x5a, 4096, 8192)
    writeFileSync(damaged, bytes)
    // One that the script had no room for.
    truncateSync(
      makeSet(this.installation.backups, 'weekly', '20260202_030012', (database) => {
        migrate(database)
      }),
      0,
    )
  }

  /** The path of a backup's `.db`. */
  fileOf(type: string, stamp: string): string {
    return join(this.installation.backups, type, `app_${type}_${stamp}.db`)
  }

  incidents(): number {
    return Number(this.application.rows('SELECT COUNT(*) AS count FROM incidents')[0]?.['count'])
  }

  async remove(): Promise<void> {
    await this.installation.stop('SIGKILL')
    this.application.remove()
    await this.installation.remove()
  }
}

/** A set as the application's script makes it, with a checksum. @returns the path of its `.db`. */
export function makeSet(
  backups: string,
  type: string,
  stamp: string,
  fill: (database: Database.Database) => void,
): string {
  const folder = join(backups, type)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `app_${type}_${stamp}.db`)
  const database = new Database(path)
  fill(database)
  database.close()
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
  writeFileSync(path.replace(/\.db$/, '.sha256'), `${hash}  ${basename(path)}\n`)
  return path
}

function addIncidents(database: Database.Database, count: number, title: string): void {
  const insert = database.prepare('INSERT INTO incidents (title) VALUES (?)')
  database.transaction(() => {
    for (let index = 0; index < count; index += 1) insert.run(`${title}: ${index}`)
  })()
}

/** Pages that hold nothing, so that the file has the size of the manual's. */
function padTo(database: Database.Database, bytes: number): void {
  const pages = (): number => Number(database.pragma('page_count', { simple: true }))
  const wanted = bytes / 4096
  database.exec('CREATE TABLE padding (content BLOB)')
  for (let overflow = wanted - pages(); overflow > 0; overflow -= 1) {
    database.exec(`DELETE FROM padding; INSERT INTO padding VALUES (zeroblob(${overflow * 4092}))`)
    database.exec('VACUUM')
    if (pages() === wanted) return
  }
  throw new Error(`the database has ${pages()} pages instead of ${wanted}`)
}
