import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { explainLeftover, findLeftovers, type Known } from '../../src/database/leftovers.ts'

let root = ''
let database = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'modosu-leftovers-'))
  database = join(root, 'my app.db')
  mkdirSync(join(root, 'backups'))
  writeFileSync(database, 'the database')
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function put(suffix: string, content: string): string {
  const path = `${database}${suffix}`
  writeFileSync(path, content)
  utimesSync(path, new Date('2026-02-15T15:05:30Z'), new Date('2026-02-15T15:05:30Z'))
  return path
}

function explained(known?: Known) {
  const leftovers = findLeftovers(database)
  assert.equal(leftovers.length, 1)
  return explainLeftover(database, { name: 'app', backups: { path: join(root, 'backups') } }, leftovers[0]!, known)
}

/** As a person types them, without those that are a choice. */
function carryOut(commands: readonly string[]): void {
  for (const command of commands) if (!command.startsWith('modosu ')) execFileSync('sh', ['-c', command])
}

const beside = () => readdirSync(root).filter((name) => name !== 'backups' && name !== 'my app.db')

describe('what an unfinished restore left beside a database', () => {
  it('is known by its name, and nothing else is', () => {
    for (const name of [
      '.broken.20260101_000000',
      '.modosu-lock',
      '.modosu-A.old',
      '-wal',
      '.modosu-x.old.gz',
      '.modosu-.new',
    ]) {
      put(name, '')
    }
    assert.deepEqual(findLeftovers(database), [])
    put('.modosu-inc-1.new', '')
    put('.modosu-inc-1.new-wal', '')
    put('-wal.modosu-inc-2.old', '')
    assert.deepEqual(
      findLeftovers(database).map(({ request, files }) => [request, files.map(({ kind, suffix }) => kind + suffix)]),
      [
        ['inc-1', ['new', 'new-wal']],
        ['inc-2', ['old-wal']],
      ],
    )
    assert.deepEqual(findLeftovers(join(root, 'nowhere', 'app.db')), [])
  })

  it('is a copy that may go where it never came into use', () => {
    put('.modosu-inc-1.new', 'staged')
    put('.modosu-inc-1.new-shm', '')
    put('.modosu-inc-1.back', 'staged')
    const { message, commands } = explained()
    assert.match(message, /a copy that never came into use; the database is the one from before/)
    carryOut(commands)
    assert.deepEqual(beside(), [])
    assert.equal(readFileSync(database, 'utf8'), 'the database')
  })

  it('is a second name that may go where the swap had not happened', () => {
    linkSync(database, `${database}.modosu-inc-1.old`)
    put('.modosu-inc-1.new', 'staged')
    const { message, commands } = explained()
    assert.match(message, /second name of the database, which is the one from before/)
    carryOut(commands)
    assert.deepEqual(beside(), [])
    assert.equal(readFileSync(database, 'utf8'), 'the database')
  })

  it('is a second name where there was no database before', () => {
    linkSync(database, `${database}.modosu-inc-1.new`)
    const { message, commands } = explained()
    assert.match(message, /second name of the database, which is the restored one/)
    carryOut(commands)
    assert.deepEqual(beside(), [])
  })

  it('becomes a safety backup, side files and all, where the swap had happened', () => {
    put('.modosu-inc-1.old', 'old')
    put('-wal.modosu-inc-1.old', 'old wal')
    put('-shm.modosu-inc-1.old', 'old shm')
    writeFileSync(join(root, 'backups', 'restore_safety_20260215150530.db'), 'taken')
    const { message, commands } = explained()
    assert.match(message, /the database is the restored one.*is the whole one from before/)
    assert.match(commands.at(-1) ?? '', /^modosu rollback --target app --to restore_safety_20260215150530_2\.db /)
    carryOut(commands)
    assert.deepEqual(beside(), [])
    const kept = (name: string) => readFileSync(join(root, 'backups', name), 'utf8')
    assert.equal(kept('restore_safety_20260215150530_2.db'), 'old')
    assert.equal(kept('restore_safety_20260215150530_2.db-wal'), 'old wal')
    assert.equal(kept('restore_safety_20260215150530.db'), 'taken')
  })

  it('says so where the database is neither of the two', () => {
    put('.modosu-inc-1.old', 'old')
    const restored = { dev: '1', ino: '1' }
    assert.match(explained({ restored }).message, /neither the old nor the restored one: somebody else put it there/)
  })

  it('goes back to its place where that is empty, or where a damaged database lost its -wal to it', () => {
    rmSync(database)
    put('.modosu-inc-1.old', 'old')
    carryOut(explained().commands)
    assert.equal(readFileSync(database, 'utf8'), 'old')
    assert.deepEqual(beside(), [])

    linkSync(database, `${database}.modosu-inc-1.old`)
    put('-wal.modosu-inc-1.old', 'its wal')
    const { message, commands } = explained()
    assert.match(message, /the old, damaged one, and my app\.db-wal\.modosu-inc-1\.old belongs to it/)
    carryOut(commands)
    assert.deepEqual(beside(), ['my app.db-wal'])
    assert.ok(existsSync(database))
  })
})
