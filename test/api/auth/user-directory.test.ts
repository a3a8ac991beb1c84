import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { hashPassword } from '../../../src/api/auth/password.ts'
import { UserDirectory } from '../../../src/api/auth/user-directory.ts'
import { writeUsers } from '../../../src/api/auth/users-file.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'users-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('the file of users', () => {
  it('is not used where others may read it or it has a mistake, and the last good one stays in force', async () => {
    const file = join(folder, 'users.yaml')
    const password = await hashPassword('correct horse battery')
    writeUsers(file, [{ name: 'admin', password, roles: { '*': 'admin' }, disabled: false }], {
      uid: process.getuid?.() ?? 0,
      gid: process.getgid?.() ?? 0,
    })
    const errors: string[] = []
    const log = { info: () => undefined, error: (message: string) => errors.push(message) }
    const users = new UserDirectory(file, log)
    const spoil = [
      () => {
        chmodSync(file, 0o640)
      },
      () => {
        writeFileSync(file, 'users: [', { mode: 0o600 })
        chmodSync(file, 0o600)
      },
    ]
    for (const each of spoil) {
      each()
      assert.throws(() => new UserDirectory(file, log), { reason: 'InvalidUsersFile' })
      assert.equal(users.find('admin')?.name, 'admin')
    }
    assert.match(errors.join('\n'), /others may use .*users\.yaml/)
    rmSync(file)
    assert.equal(users.find('admin'), undefined)
  })
})
