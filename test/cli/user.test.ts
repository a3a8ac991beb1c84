import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { PasswordChecker } from '../../src/api/auth/password.ts'
import { readUsers, readUsersFile } from '../../src/api/auth/users-file.ts'
import { Workplace } from './workplace.ts'

let place: Workplace
let file: string

beforeEach(() => {
  place = new Workplace()
  file = join(place.root, 'users.yaml')
  writeFileSync(place.config, `${readFileSync(place.config, 'utf8')}auth: {users: {file: users.yaml}}\n`)
})

afterEach(() => {
  place.close()
})

describe('modosu user', () => {
  it('adds a user by a password from standard input, which only the owner may read, as a hash', async () => {
    const { code, stdout } = await place.run(['user', 'add', 'alice', '--role', 'admin'], { stdin: 'correct horse\n' })
    assert.deepEqual([code, stdout], [0, 'user alice added: admin\n'])
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.doesNotMatch(readFileSync(file, 'utf8'), /correct horse/)
    const { users, lastChange } = readUsersFile(file)
    const [alice] = users
    assert.ok(lastChange !== null && lastChange.by !== '', 'who did it')
    assert.equal(lastChange.uid, process.geteuid?.())
    assert.deepEqual(alice?.roles, { '*': 'admin' })
    assert.equal(await new PasswordChecker().matches('correct horse', alice.password), true)
    const again = await place.run(['user', 'add', 'alice', '--role', 'viewer'], { stdin: 'correct horse\n' })
    assert.equal(again.code !== 0, true)
    assert.match(again.stderr, /alice is there already/)
  })

  it('sets the role on one target, disables, and lists', async () => {
    const passwordFile = join(place.root, 'password')
    writeFileSync(passwordFile, 'correct horse\n')
    await place.run(['user', 'add', 'bob', '--role', 'viewer', '--password-file', passwordFile])
    assert.equal((await place.run(['user', 'role', 'bob', '--role', 'operator', '--target', 'shop'])).code, 0)
    assert.equal((await place.run(['user', 'disable', 'bob'])).code, 0)
    assert.match((await place.run(['user', 'list'])).stdout, /NAME +ROLES +STATUS\nbob +operator of shop +disabled/)
    const unknown = await place.run(['user', 'role', 'bob', '--role', 'admin', '--target', 'nothing'])
    assert.match(unknown.stderr, /nothing/)
    assert.deepEqual(readUsers(file)[0]?.roles, { shop: 'operator' })
  })

  it('takes no short password, and none as an argument', async () => {
    const short = await place.run(['user', 'add', 'carol', '--role', 'viewer'], { stdin: 'short\n' })
    assert.match(short.stderr, /10 to 1024 characters/)
    assert.equal((await place.run(['user', 'add', 'carol', '--role', 'viewer', '--password', 'correct horse'])).code, 2)
    assert.deepEqual(readUsers(file), [])
  })
})
