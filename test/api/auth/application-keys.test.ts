import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { SignJWT } from 'jose'

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

  it('that cannot be fetched is not held against the token', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256' }
    let answer: readonly [number, string] = [200, '']
    const server = createServer((_request, response) => response.writeHead(answer[0]).end(answer[1]))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    after(() => server.close())
    const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
    const sign = (key: KeyObject) =>
      new SignJWT({ username: 'admin', role: 'admin' })
        .setProtectedHeader({ alg: 'RS256', kid: '1' })
        .setIssuedAt(Math.floor(accounts.door.clock.nowMs() / 1000))
        .setExpirationTime(Math.floor(accounts.door.clock.nowMs() / 1000) + 60)
        .sign(key)
    const token = await sign(privateKey)
    const verify = (given: string) =>
      load(SECRET, { algorithm: 'RS256', key: { kind: 'jwks-url', from } }).verify(given)
    const text = JSON.stringify({ keys: [jwk] })
    for (const wrong of [
      [500, text],
      [200, 'no set'],
      [200, '{}'],
      [200, text + ' '.repeat(2 * 1024 * 1024)],
    ] as const) {
      answer = wrong
      await assert.rejects(verify(token), { reason: 'IdentityProviderUnavailable' }, wrong[1].slice(0, 20))
    }
    answer = [200, text]
    assert.equal((await verify(token)).name, 'admin')
    const stranger = await sign(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
    await assert.rejects(verify(stranger), { reason: 'Unauthorized' })
    server.close()
    server.closeAllConnections()
    await assert.rejects(verify(token), { reason: 'IdentityProviderUnavailable' })
  })
})
