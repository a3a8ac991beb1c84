/** One daemon, and restores of the same cases asked for through each door, each on a target of its own (R165). */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'

import Database from 'better-sqlite3'
import { stringify } from 'yaml'

import { isTerminal } from '../../src/domain/phases.ts'
import { toVersionedResource } from '../../src/domain/resource-view.ts'
import { openStateReader } from '../../src/store/reader.ts'
import type { StoredRequest } from '../../src/store/rows.ts'
import { makeDatabase, writeChecksums } from '../support/files.ts'
import { Installation, MAIN } from '../support/installation.ts'
import { toldBy } from './told.ts'

export const DOORS = ['spool file', 'command line', 'manual API', 'resource API'] as const
export type Door = (typeof DOORS)[number]

const RESOURCES = '/apis/modosu.dev/v1/restorerequests'
const BACKUP = 'BKP-20260215-020015-daily'
const PASSWORD = 'correct horse battery staple'
const AUDIT = `CREATE TABLE backup_audit_logs (id INTEGER PRIMARY KEY, operation TEXT, backup_id TEXT, user_id INTEGER,
  username TEXT, status TEXT, error_message TEXT, details TEXT, created_at TEXT);
  CREATE TABLE accounts (id INTEGER PRIMARY KEY, username TEXT)`

type Json = Readonly<Record<string, unknown>>

export interface Case {
  readonly target?: Json
  /** Does to the backup what makes it bad. */
  readonly spoil?: (path: string) => void
  readonly run: (way: Way) => Promise<unknown>
}

export class Doors {
  readonly installation: Installation
  readonly #targets: Json[] = []
  #api = ''
  #metrics = ''
  readonly #tokens = new Map<string, string>()

  constructor() {
    this.installation = new Installation({ live: null })
  }

  get folder(): string {
    return this.installation.folder
  }

  addTarget(name: string, { target = {}, spoil }: Case): void {
    const home = join(this.folder, name)
    const backups = join(home, 'backups')
    mkdirSync(join(backups, 'daily'), { recursive: true })
    makeAuditedDatabase(join(home, 'app.db'), 20)
    const path = join(backups, 'daily', 'app_daily_20260215_020015.db')
    makeAuditedDatabase(path, 10)
    writeChecksums(path)
    spoil?.(path)
    this.#targets.push({
      name,
      database: join(home, 'app.db'),
      backups: { path: backups, stem: 'app', timezone: 'UTC', catalogTable: null, auditTable: 'backup_audit_logs' },
      ...target,
    })
  }

  async start(): Promise<void> {
    const users = join(this.folder, 'users.yaml')
    this.installation.configure({
      targets: this.#targets,
      configuration: {
        api: { listen: '127.0.0.1:0', rateLimit: { requests: 100_000, window: '1m' } },
        auth: { users: { file: users } },
        metrics: { listen: '127.0.0.1:0' },
      },
    })
    const password = join(this.folder, 'password')
    writeFileSync(password, `${PASSWORD}\n`, { mode: 0o600 })
    for (const name of ['bob', 'alice', 'carol']) {
      const added = this.installation.cli('user', 'add', name, '--role', 'admin', '--password-file', password)
      assert.equal(added.status, 0, added.stderr)
    }
    await this.installation.start()
    this.#api = /the API listens on (http:\/\/[^ ,"]+)/.exec(this.installation.log())?.[1] ?? ''
    const served = this.installation
      .log()
      .split('\n')
      .find((line) => line.includes('metrics are served'))
    const { host, port } = JSON.parse(served ?? '') as { readonly host: string; readonly port: number }
    this.#metrics = `http://${host}:${port}/metrics`
    for (const username of ['bob', 'alice', 'carol']) {
      const { body } = await this.http('POST', '/api/v1/auth/login', { username, password: PASSWORD }, null)
      this.#tokens.set(username, String(body['token']))
    }
  }

  async http(method: string, path: string, body: Json | null, user: string | null) {
    const headers = {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...(user === null ? {} : { authorization: `Bearer ${this.#tokens.get(user) ?? ''}` }),
      prefer: 'respond-async',
    }
    const { status, text } = await ask(
      `${this.#api}${path}`,
      method,
      headers,
      body === null ? '' : JSON.stringify(body),
    )
    return { status, body: JSON.parse(text) as Json }
  }

  /** Beside whatever else goes on in this process. */
  async cli(...words: readonly string[]): Promise<{ readonly status: number; readonly stderr: string }> {
    return new Promise((resolve) => {
      const all = [MAIN, ...words, '--config', this.installation.configFile]
      execFile(process.execPath, all, (error, _stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), stderr })
      })
    })
  }

  async metrics(target: string): Promise<readonly string[]> {
    const { text } = await ask(this.#metrics, 'GET', {}, '')
    return text.split('\n').filter((line) => line.includes(`target="${target}"`))
  }
}

/** Over a connection of its own. */
async function ask(url: string, method: string, headers: OutgoingHttpHeaders, body: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request(url, { method, headers, agent: false }, resolve)
    call.once('error', reject)
    call.end(body)
  })
  return { status: response.statusCode ?? 0, text: await textOf(response) }
}

function makeAuditedDatabase(path: string, rows: number): void {
  makeDatabase(path, { rows, tables: ['incidents'] })
  const database = new Database(path)
  database.exec(AUDIT)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

/** One case through one door. */
export class Way {
  readonly door: Door
  readonly target: string
  readonly #doors: Doors
  readonly #names: string[] = []

  constructor(doors: Doors, door: Door, target: string) {
    this.#doors = doors
    this.door = door
    this.target = target
  }

  get folder(): string {
    return join(this.#doors.folder, this.target)
  }

  /**
   * Asks for a restore as a user of that door does.
   *
   * @returns the request's name; null: refused, and none was made.
   */
  async submit(spec: { readonly backup?: string; readonly confirm?: boolean } = {}): Promise<string | null> {
    const { backup = BACKUP, confirm = true } = spec
    const { installation } = this.#doors
    const name = `${this.target}-${this.#names.length + 1}`
    const manifest = {
      apiVersion: 'modosu.dev/v1',
      kind: 'RestoreRequest',
      metadata: { name },
      spec: { target: this.target, source: { backupId: backup }, confirm, requestedBy: 'somebody', reason: 'INC-1' },
    }
    if (this.door === 'manual API') {
      const path = `/api/v1/backups/${backup}/restore?target=${this.target}`
      const { status, body } = await this.#doors.http('POST', path, { confirm }, 'bob')
      if (status !== 202) return null
      return this.#remember(String((body['data'] as Json)['request']))
    }
    if (this.door === 'resource API') {
      const { status, body } = await this.#doors.http('POST', RESOURCES, manifest, 'bob')
      assert.equal(status, 201, JSON.stringify(body))
    } else if (this.door === 'command line') {
      const file = join(this.folder, `${name}.yaml`)
      writeFileSync(file, stringify(manifest))
      const result = await this.#doors.cli('submit', '-f', file)
      assert.equal(result.status, 0, result.stderr)
    } else {
      installation.dropText(`${name}.yaml`, stringify(manifest))
    }
    return this.#remember(name)
  }

  #remember(name: string): string {
    this.#names.push(name)
    return name
  }

  /** A request that was submitted, by its place. */
  name(place: number): string {
    return this.#names.at(place) ?? ''
  }

  when(is: (request: StoredRequest) => boolean, place = -1): Promise<StoredRequest> {
    return this.#doors.installation.when(this.name(place), is)
  }

  ended(place = -1): Promise<StoredRequest> {
    return this.when(({ phase }) => isTerminal(phase), place)
  }

  waits(reason: string, place = -1): Promise<StoredRequest> {
    return this.when(({ phase, status }) => phase === 'Pending' && status.reason === reason, place)
  }

  /** Calls it off where it was asked for; the manual has no call for that. */
  async cancel(): Promise<void> {
    const name = this.name(-1)
    if (this.door === 'spool file') unlinkSync(join(this.#doors.installation.spool, `${name}.yaml`))
    else if (this.door === 'command line') await this.#doors.cli('cancel', name)
    else await this.#doors.http('DELETE', `${RESOURCES}/${name}`, null, 'bob')
  }

  /** @returns whether it counted. */
  async approve(user: string): Promise<boolean> {
    return (await this.#doors.http('POST', `${RESOURCES}/${this.name(-1)}/approve`, {}, user)).status === 200
  }

  /** Whether the one who submitted it may release it himself, by his own door. */
  async approveOwn(): Promise<boolean> {
    const viaHttp = this.door === 'manual API' || this.door === 'resource API'
    if (viaHttp) return this.approve('bob')
    return (await this.#doors.cli('approve', this.name(-1))).status === 0
  }

  /** What every door must tell alike: status, audit records and metrics. */
  async told(): Promise<object> {
    const reader = openStateReader(this.#doors.installation.state)
    try {
      const requests = this.#names.map((name) => reader.request(name)).filter((each) => each !== undefined)
      const audit = reader.audit().filter(({ request }) => this.#names.includes(request))
      return toldBy(this, {
        requests: requests.map((each) => toVersionedResource(each)),
        audit,
        booked: bookedIn(join(this.folder, 'app.db')),
        metrics: await this.#doors.metrics(this.target),
      })
    } finally {
      reader.close()
    }
  }

  get names(): readonly string[] {
    return this.#names
  }
}

/** What the application's own audit log says, in the database that is there now. */
function bookedIn(path: string): readonly Json[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare<[], Json>('SELECT * FROM backup_audit_logs ORDER BY id').all()
  } finally {
    database.close()
  }
}
