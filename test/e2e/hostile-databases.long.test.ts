import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import Database from 'better-sqlite3'

import type { Target } from '../../src/domain/target.ts'
import { openStateReader, type StateReader } from '../../src/store/reader.ts'
import { HOSTILE_FILES } from '../database/hostile-files.ts'
import { Life } from '../properties/life.ts'

const ID = 'BKP-20260215-020015-daily'
const GOOD = 'the good backup'
const LIVE = 'the live database'

/** For what never ends; what ends has as long as it needs. */
const CHECK_MS = 2000

const LONG_AGO = new Date('2026-02-15T02:00:15Z')

/** A sample, each kind of harm once; the whole list with `npm run test:properties`. */
const FULL = process.env['MODOSU_HOSTILE_FULL'] === '1'
const SAMPLE = [
  'page-count-high',
  'tree-cycle',
  'freelist-cycle',
  'expensive-index',
  'missing-collation',
  'load-extension',
  'noise',
  'one-page',
]
const FILES = HOSTILE_FILES.filter(({ what }) => FULL || SAMPLE.includes(what))

const root = mkdtempSync(join(tmpdir(), 'modosu-hostile-'))
const sound = join(root, 'sound.db')

function targetOf(name: string): Target {
  return {
    name,
    database: join(root, name, 'app.db'),
    backups: { path: join(root, name, 'backups'), stem: 'app', timezone: 'UTC', catalogTable: null, auditTable: null },
    service: null,
    healthCheck: null,
    smokeQueries: [],
    hooks: { preRestore: [], postRestore: [], onFailure: [] },
    verification: {
      afterSwap: 'full',
      requireChecksum: false,
      foreignKeys: 'warn',
      checkTimeoutMs: name.endsWith('-expensive-index') ? CHECK_MS : null,
      allowUnverifiable: false,
    },
    rateLimit: { restores: 1000, windowMs: 3_600_000 },
    rtoMs: 900_000,
    notifications: [],
  }
}

function make(path: string, content: string): void {
  copyFileSync(sound, path)
  const database = new Database(path)
  database.prepare('UPDATE marks SET content = ?').run(content)
  database.close()
}

function contentOf(path: string): unknown {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('SELECT content FROM marks').pluck().get()
  } finally {
    database.close()
  }
}

const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
const leftBeside = (target: Target) =>
  readdirSync(join(target.database, '..')).filter(
    (name) => name.includes('.modosu-') || /-(wal|shm|journal)$/.test(name),
  )

function manifest(target: string) {
  return {
    metadata: { name: target, labels: {}, annotations: {} },
    spec: {
      target,
      source: { backupId: ID },
      confirm: true,
      backupCurrent: true,
      mode: 'Restore',
      strategy: 'Replace',
      tables: [],
      servicePolicy: 'None',
      suspend: false,
      activeDeadlineSeconds: 900,
      ttlSecondsAfterFinished: 2_592_000,
      approval: { required: 0 },
    },
  } as const
}

describe('a database file made to do harm', () => {
  const cases = FILES.flatMap(({ what, bend }) =>
    (['backup', 'target'] as const).map((role) => ({
      name: `${role}-${what}`,
      role,
      bend,
      target: targetOf(`${role}-${what}`),
    })),
  )
  const before_ = new Map<string, string>()
  let life: Life | undefined
  let reader: StateReader | undefined

  before(async () => {
    const database = new Database(sound)
    database.exec(
      "CREATE TABLE marks (id INTEGER PRIMARY KEY, content TEXT); INSERT INTO marks (content) VALUES ('x');" +
        'CREATE TABLE bulk (id INTEGER PRIMARY KEY, note TEXT); CREATE INDEX by_note ON bulk (note);' +
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) INSERT INTO bulk SELECT i, hex(randomblob(25)) FROM n',
    )
    database.close()
    for (const { name, role, bend, target } of cases) {
      const folder = join(target.backups.path, 'daily')
      mkdirSync(folder, { recursive: true })
      const backup = join(folder, 'app_daily_20260215_020015.db')
      make(backup, GOOD)
      make(target.database, LIVE)
      bend(role === 'backup' ? backup : target.database)
      const checksum = backup.replace(/\.db$/, '.sha256')
      writeFileSync(checksum, `${hash(backup)}  ${basename(backup)}\n`)
      for (const file of [backup, checksum]) utimesSync(file, LONG_AGO, LONG_AGO)
      before_.set(name, hash(target.database))
    }
    life = await Life.begin({ root, targets: cases.map(({ target }) => target), clockOffsetMs: 0 })
    for (const { name } of cases) await life.call({ act: 'submit', manifest: manifest(name) })
    assert.deepEqual(await life.call({ act: 'settle' }), { text: '', refused: false })
    reader = openStateReader(join(root, 'state'))
  })
  after(async () => {
    reader?.close()
    await life?.kill()
    rmSync(root, { recursive: true, force: true })
  })

  for (const { what, asBackup } of FILES) {
    it(`is refused as a backup, or rightly restored: ${what}`, () => {
      const target = targetOf(`backup-${what}`)
      const request = reader?.request(target.name)
      assert.ok(request !== undefined)
      const { phase, status } = request
      const told = `${phase} ${status.reason ?? ''}: ${status.message ?? ''} (${status.hint ?? ''})`
      const reason = phase === 'Succeeded' ? 'restored' : (status.reason ?? '')
      assert.ok(asBackup.includes(reason), told)
      assert.deepEqual(leftBeside(target), [])
      if (phase === 'Succeeded') {
        assert.equal(contentOf(target.database), GOOD)
        return
      }
      assert.equal(phase, 'Failed', told)
      assert.ok((status.hint ?? '').length > 0, `a hint says what to do: ${told}`)
      assert.equal(hash(target.database), before_.get(target.name), 'the database keeps its bytes')
    })

    it(`gives way to a good backup as the present database, and is kept: ${what}`, () => {
      const target = targetOf(`target-${what}`)
      const request = reader?.request(target.name)
      assert.ok(request !== undefined)
      const { phase, status } = request
      const told = `${phase} ${status.reason ?? ''}: ${status.message ?? ''} (${status.hint ?? ''})`
      assert.deepEqual(leftBeside(target), [], told)
      const original = before_.get(target.name)
      if (phase !== 'Succeeded') {
        assert.equal(phase, 'Failed', told)
        assert.ok((status.hint ?? '').length > 0, told)
        assert.equal(hash(target.database), original, told)
        return
      }
      assert.equal(contentOf(target.database), GOOD)
      const folder = join(root, target.name)
      const files = [folder, target.backups.path].flatMap((path) => readdirSync(path).map((name) => join(path, name)))
      const kept = files.filter((path) => path !== target.database && statSync(path).isFile())
      const same = kept.some((path) => hash(path) === original)
      assert.ok(
        same || kept.some((path) => path.endsWith('.db') && contentOf(path) === LIVE),
        `nothing keeps it: ${told}`,
      )
    })
  }

  it('has taken nobody down with it', async () => {
    assert.ok(life !== undefined && reader !== undefined)
    assert.deepEqual(await life.call({ act: 'ack', name: 'nobody' }), { text: 'NotFound', refused: true })
    const ended = reader.requests().filter(({ phase }) => phase === 'Succeeded' || phase === 'Failed')
    assert.equal(ended.length, cases.length)
  })
})
