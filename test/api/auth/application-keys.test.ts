import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import { ApplicationTokens } from '../../../src/api/auth/application-token.ts'
import type { ApplicationTokenSettings } from '../../../src/api/settings.ts'
import { Accounts, SECRET } from './accounts.ts'

let accounts: Accounts

before(async () => {
  accounts = await Accounts.open()
})

after(() => accounts.close())

function load(key: string | Buffer, extra: Partial<ApplicationTokenSettings> = {}): ApplicationTokens {
  writeFileSync(accounts.secretFile, key)
  return new ApplicationTokens(accounts.jwtSettings(extra), accounts.place.store, accounts.door.clock)
}

describe('a key of the application', () => {
  it('that can be guessed is refused at the start', () => {
    for (const secret of ['', 'short', 'x'.repeat(31), 'ab'.repeat(32)]) {
      assert.throws(() => load(secret), { reason: 'WeakKey' }, secret)
    }
    assert.doesNotThrow(() => load(SECRET))
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' })
    const key = { kind: 'public-key', from: accounts.secretFile } as const
    assert.throws(() => load(weak, { algorithm: 'RS256', key }), { reason: 'WeakKey' })
  })
})
