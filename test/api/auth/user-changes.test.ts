import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { recordUserChanges } from '../../../src/api/auth/user-changes.ts'
import { UserDirectory } from '../../../src/api/auth/user-directory.ts'
import { writeUsers, type LastChange, type User } from '../../../src/api/auth/users-file.ts'
import type { AuditInput } from '../../../src/store/change.ts'

const LOG = { info: () => undefined, error: () => undefined }
const hashOf = (letter: string): string => `$scrypt$ln=17,r=8,p=1$${letter.repeat(22)}$${letter.repeat(43)}`
const [BOB, CAROL]: readonly User[] = [
  { name: 'bob', password: hashOf('b'), roles: { '*': 'admin' }, disabled: false },
  { name: 'carol', password: hashOf('c'), roles: { shop: 'viewer' }, disabled: false },
]

let folder: string
let file: string
let records: Omit<AuditInput, 'backupId'>[]
let memory: Map<string, string>
let isFull: boolean

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'users-'))
  file = join(folder, 'users.yaml')
  records = []
  memory = new Map()
  isFull = false
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(users: readonly User[], lastChange: LastChange | null = null): void {
  writeUsers(file, users, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }, lastChange)
}

/** As the daemon does at its start. */
function start(): UserDirectory {
  const observer = recordUserChanges({
    record: (entry) => {
      if (isFull) throw new Error('the disk is full')
      records.push(entry)
    },
    memory: { meta: (key) => memory.get(key), setMeta: (key, value) => memory.set(key, value) },
    log: LOG,
  })
  return new UserDirectory(file, LOG, observer)
}

const messages = (): readonly string[] => records.splice(0).map(({ message }) => message)

describe('a change of the users', () => {
  it('is recorded with what changed and who says so, and never a hash', () => {
    write([BOB!])
    const users = start()
    assert.deepEqual(messages(), ['users as they are seen first: bob: added, admin'])
    const by = { by: 'alice', uid: 0, at: '2026-02-15T02:00:15.000Z' }
    write([{ ...BOB!, password: hashOf('x') }, CAROL!], by)
    users.look()
    const [record] = records
    assert.deepEqual([record?.operation, record?.actor], ['users', 'unknown'])
    assert.equal(
      record?.message,
      'users changed: bob: another password; carol: added, viewer of shop; the file says by alice (uid 0)',
    )
    assert.deepEqual(record.details['claimedBy'], by)
    assert.deepEqual(record.details['changes'], [
      { name: 'bob', change: 'changed', passwordChanged: true },
      { name: 'carol', change: 'added', roles: { shop: 'viewer' }, disabled: false },
    ])
    assert.equal(record.details['fileOwnerUid'], process.getuid?.())
    assert.doesNotMatch(JSON.stringify([...records, ...memory]), /scrypt|xxxxxxxx|cccccccc/)
    records = []
    // Nobody says who did it: what the file says is of the change before.
    write([{ ...BOB!, password: hashOf('x'), roles: { '*': 'viewer' }, disabled: true }], by)
    users.look()
    assert.deepEqual(messages(), ['users changed: bob: viewer, disabled; carol removed'])
    users.look()
    assert.deepEqual(messages(), [])
  })

  it('is recorded at the next start where the daemon did not run, and when everybody has gone with the file', () => {
    write([BOB!])
    start()
    messages()
    write([{ ...BOB!, disabled: true }])
    const users = start()
    assert.deepEqual(messages(), ['users changed: bob: disabled'])
    start()
    assert.deepEqual(messages(), [])
    rmSync(file)
    assert.equal(users.find('bob'), undefined)
    assert.equal(records[0]?.details['fileExists'], false)
    assert.deepEqual(messages(), ['users changed: bob removed'])
  })

  it('is in force at once where it cannot be recorded, and is recorded later', () => {
    write([BOB!])
    const users = start()
    messages()
    isFull = true
    write([BOB!, CAROL!])
    assert.equal(users.find('carol')?.name, 'carol')
    isFull = false
    assert.deepEqual(messages(), [])
    users.look()
    assert.deepEqual(messages(), ['users changed: carol: added, viewer of shop'])
  })

  it('is told of a hundred users and the number of the others', () => {
    write([])
    const users = start()
    write(Array.from({ length: 150 }, (_, index) => structuredClone({ ...BOB!, name: `user${index}` })))
    users.look()
    const [record] = records
    assert.equal((record?.details['changes'] as unknown[]).length, 100)
    assert.equal(record?.details['changesNotTold'], 50)
    assert.match(record.message, /; and 50 more$/)
  })
})
